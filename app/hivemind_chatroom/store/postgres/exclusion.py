"""Rooms, and what must be alone with their database: by a lock that lasts as a connection does."""

from __future__ import annotations

from typing import Final

import psycopg

from hivemind_chatroom.errors import DatabaseInUseError
from hivemind_chatroom.store.postgres.connecting import Connection, place_of
from hivemind_chatroom.store.postgres.schema import require_whole

_LOCK: Final = 0x484D4353
"""Who uses the database, "HMCS", beside the schema's own name."""

_PREPARE: Final = """
    SET lock_timeout = '2s';
    SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3
"""
"""An earlier run that was just ended is waited for, and one whose computer is gone is found out."""

_TAKE: Final = "SELECT pg_advisory_lock(%s, hashtext(current_schema()))"
_SHARE: Final = "SELECT pg_advisory_lock_shared(%s, hashtext(current_schema()))"


def keep_rooms_away(connection: Connection, address: str) -> None:
    """Be alone with a database for as long as a connection lasts.

    Args:
        connection: Of whoever wants to be alone.
        address: Where it leads to.

    Raises:
        DatabaseInUseError: A room uses it.
        psycopg.OperationalError: The database does not answer.
    """
    _take(connection, address, _TAKE)


def stay(connection: Connection, address: str) -> None:
    """Be one of the rooms that use a database, for as long as a connection lasts.

    Args:
        connection: Of a room.
        address: Where it leads to.

    Raises:
        DatabaseInUseError: Somebody is alone with it.
        MigrationUnfinishedError: Somebody was, and has left half a room there.
        psycopg.OperationalError: The database does not answer.
    """
    _take(connection, address, _SHARE)
    require_whole(connection, place_of(address))


def _take(connection: Connection, address: str, statement: str) -> None:
    try:
        connection.execute(_PREPARE)
        connection.execute(statement, (_LOCK,))
    except psycopg.errors.LockNotAvailable as error:
        raise DatabaseInUseError(place_of(address)) from error
