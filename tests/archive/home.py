"""A computer with a room on it, as far as backups are concerned."""

from __future__ import annotations

import io
from pathlib import Path

from fakes import FakeClock
from hivemind_chatroom.archive.archive import Archive
from hivemind_chatroom.archive.export import Export
from hivemind_chatroom.archive.staging import Places
from hivemind_chatroom.settings import Settings
from hivemind_chatroom.store.memory import MemoryStore
from hivemind_chatroom.store.place import DatabasePlace
from hivemind_chatroom.store.sqlite import SqliteStore

IDENTITY = {"_identity.json": b'{"access_key": "abc"}', "ours_noise.key": b"noise"}
Files = dict[str, bytes]


class Home:
    """A computer with a room on it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.config = folder / "config"
        self.data.mkdir(parents=True)
        self.config.mkdir()
        self.clock = FakeClock()
        self.settings = Settings(room_name='The "Bees" ü', code="482193", port=8990)
        self.fixed: tuple[str, ...] = ()
        self.identity = IDENTITY
        self.started_anew = 0
        self.places = Places(
            self.data,
            DatabasePlace(self.data / "room.db"),
            self.config / "settings.toml",
            self.config / "hivemind" / "_identity.json",
        )

    def open(self) -> SqliteStore:
        return SqliteStore(self.data / "room.db", self.clock)

    def archive(self) -> Archive:
        return Archive(
            Export(MemoryStore(self.clock), lambda: "Room", self.clock),
            self.places,
            settings=lambda: self.settings,
            fixed=self.fixed,
            identity=lambda: self.identity,
            start_anew=self._start_anew,
            clock=self.clock,
        )

    def backup(self) -> bytes:
        return b"".join(self.archive().backup().chunks)

    def restore(self, backup: bytes) -> None:
        self.archive().restore(io.BytesIO(backup))

    def look_into(self, backup: bytes) -> str:
        return self.archive().look_into(io.BytesIO(backup))

    def files(self) -> Files:
        """Return everything that is on this computer, by path."""
        return {
            str(path.relative_to(self.data.parent)): path.read_bytes()
            for path in sorted(self.data.parent.rglob("*"))
            if path.is_file()
        }

    def _start_anew(self) -> None:
        self.started_anew += 1
