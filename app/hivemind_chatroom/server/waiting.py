"""Who waits, and until when."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Waiting(Generic[T]):
    """Those who wait, each for as long as it may; used by one thread at a time.

    There are few different patiences, and among those of one the first to come is the first whose
    time is up: nothing is sorted, however many wait.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody.

        Args:
            now: Tells the seconds on a clock that never goes back.
        """
        self._now = now
        self._queues: dict[float, dict[T, float]] = {}
        """By patience: who, until when, in the order of their coming."""

    def now(self) -> float:
        """Return what the clock says; any thread may ask."""
        return self._now()

    def add(self, one: T, patience_s: float, since: float | None = None) -> None:
        """Let somebody wait from now on, also who has waited before.

        Args:
            one: Who.
            patience_s: For how many seconds; one of few numbers.
            since: When the wait began, no earlier than those of others with this patience; None
                for now.
        """
        self.remove(one)
        begun = self._now() if since is None else since
        self._queues.setdefault(patience_s, {})[one] = begun + patience_s

    def remove(self, one: T) -> None:
        """Let somebody wait no more; who does not wait is no news."""
        for queue in self._queues.values():
            queue.pop(one, None)

    def everybody(self) -> list[T]:
        """Return who waits."""
        return [one for queue in self._queues.values() for one in queue]

    def next_in_s(self) -> float | None:
        """Return in how many seconds somebody's time is up; None when nobody waits."""
        dues = [next(iter(queue.values())) for queue in self._queues.values() if queue]
        return max(0.0, min(dues) - self._now()) if dues else None

    def take_overdue(self) -> Iterator[T]:
        """Take those out whose time is up, one after the other; nobody may be added meanwhile."""
        now = self._now()
        for queue in self._queues.values():
            while queue and next(iter(queue.values())) <= now:
                one = next(iter(queue))
                del queue[one]
                yield one
