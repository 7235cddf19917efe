"""What the assistant remembers of a member for a while, never of more members than it may."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from hivemind_chatroom.hub.builtin.ask import Asker, SessionId

T = TypeVar("T")


class Sessions(Generic[T]):
    """One value for each session; old ones, and those over the limit, are forgotten.

    What was set by a private question is known to private ones alone: the answer to any other is
    read by the whole room. A private one knows both, and means the newer.
    """

    def __init__(self, capacity: int, keep_for: timedelta) -> None:
        """Set the limits.

        Args:
            capacity: how many values are remembered; the one longest untouched goes first.
            keep_for: how long a value is remembered after it was set.
        """
        self._capacity = capacity
        self._keep_for = keep_for
        self._values: OrderedDict[tuple[SessionId, bool], tuple[datetime, T]] = OrderedDict()
        """In the order in which they were set, by session and whether that was in private."""

    def get(self, asker: Asker) -> T | None:
        """Recall what was set for this session, unless that was too long ago."""
        known = [self._values[place] for place in _places(asker) if place in self._values]
        if not known:
            return None
        set_at, value = max(known, key=lambda each: each[0])
        if asker.now - set_at > self._keep_for:
            self.forget(asker)
            return None
        return value

    def set(self, asker: Asker, value: T) -> None:
        """Remember a value for this session from now on."""
        place = (asker.session_id, asker.is_private)
        self._values[place] = (asker.now, value)
        self._values.move_to_end(place)
        if len(self._values) > self._capacity:
            self._values.popitem(last=False)

    def forget(self, asker: Asker) -> None:
        """Forget what this asker would recall, if anything."""
        for place in _places(asker):
            self._values.pop(place, None)


def _places(asker: Asker) -> Iterator[tuple[SessionId, bool]]:
    """Name the places that an asker may know of; the one that values are set at comes first."""
    if asker.is_private:
        yield asker.session_id, True
    yield asker.session_id, False
