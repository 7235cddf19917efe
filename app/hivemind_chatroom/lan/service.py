"""What is announced on a LAN: one service at one address (DNS-SD, RFC 6763)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

WEB: Final = "_http._tcp.local."
"""What any browser of services lists. HiveMind hubs announce themselves as this, too."""

CHATROOM: Final = "_hivemind-chat._tcp.local."
"""Our own: by this, one room finds another."""

_LABEL_BYTES: Final = 63
"""RFC 1035, 2.3.4."""

_TEXT_BYTES: Final = 150
"""Of one value; all of a TXT record shall stay below 400."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service, as it is announced or as it was found."""

    type: str
    """With its domain and a final dot."""
    label: str
    """What tells it from others of its type, for people."""
    host: str
    """The name of the computer that offers it, without a final dot."""
    port: int
    addresses: tuple[str, ...] = ()
    text: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The whole name, with a final dot."""
        return f"{self.label}.{self.type}"


def label_of(text: str, suffix: str = "") -> str:
    """Return a text as the label of a service, cut to what a label may have.

    A dot would begin another label: programs that forget to mask it find nothing.

    Args:
        text: Anything.
        suffix: What stays behind it whole.
    """
    plain = " ".join(
        "".join(" " if char == "." or not char.isprintable() else char for char in text).split()
    )
    return f"{_cut(plain, _LABEL_BYTES - len(suffix.encode()))}{suffix}"


def text_value(text: str) -> str:
    """Return a text as the value of an entry of a TXT record, cut to a size that is read by all."""
    return _cut(unicodedata.normalize("NFC", text), _TEXT_BYTES)


def _cut(text: str, most_bytes: int) -> str:
    return text.encode("utf-8", "replace")[:most_bytes].decode("utf-8", "ignore").strip()
