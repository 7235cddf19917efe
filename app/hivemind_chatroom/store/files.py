"""The database file: made, brought up to date, or set aside when it can't be read."""

from __future__ import annotations

import contextlib
import glob
import itertools
import logging
import os
import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from hivemind_chatroom.errors import (
    DatabaseNewerError,
    FolderInUseError,
    FolderUnusableError,
    MigrationUnfinishedError,
    StorageFullError,
    UpgradeFailedError,
)
from hivemind_chatroom.paths import PRIVATE_FILE
from hivemind_chatroom.store.forgetting import make_words_readable
from hivemind_chatroom.store.ownership import followed, lock_of, require_own
from hivemind_chatroom.store.schema import APPLICATION_ID, Schema, is_being_moved, version_of
from hivemind_chatroom.store.writer import name_of

_log = logging.getLogger(__name__)

COMPANIONS = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside a database (sqlite.org/tempfiles.html)."""

_BROKEN = "broken"
REPLACED = "before-restore"
"""Parts of the names of databases that were set aside."""

_ASIDE = re.compile(r"-\d{8}-\d{6}(-\d+)?(\..+)?")
"""What follows them: a date, a number if there were two, and the file's own endings."""

_PRIMARY_CODE = 0xFF
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""What SQLite calls a file that can't be read, in the lower byte (sqlite.org/rescode.html)."""

_SOUND_ROOM = """
    SELECT words_left FROM room
    WHERE id <> '' AND first_id BETWEEN 1 AND last_id + 1
    AND last_id >= (SELECT COALESCE(MAX(id), 0) FROM message)
"""
"""Finds the one row without which no message gets a number, if it fits the messages."""


@dataclass(frozen=True, slots=True)
class Database:
    """A file that is ready to be opened, and this process's alone until it is closed."""

    file: Path
    lock: FileLock
    set_aside: Path | None = None
    """Where a broken one was put that stood in its place."""


def prepare(file: Path, schema: Schema, now: datetime, *, is_own_place: bool = False) -> Database:
    """Make a database, or bring one up to this version.

    That is one transaction, and no copy is left of what it was: it would keep what people remove
    later. One of ours that is damaged, or whatever stands in a place of our own, is renamed with
    the date and a new one begun: the room opens, and nothing is thrown away.

    Args:
        file: Where it is; a symbolic link is followed.
        schema: What it is to look like.
        now: The time of day, for the name of a file set aside.
        is_own_place: Whether nobody else keeps files there under that name.

    Raises:
        DatabaseForeignError: It is another program's file, or no file; nothing was touched.
        FolderInUseError: Another room uses it.
        DatabaseNewerError: A newer version of the program has written it.
        MigrationUnfinishedError: A room is being moved there, and not all of it is there.
        UpgradeFailedError: It is of an older version, and stays so.
        FolderUnusableError: There is no folder for it, or the file can't be made or written.
    """
    real = followed(file)
    require_own(real, is_own_place=is_own_place and real == file)
    if not real.parent.is_dir():
        raise FolderUnusableError(str(real.parent), "there is none; make it first")
    lock = locked(real)
    with contextlib.ExitStack() as failing:
        failing.callback(lock.release)
        database = Database(real, lock, _make_ready(real, schema, now))
        failing.pop_all()
    return database


def locked(file: Path) -> FileLock:
    """Make a database this process's alone, until the lock is released.

    Raises:
        FolderInUseError: Another room uses it.
        FolderUnusableError: The lock can't be made.
    """
    lock = FileLock(lock_of(file), mode=PRIVATE_FILE, thread_local=False)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise FolderInUseError(str(file.parent)) from error
    except OSError as error:
        raise FolderUnusableError(str(file.parent), error.strerror or str(error)) from error
    return lock


def _make_ready(file: Path, schema: Schema, now: datetime) -> Path | None:
    try:
        try:
            _bring_up_to_date(file, schema)
        except sqlite3.OperationalError:
            raise
        except (sqlite3.DatabaseError, _StrangeError) as error:
            _log.error("the database is broken and was set aside: %s", name_of(error))
            aside = set_aside(file, _BROKEN, now)
            _bring_up_to_date(file, schema)
            return aside
    except (OSError, sqlite3.OperationalError) as error:
        raise FolderUnusableError(str(file.parent), str(error)) from error
    return None


