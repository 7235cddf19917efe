"""The terms of a room: the settings as its door, its people and its memory take them."""

from __future__ import annotations

import secrets
from typing import Final

from hivemind_chatroom.room.limits import JOIN_RATE, MEMBER_RATE
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.settings import CODE_DIGITS, MEMORY, Settings
from hivemind_chatroom.store.retention import Keep

OPEN: Final = "none"
"""The setting `code` of a room without one."""

MADE_AT_START: Final = "auto"
"""The setting `code` of a room that makes one at each start."""


def join_code(wanted: str) -> str:
    """Return the code that a setting means: made here, given, or empty for none."""
    if wanted == MADE_AT_START:
        return "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    return "" if wanted == OPEN else wanted


def rules_of(settings: Settings, code: str) -> RoomSettings:
    """Return what the settings say of the room, which has this code."""
    return RoomSettings(
        settings.room_name,
        code,
        keep_days=None if settings.database == MEMORY else settings.keep_days,
        members_max=settings.members_max,
        languages=settings.languages,
        paused=settings.paused,
        member_rate=MEMBER_RATE if settings.rate_limit else None,
        join_rate=JOIN_RATE if settings.rate_limit else None,
    )


def keep_of(settings: Settings) -> Keep:
    """Return how much of the log the settings keep."""
    return Keep(settings.keep_days, settings.keep_messages)
