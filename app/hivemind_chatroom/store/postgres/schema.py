"""The tables, made or brought up to date by whoever opens the database first."""

from __future__ import annotations

import secrets
from importlib import resources
from typing import Final

import psycopg

from hivemind_chatroom.errors import (
    DatabaseAwayError,
    DatabaseEncodingError,
    DatabaseForeignError,
    DatabaseNewerError,
    MigrationUnfinishedError,
    UpgradeFailedError,
)
from hivemind_chatroom.store.postgres.connecting import Connection, connect, place_of
from hivemind_chatroom.store.postgres.failures import name_of
from hivemind_chatroom.store.schema import MOVING

SCRIPTS: Final = ("schema-1.sql",)
"""What makes version 1, then 2 of 1 and so on; each sets `hivemind_chatroom.version` itself."""

_ENCODING: Final = "UTF8"
_ROOM_ID_BYTES: Final = 8
_KEY_BYTES: Final = 32

_LOCK: Final = 0x484D4354
"""What instances that begin at the same time wait for, "HMCT", beside the schema's own name."""

_ONE_BY_ONE: Final = "SELECT pg_advisory_xact_lock(%s, hashtext(current_schema()))"


def prepare(address: str) -> None:
    """Make the tables if the database is empty, and bring them up to date if they are older.

    Raises:
        DatabaseAwayError: It does not answer, or does not let us in.
        DatabaseEncodingError: It can't keep every text.
        DatabaseForeignError: Its schema has somebody else's tables, or can't have ours.
        DatabaseNewerError: A newer version of the program has written it.
        MigrationUnfinishedError: A room is being moved there, and not all of it is there.
        UpgradeFailedError: It is of an older version, and stays so.
    """
    place = place_of(address)
    try:
        with connect(address) as connection, connection.transaction():
            connection.execute(_ONE_BY_ONE, (_LOCK,))
            make_tables(connection, place)
            require_whole(connection, place)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseForeignError(place, "a database in which we may not make tables") from error
    except psycopg.OperationalError as error:
        raise DatabaseAwayError(place, name_of(error)) from error


def make_tables(connection: Connection, place: str) -> None:
    """Make the tables if there are none, and bring them up to date if they are older.

    Args:
        connection: Inside a transaction, and nobody else's business meanwhile.
        place: Where it leads to, for the errors.

    Raises:
        DatabaseEncodingError: It can't keep every text.
        DatabaseForeignError: Its schema has somebody else's tables.
        DatabaseNewerError: A newer version of the program has written it.
        UpgradeFailedError: It is of an older version, and stays so.
    """
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != _ENCODING:  # as where a server was set up without a locale
        raise DatabaseEncodingError(place, encoding or "what it does not tell")
    version = version_of(connection, place)
    if version > len(SCRIPTS):
        raise DatabaseNewerError(place)
    try:
        for script in SCRIPTS[version:]:
            connection.execute(_script(script))
    except (psycopg.ProgrammingError, psycopg.IntegrityError, psycopg.DataError) as error:
        if not version:
            raise
        raise UpgradeFailedError(place, name_of(error)) from error
    connection.execute(
        "INSERT INTO room VALUES (true, %s, %s, %s, 0, 1) ON CONFLICT DO NOTHING",
        (
            secrets.token_hex(_ROOM_ID_BYTES),
            secrets.token_hex(_ROOM_ID_BYTES),
            secrets.token_bytes(_KEY_BYTES),
        ),
    )


def version_of(connection: Connection, place: str) -> int:
    """Return the version of the tables, 0 where there are none.

    Raises:
        DatabaseForeignError: They are somebody else's.
    """
    found = connection.execute(
        "SELECT relname FROM pg_class "
        "WHERE relnamespace = to_regnamespace(quote_ident(current_schema()))"
    ).fetchall()
    if not found:
        return 0
    if {"relname": "hivemind_chatroom"} not in found:
        raise DatabaseForeignError(place, "somebody else's database")
    row = connection.execute("SELECT version FROM hivemind_chatroom").fetchone()
    return int(row["version"]) if row else 0


def is_being_moved(connection: Connection) -> bool:
    """Tell whether a room is being moved into the tables, and not all of it is there."""
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL AS is_there", (MOVING,)).fetchone()
    return bool(row and row["is_there"])


def require_whole(connection: Connection, place: str) -> None:
    """Refuse a room of which not all is there.

    Raises:
        MigrationUnfinishedError: It is being moved into the tables.
    """
    if is_being_moved(connection):
        raise MigrationUnfinishedError(place)


def _script(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()
