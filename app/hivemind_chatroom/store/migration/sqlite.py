"""A database of SQLite as one side of a move."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from hivemind_chatroom.errors import (
    DatabaseNewerError,
    FolderUnusableError,
    MigrationFailedError,
    MigrationRefusedError,
    MigrationUnfinishedError,
)
from hivemind_chatroom.paths import PRIVATE_FILE
from hivemind_chatroom.store.connections import connect
from hivemind_chatroom.store.files import COMPANIONS, locked
from hivemind_chatroom.store.migration.side import Side
from hivemind_chatroom.store.migration.tables import MESSAGE, Row, Table
from hivemind_chatroom.store.ownership import followed, require_own
from hivemind_chatroom.store.schema import current_schema, is_being_moved, version_of
from hivemind_chatroom.store.words import folded_words
from hivemind_chatroom.store.writer import name_of

_TEXT_AT: Final = [*MESSAGE.columns].index("text")


@contextlib.contextmanager
def sqlite_source(file: Path) -> Iterator[Side]:
    """Yield a room's database, which is only read and nobody else's meanwhile.

    Raises:
        MigrationRefusedError: There is none, or it is of an older version.
        DatabaseForeignError: It is another program's file, or no file.
        DatabaseNewerError: A newer version of the program has written it.
        MigrationUnfinishedError: It is itself being moved, and not all of it is there.
        FolderInUseError: A room uses it.
        MigrationFailedError: It can't be read.
    """
    with _alone(file) as real, _told(real):
        if not real.is_file() or not real.stat().st_size:
            raise MigrationRefusedError(f"There is no room in {file}.")
        with contextlib.closing(_Database(real, _read_only)) as database:
            if database.version() < current_schema().version:
                raise MigrationRefusedError(
                    f"The room in {file} is of an older version. Start it once, and end it; then "
                    "it can be moved."
                )
            if database.is_being_moved():
                raise MigrationUnfinishedError(str(file))
            yield Side(database)


@contextlib.contextmanager
def sqlite_target(file: Path) -> Iterator[Side]:
    """Yield a database, made if it isn't there, and nobody else's meanwhile.

    Raises:
        DatabaseForeignError: It is another program's file, or no file; nothing was touched.
        DatabaseNewerError: A newer version of the program has written it.
        FolderInUseError: A room uses it.
        FolderUnusableError: There is no folder for it, or it can't be made.
        MigrationFailedError: It can't be written.
    """
    with (
        _alone(file) as real,
        _told(real),
        contextlib.closing(_Database(real, _made)) as database,
    ):
        yield Side(database)


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[Path]:
    real = followed(file)
    require_own(real, is_own_place=False)
    if not real.parent.is_dir():
        raise FolderUnusableError(str(real.parent), "there is none; make it first")
    lock = locked(real)
    try:
        yield real
    finally:
        lock.release()


@contextlib.contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise MigrationFailedError(
            "The database {file} has failed ({reason}). The same command goes on from there.",
            file=file,
            reason=name_of(error),
        ) from error


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def _made(file: Path) -> sqlite3.Connection:
    """Connect to a database, in which tables are made if it is empty."""
    try:
        file.touch(mode=PRIVATE_FILE)
    except OSError as error:
        raise FolderUnusableError(str(file.parent), error.strerror or str(error)) from error
    # Without a journal of its own yet: what proves the file to be ours is in the file itself then.
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        current_schema().upgrade(connection)
    return connect(file)


class _Database:
    """A `Database` of SQLite."""

    def __init__(self, file: Path, opened: Callable[[Path], sqlite3.Connection]) -> None:
        """Connect to a file.

        Raises:
            DatabaseNewerError: A newer version of the program has written it.
        """
        self.place = str(file)
        self._file = file
        self._opened = opened
        self._connection = opened(file)
        if self.version() > current_schema().version:
            self.close()
            raise DatabaseNewerError(self.place)

    def version(self) -> int:
        """Return the version of its tables, 0 where there are none."""
        return version_of(self._connection)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def rows(self, query: str, *values: object) -> Sequence[Sequence[Any]]:
        return self._connection.execute(query, values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        self._connection.execute(statement, values)

    def put(self, table: Table, rows: Sequence[Row]) -> None:
        columns = [*table.columns]
        if table is MESSAGE:
            columns.append("words")
            rows = [(*row, " ".join(folded_words(str(row[_TEXT_AT])))) for row in rows]
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 - our own names
        self._connection.executemany(statement, rows)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # a full disk has ended it
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def is_being_moved(self) -> bool:
        return is_being_moved(self._connection)

    def settle(self) -> None:
        """Do nothing: all that SQLite derives comes with the rows."""

    def make_anew(self) -> None:
        """Begin a new file: to remove rows one by one from the search index takes far longer."""
        self.close()
        for ending in COMPANIONS:
            Path(f"{self._file}{ending}").unlink(missing_ok=True)
        self._connection = self._opened(self._file)
