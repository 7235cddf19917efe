"""Whose the database is: one room's at a time, whose members are in its own memory."""

from __future__ import annotations

import contextlib
import secrets
from typing import Final

import psycopg

from hivemind_chatroom.errors import DatabaseInUseError
from hivemind_chatroom.store.postgres.connecting import Connection, connect, is_sound, place_of

_LOCK: Final = 0x484D4353
"""What rooms exclude each other by, "HMCS", beside the schema's own name."""

_PREPARE: Final = """
    SET lock_timeout = '2s';
    SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3
"""
"""An earlier run that was just ended is waited for, and one whose computer is gone is found out."""

_TAKE: Final = "SELECT pg_advisory_lock(%s, hashtext(current_schema()))"
_RELEASE: Final = "SELECT pg_advisory_unlock(%s, hashtext(current_schema()))"
_TOKEN_BYTES: Final = 8


class Claim:
    """Keeps a database for one room, by a lock that lasts as long as a connection of its own."""

    def __init__(self, address: str) -> None:
        """Claim nothing yet."""
        self._address = address
        self._connection: Connection | None = None
        self._token = secrets.token_hex(_TOKEN_BYTES)
        self._is_signed = False

    def is_held(self) -> bool:
        """Tell whether the database has not said good-bye to who holds the lock."""
        connection = self._connection
        return connection is not None and not connection.closed and is_sound(connection)

    def take(self) -> None:
        """Take the lock, also again after its connection was lost.

        Raises:
            DatabaseInUseError: Another room has it, or has had it since this one signed.
            psycopg.OperationalError: The database does not answer or does not let us in.
        """
        self._drop()
        connection = connect(self._address)
        try:
            connection.execute(_PREPARE)
            connection.execute(_TAKE, (_LOCK,))
            if self._is_signed:
                self._require_own(connection)
        except psycopg.errors.LockNotAvailable as error:
            connection.close()
            raise DatabaseInUseError(place_of(self._address)) from error
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def sign(self) -> None:
        """Write down who holds it: the tables are there now.

        Raises:
            psycopg.OperationalError: The lock is lost already.
        """
        if self._connection is None:
            raise psycopg.OperationalError
        self._connection.execute("UPDATE room SET tenant = %s", (self._token,))
        self._is_signed = True

    def release(self) -> None:
        """Let another room have the database; a second release does nothing."""
        if self.is_held() and self._connection is not None:
            with contextlib.suppress(psycopg.Error):  # it is released with the connection
                self._connection.execute(_RELEASE, (_LOCK,))
        self._drop()

    def _require_own(self, connection: Connection) -> None:
        row = connection.execute("SELECT tenant FROM room").fetchone()
        if row is None or row["tenant"] != self._token:
            raise DatabaseInUseError(place_of(self._address))

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
