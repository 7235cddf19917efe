"""The workers: the threads that run the app, each with one connection at a time."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from hivemind_chatroom.errors import traced
from hivemind_chatroom.server.connection import Connection

_log = logging.getLogger(__name__)


class Workers:
    """A fixed number of threads and the connections that wait for one."""

    def __init__(self, name: str, threads: int, done: Callable[[Connection, bool], None]) -> None:
        """Prepare the threads `name`-1, `name`-2 and so on.

        Args:
            name: What the threads are called.
            threads: How many there are.
            done: Takes a connection back, and whether there may be another request on it.
        """
        self._done = done
        self._waiting: queue.SimpleQueue[Connection | None] = queue.SimpleQueue()
        self._serving: dict[str, Connection] = {}
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True)
            for number in range(1, threads + 1)
        ]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def serve(self, connection: Connection) -> None:
        """Let the next free thread answer one request; does not wait."""
        self._waiting.put(connection)

    def stop(self, timeout_s: float) -> None:
        """Finish the requests that are under way, and cut off those that take too long.

        Args:
            timeout_s: Seconds to wait for all of them together.
        """
        deadline = time.monotonic() + timeout_s
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, deadline - time.monotonic()))
        for connection in [*self._serving.values()]:
            _log.warning("a request was cut off after %.1f s", timeout_s)
            connection.cut()

    def _run(self) -> None:
        name = threading.current_thread().name
        while (connection := self._waiting.get()) is not None:
            self._serving[name] = connection
            keep = False
            try:
                keep = connection.communicate()
            except Exception as error:  # noqa: BLE001 - a thread loop logs and goes on
                _log.error("a connection failed: %s", traced(error))
            del self._serving[name]
            try:
                self._done(connection, keep)
            except Exception as error:  # noqa: BLE001 - a thread loop logs and goes on
                _log.error("a connection was lost: %s", traced(error))
                connection.cut()
