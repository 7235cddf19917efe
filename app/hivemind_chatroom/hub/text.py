"""Text from the hub, which may be anything of any length."""

from __future__ import annotations

from hivemind_chatroom.room.text import clean_text


def clean(value: object, length: int) -> str:
    """Return a value as `clean_text` does, not longer than `length`; empty when it is no text."""
    if not isinstance(value, str):
        return ""
    return clean_text(value[: length * 2])[:length].rstrip()
