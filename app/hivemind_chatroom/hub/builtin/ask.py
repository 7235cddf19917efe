"""What a member asks the built-in assistant, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from hivemind_chatroom.hub.builtin.phrases.book import Phrasebook

SessionId = NewType("SessionId", str)
"""The member's session as the hub knows it; opaque."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What the assistant knows of the member who asks."""

    session_id: SessionId
    now: datetime
    """The time where the member is, with its zone."""
    clock_hours: int = 24
    """24, or 12 for "8:14 PM"."""
    month_first: bool = False
    """Whether a date is written month first."""
    mark: str = ""
    """What the satellite knows this question by, in its own words."""
    is_private: bool = False
    """Whether the asker alone sees this question and its answer."""


@dataclass(frozen=True, slots=True)
class Media:
    """Something a browser can play."""

    title: str
    artist: str
    uri: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to the asker."""

    lines: tuple[str, ...]
    lang: str
    """BCP-47 tag of the language the lines are in."""
    expects_reply: bool = False
    """Whether the asker's next words answer this."""
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One question, made ready for the skills."""

    words: str
    """What was said, folded (`phrases/folding.py`)."""
    lang: str
    """BCP-47 tag of the language to answer in."""
    book: Phrasebook
    asker: Asker

    def answer(
        self, *lines: str, expects_reply: bool = False, media: Media | None = None
    ) -> Answer:
        """Answer in the asker's language."""
        return Answer(lines, self.lang, expects_reply, media)


Skill = Callable[[Ask], Answer | None]
"""Answers what it understands; None leaves the question to the next skill."""
