"""Connections to the database: lent to one thread at a time, and made anew when they are lost."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

import psycopg

from hivemind_chatroom.errors import DatabaseInUseError
from hivemind_chatroom.store.postgres.claim import Claim
from hivemind_chatroom.store.postgres.connecting import Connection, connect, is_sound
from hivemind_chatroom.store.postgres.failures import away, translated

_Reached = TypeVar("_Reached")

_CONNECTIONS_MAX: Final = 16
"""Connections at the same time; more wait for one to come free."""

_FREE_WAIT_S: Final = 5.0
"""How long one waits for that, in seconds."""

_REST_S: Final = 0.5
"""How long after a failure to connect nobody tries again, in seconds."""


class Connections:
    """Connections to one database; each is used by one thread at a time and kept for the next."""

    def __init__(self, address: str, claim: Claim) -> None:
        """Connect to nothing yet; lend nothing while the room does not hold its claim."""
        self._address = address
        self._claim = claim
        self._claiming = threading.Lock()
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
            StorageAwayError: The database does not answer, or is another room's by now.
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

    def close(self) -> None:
        """Close what is idle now and what is lent when it comes back, and let the claim go."""
        with self._lock:
            self._is_open = False
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        with self._claiming:
            self._claim.release()

    def _taken(self) -> Connection:
        self._hold_the_claim()
        while True:
            with self._lock:
                self._require_awake()
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return self._reached(lambda: connect(self._address))
            if is_sound(connection):
                return connection
            connection.close()

    def _hold_the_claim(self) -> None:
        if self._claim.is_held():
            return
        with self._claiming:
            self._require_awake()
            if not self._claim.is_held():
                self._reached(self._claim.take)

    def _require_awake(self) -> None:
        if not self._is_open or time.monotonic() < self._rests_until_s:
            raise psycopg.OperationalError

    def _reached(self, reach: Callable[[], _Reached]) -> _Reached:
        try:
            return reach()
        except (psycopg.OperationalError, DatabaseInUseError):
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
