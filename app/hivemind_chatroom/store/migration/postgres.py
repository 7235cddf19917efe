"""A database of PostgreSQL as one side of a move."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any, Final

import psycopg
from psycopg.rows import tuple_row

from hivemind_chatroom.errors import (
    DatabaseAwayError,
    DatabaseForeignError,
    DatabaseInUseError,
    DatabaseNewerError,
    MigrationFailedError,
    MigrationRefusedError,
)
from hivemind_chatroom.store.migration.side import Side
from hivemind_chatroom.store.migration.tables import MESSAGE, TABLES, Form, Row, Table
from hivemind_chatroom.store.postgres.appending import shortened
from hivemind_chatroom.store.postgres.book import take_all_names
from hivemind_chatroom.store.postgres.connecting import Connection, connect, place_of
from hivemind_chatroom.store.postgres.exclusion import keep_rooms_away
from hivemind_chatroom.store.postgres.failures import name_of
from hivemind_chatroom.store.postgres.schema import (
    SCRIPTS,
    is_being_moved,
    make_tables,
    require_whole,
    version_of,
)
from hivemind_chatroom.store.words import folded_words

_TYPES: Final = MappingProxyType(
    {
        Form.TEXT: "text",
        Form.NUMBER: "bigint",
        Form.REAL: "double precision",
        Form.FLAG: "boolean",
        Form.BYTES: "bytea",
        Form.MOMENT: "timestamptz",
    }
)

_VALUES: Final = json.JSONEncoder(default=lambda value: f"\\x{value.hex()}")
"""Bytes as PostgreSQL reads them. An array for each column takes the client twice as long."""

_TEXT_AT: Final = [*MESSAGE.columns].index("text")

_FREEZE: Final = f"""
    SET TRANSACTION READ ONLY;
    SET LOCAL idle_in_transaction_session_timeout = 0;
    LOCK TABLE {", ".join(table.name for table in TABLES)} IN SHARE MODE
"""
"""A room that has lost what keeps its place, and does not know it yet, can't write meanwhile."""

_ARRIVALS: Final = """
    SELECT setval(pg_get_serial_sequence('member', 'arrived'), max(arrived)) FROM member
    HAVING max(arrived) IS NOT NULL
"""
"""Whoever comes next comes after those who have been moved."""


@contextlib.contextmanager
def postgres_source(address: str) -> Iterator[Side]:
    """Yield a room's database, which is only read and nobody else's meanwhile.

    Raises:
        DatabaseAwayError: It does not answer, or does not let us in.
        MigrationRefusedError: There is none, or it is of an older version.
        DatabaseForeignError: Its schema has somebody else's tables.
        DatabaseNewerError: A newer version of the program has written it.
        MigrationUnfinishedError: It is itself being moved, and not all of it is there.
        DatabaseInUseError: A room uses it.
        MigrationFailedError: It can't be read.
    """
    with _alone(address) as connection:
        place = place_of(address)
        version = version_of(connection, place)
        if version > len(SCRIPTS):
            raise DatabaseNewerError(place)
        if version == 0:
            raise MigrationRefusedError(f"There is no room in the database {place}.")
        if version < len(SCRIPTS):
            raise MigrationRefusedError(
                f"The room in the database {place} is of an older version. Start it once, and end "
                "it; then it can be moved."
            )
        require_whole(connection, place)
        with connection.transaction():
            _freeze(connection, place)
            yield Side(_Database(place, connection))


@contextlib.contextmanager
def postgres_target(address: str) -> Iterator[Side]:
    """Yield a database, with tables made if it is empty, and nobody else's meanwhile.

    Raises:
        DatabaseAwayError: It does not answer, or does not let us in.
        DatabaseEncodingError: It can't keep every text.
        DatabaseForeignError: Its schema has somebody else's tables, or can't have ours.
        DatabaseNewerError: A newer version of the program has written it.
        UpgradeFailedError: It is of an older version, and stays so.
        DatabaseInUseError: A room uses it.
        MigrationFailedError: It can't be written.
    """
    with _alone(address) as connection:
        place = place_of(address)
        try:
            with connection.transaction():
                make_tables(connection, place)
        except psycopg.errors.InsufficientPrivilege as error:
            raise DatabaseForeignError(
                place, "a database in which we may not make tables"
            ) from error
        yield Side(_Database(place, connection))


@contextlib.contextmanager
def _alone(address: str) -> Iterator[Connection]:
    """Yield a connection that keeps rooms away; when it is lost, nothing more is written by it."""
    place = place_of(address)
    try:
        connection = connect(address)
    except psycopg.OperationalError as error:
        raise DatabaseAwayError(place, name_of(error)) from error
    try:
        with contextlib.closing(connection):
            keep_rooms_away(connection, address)
            yield connection
    except psycopg.Error as error:
        raise MigrationFailedError(
            "The database {place} has failed ({reason}). The same command goes on from there.",
            place=place,
            reason=name_of(error),
        ) from error


def _freeze(connection: Connection, place: str) -> None:
    try:
        connection.execute(_FREEZE)
    except psycopg.errors.LockNotAvailable as error:
        raise DatabaseInUseError(place) from error


class _Database:
    """A `Database` of PostgreSQL."""

    def __init__(self, place: str, connection: Connection) -> None:
        """Read and write by this connection."""
        self.place = place
        self._connection = connection

    def rows(self, query: str, *values: object) -> Sequence[Sequence[Any]]:
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(_numbered(query), values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        self._connection.execute(_numbered(statement), values)

    def put(self, table: Table, rows: Sequence[Row]) -> None:
        types = {name: _TYPES[form] for name, form in table.columns.items()}
        made = [*types]
        if table is MESSAGE:
            types["words"] = "text"
            made.append("array_to_tsvector(string_to_array(words, ' '))")
            rows = [(*row, _words_of(row)) for row in rows]
        given = ", ".join(f"{name} {each}" for name, each in types.items())
        statement = f"""
            INSERT INTO {table.name} ({", ".join(types)}) OVERRIDING SYSTEM VALUE
            SELECT {", ".join(made)} FROM json_to_recordset(%s::json) AS given ({given})
        """  # noqa: S608 - our own names
        if rows:
            values = [dict(zip(types, row, strict=True)) for row in rows]
            self._connection.execute(statement.encode(), (_VALUES.encode(values),))

    def transaction(self) -> contextlib.AbstractContextManager[object]:
        return self._connection.transaction()

    def is_being_moved(self) -> bool:
        return is_being_moved(self._connection)

    def settle(self) -> None:
        """Have the order of arrival go on, and nobody else take the members' names."""
        self._connection.execute(_ARRIVALS)
        take_all_names(self._connection)

    def make_anew(self) -> None:
        names = ", ".join(table.name for table in TABLES if table.name != "room")
        with self._connection.transaction():
            self._connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE".encode())
            self._connection.execute("UPDATE migration SET through = 0")


def _words_of(row: Row) -> str:
    return shortened(" ".join(folded_words(str(row[_TEXT_AT]))))


def _numbered(statement: str) -> bytes:
    return statement.replace("?", "%s").encode()
