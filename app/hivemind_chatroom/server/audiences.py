"""Audiences: whose streams are open, and word of who came and who left."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from hivemind_chatroom.errors import traced
from hivemind_chatroom.server.follower import Follower
from hivemind_chatroom.server.run import Audience

OnChange = Callable[[Audience, bool], None]

_log = logging.getLogger(__name__)


class Audiences:
    """The followers of each audience; changed by the stream thread, read by any."""

    def __init__(self, on_change: OnChange | None) -> None:
        """Begin with nobody; `on_change` is told (audience, whether it is here now)."""
        self._on_change = on_change
        self._lock = threading.Lock()
        self._followers: dict[Audience, set[Follower]] = {}

    def present(self) -> frozenset[Audience]:
        """Return the audiences with at least one follower."""
        with self._lock:
            return frozenset(self._followers)

    def of(self, audience: Audience) -> list[Follower]:
        """Return the followers of one audience."""
        return [*self._followers.get(audience, ())]

    def arrive(self, follower: Follower) -> None:
        """Add a follower to its audience, if it has one."""
        audience = follower.audience
        if audience is None:
            return
        with self._lock:
            is_first = audience not in self._followers
            self._followers.setdefault(audience, set()).add(follower)
        if is_first:
            self._tell(audience, present=True)

    def depart(self, follower: Follower) -> None:
        """Take a follower out of its audience, if it has one."""
        audience = follower.audience
        if audience is None:
            return
        with self._lock:
            self._followers[audience].remove(follower)
            is_last = not self._followers[audience]
            if is_last:
                del self._followers[audience]
        if is_last:
            self._tell(audience, present=False)

    def hush(self) -> None:
        """Tell nobody from now on: the streams close because the room does."""
        self._on_change = None

    def _tell(self, audience: Audience, *, present: bool) -> None:
        if self._on_change is None:
            return
        try:
            self._on_change(audience, present)
        except Exception as error:  # noqa: BLE001 - the stream thread goes on
            _log.error("who is told of audiences failed: %s", traced(error))
