"""Whose a file is: only the room's own is opened, changed or set aside."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from hivemind_chatroom.errors import DatabaseForeignError
from hivemind_chatroom.store.schema import APPLICATION_ID

_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\0"
_APPLICATION_ID_AT = slice(68, 72)
"""The header of a database (sqlite.org/fileformat.html, 1.3)."""

_LOCK_ENDING = ".chatroom-lock"
"""No other program's: beside a file, it says that a room has used it."""


def lock_of(file: Path) -> Path:
    """Return the file that keeps a second room from a database; it stays when the room ends."""
    return Path(f"{file}{_LOCK_ENDING}")


def followed(file: Path) -> Path:
    """Return what a symbolic link leads to, so that lock and journal lie beside the file itself."""
    with contextlib.suppress(OSError):  # a name that none can have is no link
        if file.is_symlink():
            return Path(os.path.realpath(file))
    return file


def require_own(file: Path, *, is_own_place: bool) -> None:
    """Find out whether a file is the room's, and change nothing.

    It is when it isn't there or is empty, when its header has our `APPLICATION_ID`, when it stands
    in a place of our own, or when its header is damaged and an earlier run has left a lock beside
    it.

    Args:
        file: Where the database is to be.
        is_own_place: Whether nobody else keeps files there under that name.

    Raises:
        DatabaseForeignError: It is another program's, or no file that could hold a database.
    """
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode):
            is_folder = stat.S_ISDIR(found.st_mode)
            raise DatabaseForeignError(str(file), "a folder" if is_folder else "no ordinary file")
        is_own = is_own_place or found.st_size == 0 or _has_our_mark(file)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        reason = error.strerror or str(error)
        raise DatabaseForeignError(str(file), f"not readable ({reason})") from error
    if not is_own:
        raise DatabaseForeignError(str(file))


def _has_our_mark(file: Path) -> bool:
    with file.open("rb") as opened:
        header = opened.read(_HEADER_BYTES)
    if header.startswith(_MAGIC):
        return int.from_bytes(header[_APPLICATION_ID_AT], "big") == APPLICATION_ID
    return lock_of(file).exists()
