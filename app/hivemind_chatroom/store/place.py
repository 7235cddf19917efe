"""The database as a file among others: copied, looked over, and put in place of another."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from hivemind_chatroom.errors import BackupInvalidError
from hivemind_chatroom.paths import PRIVATE_FILE
from hivemind_chatroom.store.backup import back_up
from hivemind_chatroom.store.files import REPLACED, locked, put_back, set_aside
from hivemind_chatroom.store.ownership import followed
from hivemind_chatroom.store.schema import APPLICATION_ID, Schema, current_schema, version_of

_SOUND = "ok"

_HISTORY_SINCE = 4
"""The first version whose databases name their history."""

_PROGRAMS = "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view')"
"""What of a database runs by itself."""


class DatabasePlace:
    """Where a room keeps its database."""

    def __init__(self, file: Path) -> None:
        """Look at `file`; a symbolic link is followed."""
        self._file = followed(file)
        self._schema = current_schema()

    def copy_to(self, copy: Path) -> None:
        """Copy the database as it is now to a new file, the room that uses it going on.

        Raises:
            BackupFailedError: It can't be copied; nothing is left of the copy.
        """
        back_up(self._file, copy)

    def check(self, copy: Path) -> None:
        """Find out whether a file is a room's database that this version opens; it stays as it is.

        Raises:
            BackupInvalidError: It isn't.
        """
        address = f"file:{quote(str(copy.absolute()))}?immutable=1"  # nothing is made beside it
        try:
            with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
                _check(connection, self._schema)
        except sqlite3.Error as error:
            raise _damaged() from error

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every room away from the database meanwhile.

        Raises:
            FolderInUseError: A room uses it.
            FolderUnusableError: Its folder can't be written.
        """
        lock = locked(self._file)
        try:
            yield
        finally:
            lock.release()

    def put(self, new: Path, now: datetime) -> None:
        """Put a database in the place of the one that is there, which is renamed with the date.

        Args:
            new: A database in one file, checked; it is moved.
            now: The time of day.

        Raises:
            OSError: It can't be moved; both are where they were.
        """
        _begin_history(new)
        with _on_the_disk_of(self._file, new) as near:
            aside = set_aside(self._file, REPLACED, now)
            try:
                near.replace(self._file)
            except OSError:
                put_back(aside, self._file)
                raise
        new.unlink(missing_ok=True)


def _begin_history(file: Path) -> None:
    """Have a database give its next numbers in another history than the one it was copied from.

    Raises:
        OSError: It can't be written.
    """
    try:
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
            if version_of(connection) >= _HISTORY_SINCE:  # an older one gets one as it is upgraded
                connection.execute("UPDATE room SET history = lower(hex(randomblob(8)))")
    except sqlite3.Error as error:
        raise OSError(errno.EIO, str(error)) from error


def _check(connection: sqlite3.Connection, schema: Schema) -> None:
    [application] = connection.execute("PRAGMA application_id").fetchone()
    version = version_of(connection)
    if application != APPLICATION_ID or version < 1:
        raise BackupInvalidError("The database in this backup is not a room's.")
    if version > schema.version:
        raise BackupInvalidError("This backup is of a newer version. Update the room first.")
    # What a stranger has put in would run in our name.
    if _programs(connection) != _programs_of(schema, version):
        raise BackupInvalidError("The database in this backup is not a room's.")
    [found] = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != _SOUND or len(connection.execute("SELECT id FROM room").fetchall()) != 1:
        raise _damaged()


def _programs_of(schema: Schema, version: int) -> set[tuple[str, ...]]:
    of_then = Schema(schema.first, schema.migrations[: version - 1])
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        of_then.upgrade(connection)
        return _programs(connection)


def _programs(connection: sqlite3.Connection) -> set[tuple[str, ...]]:
    return set(connection.execute(_PROGRAMS))


def _damaged() -> BackupInvalidError:
    return BackupInvalidError("The database in this backup is damaged.")


@contextlib.contextmanager
def _on_the_disk_of(place: Path, new: Path) -> Iterator[Path]:
    """Yield what can be renamed to `place`: the new file, or a copy if it is on another disk."""
    part = place.with_name(f"{place.name}.part")
    try:
        yield _copied(new, part) if _is_elsewhere(new, part) else new
    finally:
        part.unlink(missing_ok=True)


def _is_elsewhere(new: Path, part: Path) -> bool:
    """Tell by a link, which a disk refuses as it does a rename; their numbers don't tell mounts."""
    part.unlink(missing_ok=True)
    try:
        part.hardlink_to(new)
    except OSError as error:
        return error.errno == errno.EXDEV  # whoever has no links at all may still rename
    part.unlink()
    return False


def _copied(new: Path, part: Path) -> Path:
    with new.open("rb") as source, part.open("wb") as target:
        part.chmod(PRIVATE_FILE)
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())
    return part
