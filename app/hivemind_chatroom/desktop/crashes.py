"""How often a page that crashes is loaded again."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

RELOADS: Final = 3
WITHIN_S: Final = 60.0
"""A page that crashes more often than that, in seconds, would crash for ever."""


class Crashes:
    """Counts the crashes of one page."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Have seen none; `now` is in seconds."""
        self._now = now
        self._seen: deque[float] = deque(maxlen=RELOADS + 1)

    def may_reload(self) -> bool:
        """Note a crash; return whether the page shall be loaded again."""
        self._seen.append(self._now())
        return len(self._seen) <= RELOADS or self._seen[-1] - self._seen[0] > WITHIN_S
