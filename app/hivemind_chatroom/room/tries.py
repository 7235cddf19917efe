"""Tries: how often somebody may guess a code."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Final

from hivemind_chatroom.errors import TooManyTriesError
from hivemind_chatroom.room.limits import BUCKETS_MAX
from hivemind_chatroom.room.ports import Clock

TRIES_MAX: Final = 5
"""Wrong codes from one address until it has to wait."""

ALL_TRIES_MAX: Final = 100
"""Wrong codes within `PAUSE_S` from all addresses together, until all have to wait: a device may
take many addresses, and would otherwise have tried all codes of six digits within hours."""

PAUSE_S: Final = 60.0
"""How long it waits, and after how long without a wrong one all are forgotten; never a ban for
good."""


@dataclass(frozen=True, slots=True)
class _Misses:
    count: int
    last_at: float
    """On the monotonic clock."""


class Tries:
    """Counts wrong codes by address; safe to call from any thread."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nobody having missed."""
        self._clock = clock
        self._lock = threading.Lock()
        self._misses: OrderedDict[str, _Misses] = OrderedDict()
        self._all_at: deque[float] = deque(maxlen=ALL_TRIES_MAX)
        """When the newest misses were, from wherever."""

    def judge(self, address: str, *, is_right: bool) -> int:
        """Count a try, and return how many wrong ones are left after it.

        Args:
            address: The network address that it came from.
            is_right: Whether the code was right; such a one costs nothing.

        Returns:
            0 also if this was the wrong one after which all together have to wait.

        Raises:
            TooManyTriesError: This address has missed too often, or all together have; even a
                right code must wait.
        """
        now = self._clock.monotonic()
        with self._lock:
            misses = self._fresh(address, now)
            wait_s = self._wait_s(misses, now)
            if wait_s > 0:
                raise TooManyTriesError("Too many tries. Wait a minute.", wait_s)
            if not is_right:
                misses = _Misses(misses.count + 1, now)
                self._note(address, misses)
            return 0 if self._wait_s(misses, now) else TRIES_MAX - misses.count

    def wait_s(self, address: str) -> float:
        """Return how long an address has to wait, in seconds; 0 if it may try."""
        now = self._clock.monotonic()
        with self._lock:
            return self._wait_s(self._fresh(address, now), now)

    def pauses(self) -> list[float]:
        """Return how long, in seconds, each address has to wait that has to."""
        now = self._clock.monotonic()
        with self._lock:
            fresh = [each for each in self._misses.values() if now - each.last_at < PAUSE_S]
            pauses = [self._wait_s(misses, now) for misses in fresh]
        return [pause_s for pause_s in pauses if pause_s > 0]

    def forget(self) -> None:
        """Begin anew: nobody has missed."""
        with self._lock:
            self._misses.clear()
            self._all_at.clear()

    def _fresh(self, address: str, now: float) -> _Misses:
        misses = self._misses.get(address)
        return misses if misses and now - misses.last_at < PAUSE_S else _Misses(0, now)

    def _wait_s(self, misses: _Misses, now: float) -> float:
        return max(_pause_s(misses, now), self._pause_of_all_s(now))

    def _note(self, address: str, misses: _Misses) -> None:
        self._all_at.append(misses.last_at)
        self._misses[address] = misses
        self._misses.move_to_end(address)
        if len(self._misses) > BUCKETS_MAX:
            self._misses.popitem(last=False)

    def _pause_of_all_s(self, now: float) -> float:
        if len(self._all_at) < ALL_TRIES_MAX:
            return 0.0
        return max(0.0, self._all_at[0] + PAUSE_S - now)


def _pause_s(misses: _Misses, now: float) -> float:
    if misses.count < TRIES_MAX:
        return 0.0
    return max(0.0, misses.last_at + PAUSE_S - now)
