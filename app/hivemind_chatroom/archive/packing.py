"""A backup: the room in one zip."""

from __future__ import annotations

import contextlib
import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from hivemind_chatroom.archive.manifest import (
    DATABASE,
    IDENTITY,
    MANIFEST,
    SETTINGS,
    Manifest,
    Seal,
    seal_of,
)
from hivemind_chatroom.archive.ports import Database
from hivemind_chatroom.errors import BackupFailedError
from hivemind_chatroom.version import __version__

COPY_PREFIX = ".backup-"
"""What the folder of a copy that is being packed begins with."""

_CHUNK = 64 * 1024


class Pack:
    """A finished file that is read once, and is gone when it is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read `file` from its beginning."""
        self._file = file
        self._file.seek(0)

    def __iter__(self) -> Iterator[bytes]:
        """Read it piece by piece."""
        with self._file:
            while chunk := self._file.read(_CHUNK):
                yield chunk

    def close(self) -> None:
        """Let go of the file; a second close does nothing."""
        self._file.close()


def pack(
    database: Database, settings: bytes, identity: Mapping[str, bytes], folder: Path, made_at: str
) -> Pack:
    """Put the room into one zip.

    Args:
        database: Copied while the room goes on.
        settings: A settings file.
        identity: The identity's files by their names; nothing if there is none.
        folder: Where there is room for what is on its way; nothing is left there.
        made_at: RFC 3339.

    Raises:
        BackupFailedError: It can't be made; nothing is left of it.
    """
    files = {SETTINGS: settings, **{f"{IDENTITY}{name}": each for name, each in identity.items()}}
    with contextlib.ExitStack() as failing:
        try:
            packed = failing.enter_context(tempfile.TemporaryFile(dir=folder))
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                seals = {DATABASE: _add_database(archive, database, folder)}
                for name, content in files.items():
                    seals[name] = _add(archive, name, content)
                archive.writestr(MANIFEST, Manifest(__version__, made_at, seals).to_json())
        except OSError as error:
            reason = error.strerror or error
            raise BackupFailedError(f"The backup can't be written: {reason}.") from error
        failing.pop_all()
    return Pack(packed)


def _add_database(archive: zipfile.ZipFile, database: Database, folder: Path) -> Seal:
    with tempfile.TemporaryDirectory(prefix=COPY_PREFIX, dir=folder) as beside:
        copy = Path(beside) / DATABASE
        database.copy_to(copy)
        archive.write(copy, DATABASE)
        with copy.open("rb") as opened:
            return seal_of(opened)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> Seal:
    archive.writestr(name, content)
    return seal_of(io.BytesIO(content))
