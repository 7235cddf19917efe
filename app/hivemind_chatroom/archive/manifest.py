"""What a backup says of itself: who made it, and a seal on each of its files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from hivemind_chatroom.errors import BackupInvalidError

MANIFEST = "manifest.json"
DATABASE = "room.db"
SETTINGS = "settings.toml"
IDENTITY = "identity/"
"""What comes before the names of the identity's files."""

MANIFEST_MAX_BYTES = 64 * 1024

_APP = "hivemind-chatroom"
_FORMAT = 1
_FILES_MAX = 16
_CHUNK = 1 << 20

_KEY = r"\w[\w .-]{0,99}\.(pem|key)"
_NAME = re.compile(rf"room\.db|settings\.toml|identity/(_identity\.json|{_KEY})")
"""No other name is a file of a backup: none leads out of the folder that it is for."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Seal:
    """What a file must be like to be the one that was backed up."""

    size: int
    """In bytes."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup."""

    version: str
    """Of the program that made it."""
    made_at: str
    """RFC 3339."""
    files: Mapping[str, Seal]

    def to_json(self) -> bytes:
        """Return it as it stands in a backup."""
        files = {
            name: {"size": seal.size, "sha256": seal.sha256} for name, seal in self.files.items()
        }
        value = {
            "app": _APP,
            "format": _FORMAT,
            "version": self.version,
            "made_at": self.made_at,
            "files": files,
        }
        return json.dumps(value, indent=1).encode()


def parse_manifest(content: bytes) -> Manifest:
    """Read what a backup says of itself.

    Raises:
        BackupInvalidError: It is none of ours, or of a newer form.
    """
    try:
        value = json.loads(content)
        if value["app"] != _APP:
            raise no_backup()
        if value["format"] != _FORMAT:
            raise BackupInvalidError("This backup is of a newer version. Update the room first.")
        files = {name: _seal(seal) for name, seal in value["files"].items()}
        manifest = Manifest(str(value["version"]), str(value["made_at"]), files)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise no_backup() from error
    is_ours = all(_NAME.fullmatch(name) for name in files)
    if not is_ours or len(files) > _FILES_MAX or not {DATABASE, SETTINGS} <= set(files):
        raise no_backup()
    return manifest


def seal_of(file: BinaryIO) -> Seal:
    """Read a file to its end and return its seal."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Seal(size, digest.hexdigest())


def no_backup() -> BackupInvalidError:
    """Return what is wrong with a file that has nothing to do with us."""
    return BackupInvalidError("This file is no backup of a room.")


def _seal(value: Any) -> Seal:  # noqa: ANN401 - what a stranger may have written
    size, digest = value["size"], value["sha256"]
    if type(size) is not int or size < 0 or not _DIGEST.fullmatch(digest):
        raise no_backup()
    return Seal(size, digest)
