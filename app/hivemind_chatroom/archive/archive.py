"""The room as files: its log to read, and all of it to keep and to bring back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import UTC
from typing import BinaryIO

from hivemind_chatroom.archive.export import Export
from hivemind_chatroom.archive.kept_settings import settings_to_keep
from hivemind_chatroom.archive.packing import pack
from hivemind_chatroom.archive.staging import Places, look_into, stage
from hivemind_chatroom.errors import BackupFailedError, BackupInvalidError
from hivemind_chatroom.room.operating import Download, ExportFormat
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.settings import Settings

_log = logging.getLogger(__name__)


class Archive:
    """Exports, backs up and restores one room; safe to call from any thread."""

    def __init__(  # noqa: PLR0913 - what a backup is made of
        self,
        export: Export,
        places: Places | None,
        *,
        settings: Callable[[], Settings],
        fixed: Collection[str],
        identity: Callable[[], Mapping[str, bytes]],
        start_anew: Callable[[], None],
        clock: Clock,
    ) -> None:
        """Keep what these are.

        Args:
            export: Writes the log.
            places: Where the room is; None if it keeps nothing on disk.
            settings: Returns those in force, with the code that people join with.
            fixed: The names of those that are so for this start alone, by a flag or a variable.
            identity: Returns the files of the identity by their names.
            start_anew: Has the room closed, and opened again; returns at once.
            clock: Dates the files.
        """
        self._export = export
        self._places = places
        self._settings = settings
        self._fixed = fixed
        self._identity = identity
        self._start_anew = start_anew
        self._clock = clock
        self._restoring = threading.Lock()

    def export(self, to: ExportFormat) -> Download:
        """Return the public log; private messages are not in it."""
        return self._export.download(to)

    def backup(self) -> Download:
        """Return the whole room as one zip: database, settings, identity.

        Raises:
            BackupFailedError: It can't be made; the sentence says why.
        """
        if self._places is None:
            raise BackupFailedError("A room that keeps nothing on disk has nothing to back up.")
        now = self._clock.now()
        packed = pack(
            self._places.database,
            settings_to_keep(self._settings(), self._fixed),
            self._identity(),
            self._places.folder,
            now.astimezone(UTC).isoformat(timespec="seconds"),
        )
        day = now.astimezone().date()
        return Download(f"chatroom-backup-{day}.zip", "application/zip", packed)

    def look_into(self, backup: BinaryIO) -> str:
        """Check a backup, and change nothing.

        Args:
            backup: The zip, from its beginning; it can be sought in.

        Returns:
            When it was made (RFC 3339).

        Raises:
            BackupInvalidError: It is no backup of a room, or damaged.
            StorageFullError: There is no place to unpack it.
        """
        with self._restoring:
            return look_into(backup, self._places_of_all()).made_at

    def restore(self, backup: BinaryIO) -> None:
        """Check a backup, let it wait in the data folder, and have the room start anew.

        Args:
            backup: The zip, from its beginning; it can be sought in.

        Raises:
            BackupInvalidError: It is no backup of a room, or damaged; nothing has changed.
            StorageFullError: There is no place for it; nothing has changed.
        """
        with self._restoring:
            stage(backup, self._places_of_all())
        _log.info("a backup is restored; the room starts anew")
        self._start_anew()

    def _places_of_all(self) -> Places:
        if self._places is None:
            raise BackupInvalidError("A room that keeps nothing on disk can't be restored.")
        return self._places
