"""Which of a room's instances holds the link to the hub: one of them at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hivemind_chatroom.room.model import HubStatus


class NotReadyError(Exception):
    """What was begun before has not ended yet, and might still write as if it were this."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What whoever leads does; called by one thread, which waits for them."""

    begin: Callable[[], None]
    """Called once it leads: the link may connect.

    Raises NotReadyError while the last one has not ended: the lead is to be left again.
    """
    end: Callable[[], None]
    """Called before another may lead: returns when nothing leaves any more.

    The link ends by itself then, at the latest when the database answers or is given up.
    """


class Lead(Protocol):
    """An instance's part in who leads; safe to call from any thread."""

    def start(self, duties: Duties) -> None:
        """Stand for the lead from now on; returns at once, and may call from another thread."""
        ...

    def stop(self) -> None:
        """Leave the lead, after its duties have ended, to whoever comes next."""
        ...

    def is_sure(self) -> bool:
        """Tell whether this instance leads, and nobody else can do so already; never waits."""
        ...

    def tell(self, status: HubStatus) -> None:
        """Have the others know how the hub stands, if this instance leads; never waits."""
        ...

    def told(self) -> HubStatus | None:
        """Return how the hub stands, as whoever leads has told; None where nobody has.

        Raises:
            StorageAwayError: Nothing is known.
        """
        ...

    def leader(self) -> str:
        """Return the computer of who leads, or led last; empty where nobody ever has.

        Raises:
            StorageAwayError: Nothing is known.
        """
        ...


class SoleLead:
    """The lead of a room that has one instance."""

    def __init__(self) -> None:
        """Lead from the start."""
        self._duties: Duties | None = None

    def start(self, duties: Duties) -> None:
        """Begin the duties."""
        self._duties = duties
        duties.begin()

    def stop(self) -> None:
        """End them; a second stop does nothing."""
        duties, self._duties = self._duties, None
        if duties:
            duties.end()

    def is_sure(self) -> bool:
        """Return True: there is nobody else."""
        return True

    def tell(self, status: HubStatus) -> None:
        """Do nothing: there is nobody else."""

    def told(self) -> HubStatus | None:
        """Return None: there is nobody else."""
        return None

    def leader(self) -> str:
        """Return nothing: there is nobody else."""
        return ""
