"""Whether phones can reach this room: who has come, and if nobody has, what may be the reason."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

from hivemind_chatroom.lan.addresses import Here
from hivemind_chatroom.room.operating import Hint
from hivemind_chatroom.room.ports import Clock

ALONE_S: Final = 300.0
"""Seconds without a visitor until it is likely that none can come."""

_FRESH_S: Final = 10.0
"""How long a suspicion is good for, in seconds: the host may be mending it."""


class Reach:
    """Counts the time without visitors, and looks for reasons; safe from any thread."""

    def __init__(
        self,
        here: Here,
        clock: Clock,
        look: Callable[[], Sequence[Hint]],
        on_first_visit: Callable[[], None],
    ) -> None:
        """Begin to wait for a visitor.

        Args:
            here: Knows visitors from this computer itself.
            clock: Both clocks.
            look: Returns what may keep phones out; takes milliseconds.
            on_first_visit: Called when somebody comes for the first time; never waits.
        """
        self._here = here
        self._clock = clock
        self._look = look
        self._on_first_visit = on_first_visit
        self._since = clock.monotonic()
        self._has_come = False
        self._looking = threading.Lock()
        self._found: tuple[Hint, ...] = ()
        self._until = float("-inf")

    def note_visit(self, address: str) -> None:
        """Note that a request came from an address; one of this computer's is no visit."""
        self._here.note_visit(address)
        if not self._has_come and self._here.visited_at is not None:
            self._has_come = True
            self._on_first_visit()

    def due_in_s(self) -> float | None:
        """Return in how many seconds there will be hints; None if there are, or may never be."""
        left_s = self._since + ALONE_S - self._clock.monotonic()
        return None if self._has_come or left_s <= 0 else left_s

    def hints(self) -> tuple[Hint, ...]:
        """Return what may keep phones out; nothing before there is a reason to ask."""
        is_lonely = not self._has_come and self.due_in_s() is None
        if not is_lonely or self._here.is_local or not self._here.addresses().interfaces:
            return ()
        now = self._clock.monotonic()
        with self._looking:
            if now >= self._until:
                self._found, self._until = tuple(self._look()), now + _FRESH_S
            return self._found
