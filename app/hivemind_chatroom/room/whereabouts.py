"""Whereabouts: who has a page open at which instance of the room, where there are several."""

from __future__ import annotations

import threading

from hivemind_chatroom.room.elsewhere import Elsewhere
from hivemind_chatroom.room.people import People


class Whereabouts:
    """Tells other instances who is here, and the people who is there; any thread may call."""

    def __init__(self, elsewhere: Elsewhere | None, people: People) -> None:
        """Begin with nobody elsewhere.

        Args:
            elsewhere: Where it is told; None where there can't be other instances.
            people: Who is here, and who want to know.
        """
        self._elsewhere = elsewhere
        self._people = people
        self._exchanging = threading.Lock()
        """Held until the people know: of two answers the newer one must be the last."""
        self.rounds = elsewhere.rounds(self.exchange) if elsewhere else None
        """What does it in time; None where there is nobody to tell."""

    def wake(self) -> None:
        """Have others told soon of who is here, and those here of others; never waits."""
        if self.rounds:
            self.rounds.wake()

    def exchange(self) -> None:
        """Tell others who is here, and those here who is elsewhere.

        What was in doubt while the book was away is made sure of, too.

        Raises:
            StorageAwayError: Nothing is known; who was elsewhere is for now.
        """
        if self._elsewhere is None:
            return
        with self._exchanging:
            self._people.set_elsewhere(
                self._elsewhere.exchange(self._people.members.present.here())
            )
        self._people.members.make_sure()
