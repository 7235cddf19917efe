"""The crowd: how many connections are open, and whose they are."""

from __future__ import annotations

import threading
from collections import Counter

from hivemind_chatroom.server.limits import Limits, sockets_at_most


class Crowd:
    """Counts connections by address; any thread may call."""

    def __init__(self, limits: Limits) -> None:
        """Begin with nobody.

        Args:
            limits: How many there may be at all, and of one address; proxies may have them all.
        """
        self._limits = limits
        self._most = sockets_at_most(limits.connections)
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def admit(self, address: str) -> bool:
        """Count a newcomer in, unless there are too many, of this address or at all."""
        with self._lock:
            is_welcome = self._counts.total() < self._most and self._may_have_more(address)
            if is_welcome:
                self._counts[address] += 1
            return is_welcome

    def leave(self, address: str) -> None:
        """Count one out that was admitted."""
        with self._lock:
            self._counts[address] -= 1
            if not self._counts[address]:
                del self._counts[address]

    def count(self) -> int:
        """Return how many are open."""
        with self._lock:
            return self._counts.total()

    def who_makes_room(self, address: str) -> str | None:
        """Return the address that has the most, when all are taken and a newcomer has fewer.

        Else a handful of addresses that say nothing would keep everybody else out.

        Args:
            address: The newcomer's.

        Returns:
            None when there is nobody to make room, or none is needed; never a proxy, which stands
            for many people.
        """
        with self._lock:
            if self._counts.total() < self._most or not self._may_have_more(address):
                return None
            for other, count in self._counts.most_common():
                if not self._limits.proxies.trust(other):
                    return other if count > self._counts[address] + 1 else None
            return None

    def _may_have_more(self, address: str) -> bool:
        is_below = self._counts[address] < self._limits.connections_per_address
        return is_below or self._limits.proxies.trust(address)
