"""The allowance: how much of their answers we keep for clients that are slow to take them."""

from __future__ import annotations

import threading
from collections import Counter


class Allowance:
    """Bytes that are held for clients, by their addresses; any thread may call."""

    def __init__(self, overall: int, per_address: int) -> None:
        """Begin with nothing held.

        Args:
            overall: The most bytes held for all clients together.
            per_address: The most bytes held for those of one address.
        """
        self._overall = overall
        self._per_address = per_address
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()

    def take(self, address: str, size: int) -> bool:
        """Let `size` bytes be held for an address, if that isn't too much.

        Who holds nothing yet may hold anything: an answer that is larger than the bounds has been
        made by the app already, and shall arrive where it is the only one.
        """
        with self._lock:
            mine, overall = self._held[address], self._held.total()
            is_too_much = (mine and mine + size > self._per_address) or (
                overall and overall + size > self._overall
            )
            if not is_too_much:
                self._held[address] += size
            elif not mine:
                del self._held[address]
        return not is_too_much

    def give_back(self, address: str, size: int) -> None:
        """Say that `size` bytes are held no more."""
        with self._lock:
            self._held[address] -= size
            if not self._held[address]:
                del self._held[address]
