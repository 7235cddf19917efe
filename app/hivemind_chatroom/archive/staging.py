"""A restored room: checked, it waits in a folder, and the next start finds it in its places."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from hivemind_chatroom.archive.kept_settings import settings_to_restore
from hivemind_chatroom.archive.manifest import DATABASE, IDENTITY, SETTINGS, Manifest
from hivemind_chatroom.archive.packing import COPY_PREFIX
from hivemind_chatroom.archive.ports import Database
from hivemind_chatroom.archive.unpacking import unpack
from hivemind_chatroom.errors import FolderInUseError, StorageFullError
from hivemind_chatroom.paths import PRIVATE_FILE

_WAITING = "restore"
"""In the data folder: a room that is checked and complete, and waits for the next start."""


_UNFINISHED = (f".{_WAITING}-*", f"{COPY_PREFIX}*")
"""Folders that a crash has left: what people say is in them, and nobody needs them."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a room are on this computer."""

    folder: Path
    """The data folder."""
    database: Database
    settings: Path
    identity: Path
    """The identity file; its keys are beside it."""


def look_into(backup: BinaryIO, places: Places) -> Manifest:
    """Check a backup wholly, as `stage` does, and leave nothing of it behind.

    Returns:
        What it says of itself.

    Raises:
        BackupInvalidError: It is none, damaged, or of a newer version.
        StorageFullError: There is no place for it.
    """
    with _unpacked(backup, places) as (_, manifest):
        return manifest


def stage(backup: BinaryIO, places: Places) -> None:
    """Check a backup wholly, and let it wait for the next start.

    Raises:
        BackupInvalidError: It is none, damaged, or of a newer version; nothing has changed.
        StorageFullError: There is no place for it; nothing has changed.
    """
    with _unpacked(backup, places) as (unpacked, _):
        waiting = places.folder / _WAITING
        shutil.rmtree(waiting, ignore_errors=True)
        unpacked.rename(waiting)


@contextlib.contextmanager
def _unpacked(backup: BinaryIO, places: Places) -> Iterator[tuple[Path, Manifest]]:
    """Yield a folder with what is in a backup, checked; it is there until it is moved, or not."""
    try:
        unpacked = Path(tempfile.mkdtemp(prefix=f".{_WAITING}-", dir=places.folder))
    except OSError as error:
        raise _no_place(error) from error
    try:
        manifest = unpack(backup, unpacked)
        places.database.check(unpacked / DATABASE)
        settings = unpacked / SETTINGS
        _write(settings, settings_to_restore(settings.read_bytes(), places.settings))
        yield unpacked, manifest
    except OSError as error:
        raise _no_place(error) from error
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)


def put_in_place(places: Places, now: datetime) -> bool:
    """Put what waits in its places, before the room opens; what is there is set aside.

    An attempt that was cut off is taken up: each file is moved by itself, and what is not there any
    more is in its place already. What a crash has left of other backups and restores is deleted.

    Args:
        places: Of a room that is closed.
        now: The time of day, for the names of what is set aside.

    Returns:
        Whether something has waited. It goes on waiting while another room uses the folder.

    Raises:
        StorageFullError: It can't be put there; it waits for the next start.
    """
    waiting = places.folder / _WAITING
    is_waiting = waiting.is_dir()
    unfinished = [
        found
        for name in _UNFINISHED
        for found in places.folder.glob(name)
        if found.is_dir() and not found.is_symlink()
    ]
    if not is_waiting and not unfinished:
        return False
    try:
        with places.database.alone():
            for folder in unfinished:
                shutil.rmtree(folder)
            if is_waiting:
                _put_all(waiting, places, now)
    except FolderInUseError:
        return False
    except OSError as error:
        raise _no_place(error) from error
    return is_waiting


def _put_all(waiting: Path, places: Places, now: datetime) -> None:
    # The database first: what can fail for want of a disk's space fails before anything changes.
    if (waiting / DATABASE).exists():
        places.database.put(waiting / DATABASE, now)
    for new, place in _files(waiting, places):
        _replace(new, place, now)
    shutil.rmtree(waiting)


def _files(waiting: Path, places: Places) -> Iterator[tuple[Path, Path]]:
    for new in sorted((waiting / IDENTITY).glob("*")):
        yield new, places.identity.with_name(new.name)
    if (waiting / SETTINGS).exists():
        yield waiting / SETTINGS, places.settings


def _replace(new: Path, place: Path, now: datetime) -> None:
    """Put a small file in place of another, which is copied first: at no moment there is none."""
    place = place.resolve()  # whoever keeps it elsewhere, behind a link, keeps the link
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if place.exists():
        _write(_aside(place, now), place.read_bytes())
    part = place.with_name(f".{place.name}.part")
    _write(part, new.read_bytes())
    part.replace(place)
    new.unlink()


def _aside(place: Path, now: datetime) -> Path:
    return place.with_name(f"{place.stem}-before-restore-{now:%Y%m%d-%H%M%S}{place.suffix}")


def _write(file: Path, content: bytes) -> None:
    file.touch(mode=PRIVATE_FILE)
    file.chmod(PRIVATE_FILE)
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _no_place(error: OSError) -> StorageFullError:
    return StorageFullError(
        "The backup can't be restored: {reason}.", reason=error.strerror or error
    )
