"""Connections to the database: lent to one thread at a time, and made anew when they are lost."""

from __future__ import annotations

import contextlib
import selectors
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import DictRow, dict_row

from hivemind_chatroom.store.postgres.failures import away, translated

Connection = psycopg.Connection[DictRow]

_CONNECTIONS_MAX: Final = 16
"""Connections at the same time; more wait for one to come free."""

_FREE_WAIT_S: Final = 5.0
"""How long one waits for that, in seconds."""

_CONNECT_S: Final = 3
"""How long a connection may take to be made, in seconds."""

_STATEMENT_MS: Final = 5_000
"""How long the database works at a statement, in milliseconds."""

_ANSWER_S: Final = 8.0
"""How long it may be silent, in seconds: one that is frozen keeps no time of its own."""

_REST_S: Final = 0.5
"""How long after a failure to connect nobody tries again, in seconds."""

_SESSION: Final = f"""
    SET TIME ZONE 'UTC';
    SET statement_timeout = {_STATEMENT_MS};
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') = 'off'
"""


class _Impatient(psycopg.Connection[DictRow]):
    """A connection that gives a silent database up."""

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ANN401 - whatever the statement brings
        try:
            return super().wait(gen, interval, _ANSWER_S if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:  # the client's own: nobody knows what the database did
                self.pgconn.finish()
            raise


def connect(address: str) -> Connection:
    """Open a connection with the durability that the room promises, in autocommit mode.

    Raises:
        psycopg.OperationalError: The database does not answer or does not let us in.
    """
    defaults: dict[str, str | int] = {
        "connect_timeout": _CONNECT_S,
        "application_name": "hivemind-chatroom",
    }
    given = psycopg.conninfo.conninfo_to_dict(address)
    wanted: dict[str, str | int] = {
        key: value for key, value in defaults.items() if key not in given
    }
    connection: Connection = _Impatient.connect(
        psycopg.conninfo.make_conninfo(address, **wanted),
        autocommit=True,
        prepare_threshold=1,
        row_factory=dict_row,
    )
    try:
        connection.execute(_SESSION)
    except psycopg.Error:
        connection.close()
        raise
    return connection


class Connections:
    """Connections to one database; each is used by one thread at a time and kept for the next."""

    def __init__(self, address: str) -> None:
        """Connect to nothing yet."""
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

    def close(self) -> None:
        """Close what is idle now, and what is lent when it comes back."""
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
            if _is_sound(connection):
                return connection
            connection.close()

    def _made(self) -> Connection:
        try:
            return connect(self._address)
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


def _is_sound(connection: Connection) -> bool:
    """Tell whether the database has said nothing: whatever it says of itself is good-bye."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection.fileno(), selectors.EVENT_READ)
        return not selector.select(0)
