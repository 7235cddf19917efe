"""The rules of the room: what the operator decides about it, at the start and while it is open."""

from __future__ import annotations

from dataclasses import dataclass

from hivemind_chatroom.room.limits import JOIN_RATE, MEMBER_RATE, Rate

MEMBERS_MAX = 1_000
"""People at a time: as many as the room is tested with, so that none is sent away for nothing."""


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """What the operator decided about the room."""

    name: str = "HiveMind Chatroom"
    code: str = ""
    """The join code; empty leaves the room open."""
    lang: str = "en"
    """Whoever names none speaks this one."""
    keep_days: int | None = None
    """How long messages are kept; None for as long as the room is open."""
    members_max: int = MEMBERS_MAX
    """How many people are let in at a time; who is in already comes back all the same."""
    languages: tuple[str, ...] = ()
    """BCP-47 tags that the page offers; empty for as many as it knows."""
    paused: bool = False
    """Nobody may write; everybody may read."""
    member_rate: Rate | None = MEMBER_RATE
    """How fast one member may post; None for as fast as they can. As it was at the start."""
    join_rate: Rate | None = JOIN_RATE
    """How fast people may join from one address; None for as fast as they can. As above."""
