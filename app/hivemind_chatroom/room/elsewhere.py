"""Elsewhere: who has a page open at other instances, as the store they share passes it on."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Protocol

from hivemind_chatroom.room.model import MemberId


class Rounds(Protocol):
    """What calls every few seconds and when it is woken, from its start to its stop."""

    def start(self) -> None:
        """Begin; returns at once."""
        ...

    def stop(self) -> None:
        """End it, and have the others told that nobody is here any more."""
        ...

    def wake(self) -> None:
        """Have it call at once; never waits."""
        ...


class Elsewhere(Protocol):
    """What instances tell each other of who is present; safe to call from any thread."""

    def exchange(self, here: AbstractSet[MemberId]) -> AbstractSet[MemberId]:
        """Say who is here, and return who is at an instance that has said so lately.

        Raises:
            StorageAwayError: Nothing is known.
        """
        ...

    def rounds(self, go: Callable[[], None]) -> Rounds:
        """Make what calls `go` often enough for us not to count as gone, on its own thread."""
        ...
