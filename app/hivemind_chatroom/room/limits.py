"""How long and how fast: lengths and token buckets."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from hivemind_chatroom.errors import TooFastError
from hivemind_chatroom.room.ports import Clock

TEXT_MAX = 1_000
"""Characters in a message."""

CLIENT_ID_MAX = 64
"""Characters in a browser's mark of a message."""

SITE_MAX = 64
"""Characters in a site_id."""

BUCKETS_MAX = 10_000
"""Members or addresses remembered at once; the one longest untouched is forgotten."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, so many at once."""

    per_second: float
    burst: int


MEMBER_RATE = Rate(per_second=5, burst=20)
ADDRESS_RATE = Rate(per_second=300, burst=1_500)
JOIN_RATE = Rate(per_second=0.5, burst=60)
"""A school may sit behind one address: two classes come at once, ninety people in a minute. A
script could else take all the places of a room within seconds."""


class TokenBuckets:
    """A token bucket for each key; full ones cost nothing and old ones are forgotten."""

    def __init__(self, rate: Rate | None, clock: Clock) -> None:
        """Fill every bucket to `rate.burst` at first sight; without a rate they never empty."""
        self._rate = rate
        self._clock = clock
        self._lock = threading.Lock()
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Take one token from the bucket of `key`.

        Raises:
            TooFastError: The bucket is empty; the error says in how many seconds it is not.
        """
        if wait_s := self._wait_s(key):
            raise TooFastError("A little slower, please.", retry_after_s=wait_s)

    def allows(self, key: str) -> bool:
        """Take one token, and tell whether there was one."""
        return not self._wait_s(key)

    def give(self, key: str, tokens: int) -> None:
        """Put tokens into the bucket of `key`, which keeps no more of them than its burst."""
        if self._rate is None:
            return
        now = self._clock.monotonic()
        with self._lock:
            self._put(key, self._tokens(key, self._rate, now) + tokens, now)

    def _wait_s(self, key: str) -> float:
        """Take one token; if there is none, return in how many seconds there will be, else 0."""
        rate = self._rate
        if rate is None:
            return 0.0
        now = self._clock.monotonic()
        with self._lock:
            tokens = self._tokens(key, rate, now)
            allowed = tokens >= 1
            self._put(key, tokens - 1 if allowed else tokens, now)
        return 0.0 if allowed else (1 - tokens) / rate.per_second

    def _tokens(self, key: str, rate: Rate, now: float) -> float:
        """Take a bucket out, under the lock, and return what is in it by now."""
        tokens, at = self._filled.pop(key, (float(rate.burst), now))
        return min(rate.burst, tokens + (now - at) * rate.per_second)

    def _put(self, key: str, tokens: float, now: float) -> None:
        """Put a bucket back, under the lock."""
        self._filled[key] = (tokens, now)
        if len(self._filled) > BUCKETS_MAX:
            self._filled.popitem(last=False)
