"""Connections to the database: the writer's, and those that read beside it."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

_READERS_MAX = 16
"""Connections that read at the same time; more wait for one to come free."""

WAIT_MS = 5_000
"""How long SQLite waits for another connection's lock, in milliseconds."""

_JOURNAL_PAGES = 4_000
"""Pages of 4 KiB after which a commit moves the journal into the database: the thousand that SQLite
takes by itself is a sync more at every hundredth post. A journal that long is read in 20 ms."""

_PRAGMAS = f"""
    PRAGMA busy_timeout = {WAIT_MS};
    PRAGMA foreign_keys = ON;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA wal_autocheckpoint = {_JOURNAL_PAGES};
"""
"""In WAL mode only FULL syncs each commit to the disk (sqlite.org/pragma.html#pragma_synchronous);
what is removed is overwritten."""


def connect(file: Path) -> sqlite3.Connection:
    """Open a connection with the durability that the room promises, in autocommit mode."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        connection.executescript(_PRAGMAS)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class Readers:
    """Connections that read; each is used by one thread at a time and kept for the next."""

    def __init__(self, file: Path) -> None:
        """Read from `file`."""
        self._file = file
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._free = threading.BoundedSemaphore(_READERS_MAX)
        self._is_open = True

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection."""
        with self._free:
            try:
                connection = self._idle.get_nowait()
            except queue.Empty:
                connection = connect(self._file)
            try:
                yield connection
            finally:
                self._idle.put(connection)
                if not self._is_open:
                    self.close()

    def close(self) -> None:
        """Close what is idle now, and what is lent when it comes back."""
        self._is_open = False
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()
