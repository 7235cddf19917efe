"""Tries: how often somebody may guess a code."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from hivemind_chatroom.errors import TooManyTriesError
from hivemind_chatroom.room.limits import BUCKETS_MAX
from hivemind_chatroom.room.ports import Clock

TRIES_MAX: Final = 5
"""Wrong codes from one address until it has to wait."""

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

    def judge(self, address: str, *, is_right: bool) -> int:
        """Count a try, and return how many wrong ones are left after it.

        Args:
            address: The network address that it came from.
            is_right: Whether the code was right; such a one costs nothing.

        Raises:
            TooManyTriesError: This address has missed too often; even a right code must wait.
        """
        now = self._clock.monotonic()
        with self._lock:
            misses = self._misses.get(address)
            if misses is None or now - misses.last_at >= PAUSE_S:
                misses = _Misses(0, now)
            if misses.count >= TRIES_MAX:
                raise TooManyTriesError(
                    "Too many tries. Wait a minute.", misses.last_at + PAUSE_S - now
                )
            if not is_right:
                misses = _Misses(misses.count + 1, now)
                self._misses[address] = misses
                self._misses.move_to_end(address)
                if len(self._misses) > BUCKETS_MAX:
                    self._misses.popitem(last=False)
        return TRIES_MAX - misses.count