class _StrangeError(Exception):
    """It is a database, and not one of ours, or not all of one."""


def _bring_up_to_date(file: Path, schema: Schema) -> None:
    file.touch(mode=PRIVATE_FILE)
    file.chmod(PRIVATE_FILE)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        version = version_of(connection)
        if not _is_of_a_room(connection, version):
            raise _StrangeError
        if version > schema.version:
            raise DatabaseNewerError(str(file))
        if is_being_moved(connection):
            raise MigrationUnfinishedError(str(file))
        if version:
            make_words_readable(connection)
        if 0 < version < schema.version:
            _upgrade(connection, schema, file)
        else:
            schema.upgrade(connection)
        _look_over(connection)


def _upgrade(connection: sqlite3.Connection, schema: Schema, file: Path) -> None:
    """Upgrade a database that holds what people have said: a step that fails is no sign of damage.

    Raises:
        UpgradeFailedError: It stays as it was.
        sqlite3.DatabaseError: It can't be read.
    """
    try:
        schema.upgrade(connection)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & _PRIMARY_CODE in _DAMAGED:
            raise
        raise UpgradeFailedError(str(file), str(error)) from error


def _is_of_a_room(connection: sqlite3.Connection, version: int) -> bool:
    if version == 0:  # to become one
        return connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None
    [found] = connection.execute("PRAGMA application_id").fetchone()
    return bool(found == APPLICATION_ID)


def _look_over(connection: sqlite3.Connection) -> None:
    """Read a little of everything; a whole check would make a long history start slowly."""
    try:
        if len(connection.execute(_SOUND_ROOM).fetchall()) != 1:
            raise _StrangeError
        for query in (
            "SELECT * FROM message ORDER BY id DESC LIMIT 100",
            "SELECT * FROM outbox ORDER BY message_id DESC LIMIT 100",
            "SELECT * FROM mark LIMIT 1",
            "SELECT * FROM member",
            "SELECT * FROM cookie",
            "SELECT rowid FROM message_words WHERE message_words MATCH 'a' LIMIT 1",
        ):
            connection.execute(query).fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # a table is missing
            raise _StrangeError from error
        raise


def set_aside(file: Path, why: str, now: datetime) -> Path:
    """Rename a database with all that is beside it, and return its name, which nothing had.

    Args:
        file: The database, locked.
        why: A word for its name.
        now: The time of day, for its name.

    Raises:
        OSError: It can't be renamed, or not all of it; it is where it was.
    """
    aside = _name_aside(file, why, now)
    try:
        _rename(file, aside)
    except OSError:
        put_back(aside, file)
        raise
    return aside


def put_back(aside: Path, file: Path) -> None:
    """Give a database that was set aside its own name again, with all that is beside it.

    Args:
        aside: What `set_aside` has returned; it need not exist.
        file: The name it had, which nothing has now.
    """
    _rename(aside, file)


def delete_set_aside(file: Path) -> None:
    """Delete all files of the databases that were set aside for this one.

    Raises:
        StorageFullError: One can't be deleted.
    """
    try:
        for why in (_BROKEN, REPLACED):
            for found in file.parent.glob(f"{glob.escape(file.stem)}-{why}-*"):
                if _ASIDE.fullmatch(found.name.removeprefix(f"{file.stem}-{why}")):
                    found.unlink(missing_ok=True)
    except OSError as error:
        raise StorageFullError(
            "An earlier file of the room can't be deleted: {reason}.",
            reason=error.strerror or error,
        ) from error


def _rename(file: Path, to: Path) -> None:
    for ending in COMPANIONS:
        found = Path(f"{file}{ending}")
        if found.exists():
            found.replace(f"{to}{ending}")


def _name_aside(file: Path, why: str, now: datetime) -> Path:
    """Return a dated name beside the file that nothing has."""
    stem = f"{file.stem}-{why}-{now:%Y%m%d-%H%M%S}"
    endings = itertools.chain([""], map("-{}".format, itertools.count(2)))
    names = (file.with_name(f"{stem}{ending}{file.suffix}") for ending in endings)
    return next(name for name in names if not any(map(os.path.lexists, _companions(name))))


def _companions(file: Path) -> list[str]:
    return [f"{file}{ending}" for ending in COMPANIONS]
