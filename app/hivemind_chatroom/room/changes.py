"""What other instances of the same room do, as the store they share tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hivemind_chatroom.room.model import Message, MessageId


class ChangeKind(StrEnum):
    """What to read anew."""

    MESSAGE = "message"
    """How far an utterance has come; the subject is the message's number."""
    REMOVED = "removed"
    """A message is gone; the subject is its number, and its only reader if it was private."""
    FORGOTTEN = "forgotten"
    """All messages up to the subject are gone at once."""
    MEMBER = "member"
    """One came, is called otherwise, was ruled about, or is gone; the subject is the id."""
    PRESENCE = "presence"
    """A member's first page was opened or the last one closed at one of the instances."""
    DEVICE_CODE = "device_code"
    """A code has ended; the subject is its member's id, and whether it was used or is void."""
    SETTING = "setting"
    """The host has decided something about the room; the subject is its name."""
    HUB = "hub"
    """The hub stands otherwise."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that another instance did, other than by a new message."""

    kind: ChangeKind
    subject: str


@dataclass(frozen=True, slots=True)
class News:
    """What there is, read in one look."""

    messages: tuple[Message, ...]
    """Those after the number that was asked for, in their order, whoever kept them."""
    last_id: MessageId
    """Up to here every number is in `messages`, or gone."""
    changes: tuple[Change, ...]
    """What others did, in order."""
    change_id: int
    """Up to where `changes` tells of everything."""
    is_more: bool = False
    """There is more than one look reads."""
    is_alone: bool = True
    """No other instance has said lately that it runs."""
    is_all: bool = True
    """False: older changes are forgotten, so everything must be read anew."""


class Hints(Protocol):
    """What calls when there may be news, from its start to its stop."""

    def start(self) -> None:
        """Begin; returns at once."""

    def stop(self) -> None:
        """End it, or let go of what it holds if it was never started."""


class Changes(Protocol):
    """What a store tells of other instances; safe to call from any thread."""

    @property
    def instance(self) -> str:
        """What tells this run from the others; random, another one for each run."""
        ...

    def change_id(self) -> int:
        """Return up to where there are changes now.

        Raises:
            StorageAwayError: Nothing is known.
        """
        ...

    def news(self, after: MessageId, change_id: int) -> News:
        """Read what came after a message and a change.

        Raises:
            StorageAwayError: Nothing is known.
        """
        ...

    def hints(self, tell: Callable[[], None]) -> Hints:
        """Make what calls `tell` when there may be news, on a thread of its own."""
        ...
