"""The invitation: the room's address and code for eyes, and what cameras read."""

from __future__ import annotations

import io
import re
from typing import Final

from hivemind_chatroom.operator.ports import Json, Place
from hivemind_chatroom.room.door import Door
from hivemind_chatroom.room.operating import LanStanding

_MECARD_SIGNS: Final = re.compile(r'[\\;,:"]')

_QUIET_ZONE: Final = 4
"""Modules of white around the code (ISO/IEC 18004)."""

_ERRORS: Final = "m"
"""A seventh of it may be hidden by a magnet on the fridge."""


def invitation(place: Place, lan: LanStanding, door: Door) -> Json:
    """Return what /api/invite answers.

    The QR has an address of numbers, as phones that know no `.local` names can't read a better one,
    and the invitation: whoever scans it is let in also while typed codes have to wait. Where a
    proxy lets people in, that place alone is told: the others may lead nowhere, as in a container.

    Args:
        place: Where the room is.
        lan: How this computer stands on the LAN.
        door: The room's.
    """
    base, addresses, name_url = _ways(place, lan)
    carried = door.invitation
    url = f"{base}/j/{carried}" if carried else f"{base}/"
    return {
        "url": url,
        "addresses": addresses,
        "name_url": name_url,
        "code": door.code,
        "qr_svg": qr_svg(url),
    }


def _ways(place: Place, lan: LanStanding) -> tuple[str, list[str], str | None]:
    """Return where a QR code leads, what people may type, and where the room's name leads."""
    if place.public_url:
        return place.public_url, [place.public_url], None
    if place.lan_url is None:
        return place.url, [place.url], None
    addresses = [place.url_of(each) for each in lan.addresses]
    return place.lan_url, addresses or [place.lan_url], lan.name and place.url_of(lan.name)


def wifi(name: str, password: str) -> str:
    """Return what takes a phone into a Wi-Fi when its camera reads it.

    Args:
        name: Of the network (SSID).
        password: Its WPA passphrase; empty for a network without one.
    """
    kind = "WPA" if password else "nopass"
    secret = f"P:{_escaped(password)};" if password else ""
    return f"WIFI:T:{kind};S:{_escaped(name)};{secret};"


def _escaped(value: str) -> str:
    """Return a value as MECARD, whose syntax this is, wants it (ZXing, "Barcode Contents")."""
    return _MECARD_SIGNS.sub(r"\\\g<0>", value)


def qr_svg(text: str) -> str:
    """Return a text as a QR code, black on white whatever it is shown on."""
    import segno  # noqa: PLC0415 - the page is served before anybody is invited

    drawn = io.BytesIO()
    # UTF-8 is what cameras expect, whatever letters there are (segno would take Latin-1 for some).
    segno.make(text, error=_ERRORS, micro=False, encoding=None if text.isascii() else "utf-8").save(
        drawn, kind="svg", border=_QUIET_ZONE, light="#fff", xmldecl=False, omitsize=True
    )
    return drawn.getvalue().decode("utf-8").strip()
