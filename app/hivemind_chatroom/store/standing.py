"""How the database stands, for the operator."""

from __future__ import annotations

import shutil
from pathlib import Path

from hivemind_chatroom.room.operating import StorageStanding, StorageState
from hivemind_chatroom.store.files import COMPANIONS, Database


def standing_of(database: Database, *, messages: int, is_full: bool) -> StorageStanding:
    """Return how a database stands; it is not read for that.

    Args:
        database: That is open.
        messages: How many it has.
        is_full: Whether the disk took nothing the last time.
    """
    file = database.file
    sizes = (_size_of(file.with_name(file.name + ending)) for ending in COMPANIONS)
    return StorageStanding(
        state=StorageState.FULL if is_full else StorageState.OK,
        messages=messages,
        bytes=sum(sizes),
        free_bytes=_free_beside(file),
        set_aside=str(database.set_aside) if database.set_aside else None,
    )


def _free_beside(file: Path) -> int | None:
    try:
        return shutil.disk_usage(file.parent).free
    except OSError:  # a disk that was pulled out
        return None


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
