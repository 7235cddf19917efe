"""A tally: who has spoken, and what was asked and answered, as far as the log remembers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hivemind_chatroom.room.model import MemberId


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that was asked of the assistant."""

    asked_at: datetime
    """When it was asked last; aware."""
    is_answered: bool
    answered_at: datetime | None
    """When the last line of its answer came; None if none did, or it was played."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Somebody has said something."""

    by: MemberId
    at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the log holds of a stretch of time; private messages count as all others do."""

    spoken: tuple[Spoken, ...] = ()
    questions: tuple[Question, ...] = ()
