"""What the assistant remembers of a member for a while, never of more members than it may."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from hivemind_chatroom.hub.builtin.ask import Asker, SessionId

T = TypeVar("T")


class Sessions(Generic[T]):
    """One value for each session; old ones, and those over the limit, are forgotten."""

    def __init__(self, capacity: int, keep_for: timedelta) -> None:
        """Set the limits.

        Args:
            capacity: how many sessions are remembered; the one longest untouched goes first.
            keep_for: how long a value is remembered after it was set.
        """
        self._capacity = capacity
        self._keep_for = keep_for
        self._values: OrderedDict[SessionId, tuple[datetime, T]] = OrderedDict()

    def get(self, asker: Asker) -> T | None:
        """Recall what was set for this session, unless that was too long ago."""
        set_at, value = self._values.get(asker.session_id, (None, None))
        if set_at is None or asker.now - set_at > self._keep_for:
            self.forget(asker)
            return None
        return value

    def set(self, asker: Asker, value: T) -> None:
        """Remember a value for this session from now on."""
        self._values[asker.session_id] = (asker.now, value)
        self._values.move_to_end(asker.session_id)
        if len(self._values) > self._capacity:
            self._values.popitem(last=False)

    def forget(self, asker: Asker) -> None:
        """Forget what was set for this session, if anything was."""
        self._values.pop(asker.session_id, None)

    def __len__(self) -> int:
        return len(self._values)
