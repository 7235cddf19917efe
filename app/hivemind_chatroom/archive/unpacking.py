"""A backup looked over wholly, and unpacked into a folder of its own: nothing else is touched."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from hivemind_chatroom.archive.manifest import (
    DATABASE,
    MANIFEST,
    MANIFEST_MAX_BYTES,
    Manifest,
    Seal,
    no_backup,
    parse_manifest,
)
from hivemind_chatroom.errors import BackupInvalidError, StorageFullError
from hivemind_chatroom.paths import PRIVATE_FILE

_UNPACKED_MAX_BYTES = 4 << 30
"""More than any room of ours has."""

_SMALL_MAX_BYTES = 1 << 20
"""The same of what is not the database."""

_SPARE_BYTES = 64 << 20
"""What must be left on the disk for the room itself."""

_CHUNK = 1 << 20
_ENCRYPTED = 0x1
"""A bit of a zip entry's flags (APPNOTE 4.4.4)."""


_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What damaged zips make Python's reader raise."""


def unpack(backup: BinaryIO, folder: Path) -> Manifest:
    """Write the files of a backup into an empty folder, each proved to be the one backed up.

    Raises:
        BackupInvalidError: It is no backup, damaged, or far too large.
        StorageFullError: It doesn't fit on the disk.
    """
    try:
        with zipfile.ZipFile(backup) as archive:
            entries = _entries(archive)
            manifest = _manifest(archive, entries)
            _check_sizes(manifest, entries, folder)
            for name, seal in manifest.files.items():
                _write(archive, entries[name], seal, folder / name)
    except OSError as error:
        reason = error.strerror or error
        raise StorageFullError("The backup can't be unpacked: {r}.", r=reason) from error
    except _UNREADABLE as error:
        raise no_backup() from error
    return manifest


def _entries(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    entries = {entry.filename: entry for entry in archive.infolist()}
    is_twice = len(entries) != len(archive.infolist())
    if is_twice or any(entry.flag_bits & _ENCRYPTED for entry in entries.values()):
        raise no_backup()
    return entries


def _manifest(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> Manifest:
    if MANIFEST not in entries or entries[MANIFEST].file_size > MANIFEST_MAX_BYTES:
        raise no_backup()
    manifest = parse_manifest(archive.read(entries[MANIFEST]))
    if set(manifest.files) | {MANIFEST} != set(entries):
        raise _damaged()
    return manifest


def _check_sizes(manifest: Manifest, entries: Mapping[str, zipfile.ZipInfo], folder: Path) -> None:
    if any(entries[name].file_size != seal.size for name, seal in manifest.files.items()):
        raise _damaged()
    total = sum(seal.size for seal in manifest.files.values())
    small = [seal.size for name, seal in manifest.files.items() if name != DATABASE]
    if total > _UNPACKED_MAX_BYTES or max(small) > _SMALL_MAX_BYTES:
        raise BackupInvalidError("What is in this backup is far too large for a room.")
    if total + _SPARE_BYTES > shutil.disk_usage(folder).free:
        raise StorageFullError("There is no place for this backup on the disk.")


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, seal: Seal, file: Path) -> None:
    """Write one file; of one that is larger than it says, no more than that is read."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    digest, left = hashlib.sha256(), seal.size
    with archive.open(entry) as packed, file.open("xb") as opened:
        file.chmod(PRIVATE_FILE)
        while left and (chunk := packed.read(min(left, _CHUNK))):
            opened.write(chunk)
            digest.update(chunk)
            left -= len(chunk)
        opened.flush()
        os.fsync(opened.fileno())
    if left or digest.hexdigest() != seal.sha256:
        raise _damaged()


def _damaged() -> BackupInvalidError:
    return BackupInvalidError("This backup is damaged.")
