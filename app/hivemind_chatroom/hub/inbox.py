"""What waits for the link's thread."""

from __future__ import annotations

import threading
from collections import deque

from hivemind_chatroom.hub.events import FromConnection, LinkEvent

REPORTS_MAX = 1_000
"""Reports of a connection that may wait; at the next one its thread waits, and so does the hub."""


class Inbox:
    """Events for one thread, from the connection that counts and from everybody else.

    Reports carry the number of their connection: what an old one still says is thrown away.
    """

    def __init__(self) -> None:
        """Begin empty, before the first connection."""
        self._changed = threading.Condition()
        self._reports: deque[FromConnection] = deque()
        self._posted: deque[LinkEvent] = deque()
        self._is_nudged = False
        self._connection = 0

    def next_connection(self) -> int:
        """Forget the old connection's reports, and return the number of the next one."""
        with self._changed:
            self._connection += 1
            self._reports.clear()
            self._changed.notify_all()
            return self._connection

    def report(self, connection: int, event: FromConnection) -> None:
        """Put a connection's report, and wait for room while too many wait; for its thread."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._reports) < REPORTS_MAX)
            if connection == self._connection:
                self._reports.append(event)
                self._changed.notify_all()

    def post(self, event: LinkEvent) -> None:
        """Put an event that goes before all reports; never waits."""
        with self._changed:
            self._posted.append(event)
            self._changed.notify_all()

    def nudge(self) -> None:
        """Wake the thread without an event; never waits."""
        with self._changed:
            self._is_nudged = True
            self._changed.notify_all()

    def take(self, timeout_s: float | None) -> LinkEvent | FromConnection | None:
        """Return the next event, None after a nudge or `timeout_s` seconds without any."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._posted or self._reports or self._is_nudged, timeout_s
            )
            self._is_nudged = False
            waiting = self._posted or self._reports
            if not waiting:
                return None
            self._changed.notify_all()
            return waiting.popleft()
