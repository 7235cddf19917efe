"""What waits for the link's thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from itertools import islice, takewhile

from hivemind_chatroom.hub.events import Arrived, FromConnection, LinkEvent

REPORTS_MAX = 1_000
"""Reports of a connection that may wait; at the next one its thread waits, and so does the hub."""

TAKEN_AT_ONCE = 50
"""Messages of the hub that are taken in one go, so that they can be kept in one go."""

REPORTS_MAX_BYTES = 256 * 1024
"""The same in what the hub's messages had on their way; JSON can become twenty times as much."""


class Inbox:
    """Events for one thread, from the connection that counts and from everybody else.

    Reports carry the number of their connection: what an old one still says is thrown away.
    """

    def __init__(self) -> None:
        """Begin empty, before the first connection."""
        self._changed = threading.Condition()
        self._reports: deque[FromConnection] = deque()
        self._reports_bytes = 0
        self._posted: deque[LinkEvent] = deque()
        self._is_nudged = False
        self._connection = 0

    def next_connection(self) -> int:
        """Forget the old connection's reports, and return the number of the next one."""
        with self._changed:
            self._connection += 1
            self._reports.clear()
            self._reports_bytes = 0
            self._changed.notify_all()
            return self._connection

    def report(self, connection: int, event: FromConnection) -> None:
        """Put a connection's report, and wait for room while too many wait; for its thread."""
        with self._changed:
            self._changed.wait_for(self._has_room)
            if connection == self._connection:
                self._reports.append(event)
                self._reports_bytes += _size_of(event)
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

    def take(self, timeout_s: float | None) -> Sequence[LinkEvent | FromConnection]:
        """Return the next event, or the messages of the hub that come next.

        Returns:
            Nothing after a nudge, or after `timeout_s` seconds without any.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._posted or self._reports or self._is_nudged, timeout_s
            )
            self._is_nudged = False
            if self._posted:
                return [self._posted.popleft()]
            if not self._reports:
                return []
            taken = self._next_reports()
            self._changed.notify_all()
            return taken

    def _next_reports(self) -> Sequence[FromConnection]:
        arrived = [*islice(takewhile(_is_message, self._reports), TAKEN_AT_ONCE)]
        taken = arrived or [self._reports[0]]
        for report in taken:
            self._reports.popleft()
            self._reports_bytes -= _size_of(report)
        return taken

    def _has_room(self) -> bool:
        return len(self._reports) < REPORTS_MAX and self._reports_bytes < REPORTS_MAX_BYTES


def _is_message(report: FromConnection) -> bool:
    return isinstance(report, Arrived)


def _size_of(report: FromConnection) -> int:
    return report.size if isinstance(report, Arrived) else 0
