"""What was said as it may stand in a file that people open."""

from __future__ import annotations

from datetime import tzinfo

from hivemind_chatroom.room.model import Message

_UNSEEN = "\N{REPLACEMENT CHARACTER}"

_CONTROLS = {
    number: _UNSEEN for number in (*range(0x20), *range(0x7F, 0xA0)) if chr(number) not in "\n\t"
}
"""What would steer a terminal or isn't allowed in HTML (WHATWG HTML, 13.1.2.6)."""


def plain(text: str) -> str:
    """Return a text without control characters; of the ends of lines, only line feeds are left."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


def when_of(message: Message, zone: tzinfo | None) -> tuple[str, str]:
    """Return the day and the time of a message, as clocks in `zone` showed it."""
    moment = message.draft.sent_at.astimezone(zone)
    return moment.date().isoformat(), f"{moment:%H:%M}"
