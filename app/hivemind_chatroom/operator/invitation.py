"""The invitation: the room's address with its code, for eyes and for cameras."""

from __future__ import annotations

import io
from typing import Final

from hivemind_chatroom.operator.ports import Json, Place
from hivemind_chatroom.room.operating import LanStanding

_QUIET_ZONE: Final = 4
"""Modules of white around the code (ISO/IEC 18004)."""

_ERRORS: Final = "m"
"""A seventh of it may be hidden by a magnet on the fridge."""


def invitation(place: Place, lan: LanStanding, code: str) -> Json:
    """Return what /api/invite answers.

    The QR has an address of numbers: phones that know no `.local` names can't read a better one.

    Args:
        place: Where the room is.
        lan: How this computer stands on the LAN.
        code: The room's, empty if it is open.
    """
    is_on_lan = place.lan_url is not None
    addresses = [place.url_of(each) for each in lan.addresses] if is_on_lan else []
    base = place.lan_url or place.url
    url = f"{base}/j/{code}" if code else f"{base}/"
    return {
        "url": url,
        "addresses": addresses or [base],
        "name_url": place.url_of(lan.name) if lan.name and is_on_lan else None,
        "code": code,
        "qr_svg": qr_svg(url),
    }


def qr_svg(text: str) -> str:
    """Return a text as a QR code, black on white whatever it is shown on."""
    import segno  # noqa: PLC0415 - the page is served before anybody is invited

    drawn = io.BytesIO()
    segno.make(text, error=_ERRORS, micro=False).save(
        drawn, kind="svg", border=_QUIET_ZONE, light="#fff", xmldecl=False, omitsize=True
    )
    return drawn.getvalue().decode("utf-8").strip()
