"""Connections to the database: lent to one thread at a time, and made anew when they are lost."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Iterator
from typing import Final

import psycopg

from hivemind_chatroom.store.postgres.connecting import Connection, connect, is_sound
from hivemind_chatroom.store.postgres.failures import away, translated

_CONNECTIONS_MAX: Final = 16
"""Connections at the same time; more wait for one to come free."""

_FREE_WAIT_S: Final = 5.0
"""How long one waits for that, in seconds."""

_REST_S: Final = 0.5
"""How long after a failure to connect nobody tries again, in seconds."""

_INSTANCE_BYTES: Final = 8


class Connections:
    """Connections to one database; each is used by one thread at a time and kept for the next."""

    def __init__(self, address: str) -> None:
        """Connect to nothing yet."""
        self.instance = secrets.token_hex(_INSTANCE_BYTES)
        """What tells the doings of this run from those of others; random."""
        self._address = address
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._free = threading.BoundedSemaphore(_CONNECTIONS_MAX)
        self._is_open = True
        self._rests_until_s = 0.0
        """Until when nobody tries to connect, by the monotonic clock."""

    @contextlib.contextmanager
    def lent(self) -> Iterator[Connection]:
        """Lend a connection.

        Raises:
            StorageFullError: The disk of the database took nothing.
            StorageAwayError: The database does not answer.
        """
        if not self._free.acquire(timeout=_FREE_WAIT_S):
            raise away()
        try:
            with translated():
                connection = self._taken()
                try:
                    yield connection
                finally:
                    self._give_back(connection)
        finally:
            self._free.release()

    def own(self, answer_s: float | None = None) -> Connection:
        """Make a connection for one purpose; whoever asked for it closes it.

        Args:
            answer_s: How long the database may be silent, in seconds; None for as long as usual.

        Raises:
            psycopg.OperationalError: The database does not answer or does not let us in.
        """
        return connect(self._address, self.instance, answer_s)

    def close(self) -> None:
        """Close what is idle now and what is lent when it comes back."""
        with self._lock:
            self._is_open = False
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _taken(self) -> Connection:
        while True:
            with self._lock:
                if not self._is_open or time.monotonic() < self._rests_until_s:
                    raise psycopg.OperationalError
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return self._made()
            if is_sound(connection):
                return connection
            connection.close()

    def _made(self) -> Connection:
        try:
            return self.own()
        except psycopg.OperationalError:
            with self._lock:
                self._rests_until_s = time.monotonic() + _REST_S
            raise

    def _give_back(self, connection: Connection) -> None:
        is_idle = connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        with self._lock:
            if self._is_open and is_idle and not connection.closed:
                self._idle.append(connection)
                return
        connection.close()
