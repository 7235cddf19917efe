"""A copy of a database while it is in use."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from pathlib import Path

from hivemind_chatroom.errors import BackupFailedError
from hivemind_chatroom.paths import PRIVATE_FILE

_SOUND = "ok"
_ALL_PAGES = -1
"""One step, so that the copy is of one moment: between two, whatever is written starts it anew."""


def back_up(file: Path, copy: Path) -> None:
    """Copy a database, the room that uses it going on; a copy that is there is left alone.

    Args:
        file: The database.
        copy: Where the copy is to be; readable by its user alone.

    Raises:
        BackupFailedError: There is no database, a file is there already, the disk is full, or the
            copy is not sound. Nothing is left of it.
    """
    if not file.is_file():
        raise BackupFailedError(f"There is no database at {file}.")
    try:
        _copy_whole(file, copy)
    except FileExistsError as error:
        raise BackupFailedError(f"{copy} is there already and is not overwritten.") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise BackupFailedError(f"{copy} can't be written: {reason}.") from error
    except sqlite3.Error as error:
        raise BackupFailedError(f"{file} can't be copied to {copy}: {error}.") from error


def _copy_whole(file: Path, copy: Path) -> None:
    """Copy a database to a file that is not there yet.

    The readers and the writer of `file` go on meanwhile: the copy reads in one transaction.

    Raises:
        OSError: The copy can't be made, or is there already.
        sqlite3.Error: The database can't be read or the copy not written, or it is not sound.
    """
    copy.touch(mode=PRIVATE_FILE, exist_ok=False)  # ours from now on
    try:
        part = _part_of(copy)
    except BaseException:
        copy.unlink()
        raise
    try:
        _copy(file, part)
        part.replace(copy)
    except BaseException:
        part.unlink(missing_ok=True)
        copy.unlink()
        raise


def _part_of(copy: Path) -> Path:
    """Make a file beside the copy, private and of a name that nothing has."""
    handle, name = tempfile.mkstemp(".part", f"{copy.name}.", copy.parent)
    os.close(handle)
    return Path(name)


def _copy(file: Path, copy: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(file, isolation_level=None)) as source,
        contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as target,
    ):
        source.backup(target, pages=_ALL_PAGES)
        target.execute("PRAGMA journal_mode = DELETE")  # all of it in this one file
        [found] = target.execute("PRAGMA integrity_check(1)").fetchone()
        if found != _SOUND:
            raise sqlite3.DatabaseError("it is damaged")
