"""What the operator may send to somebody who helps: versions, settings, health and log.

It is made of what is known to be harmless: a setting is told only if it is named here, everything
else only as "default" or "set". The log holds no secrets and no words of people's; should one ever
slip in, what is known by then is taken out here as well.
"""

from __future__ import annotations

import io
import json
import platform
import re
import sqlite3
import sys
import threading
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Protocol

from hivemind_chatroom.diagnostics.logs import LOG_FILE
from hivemind_chatroom.room.operating import Download, LanStanding, StorageStanding
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.settings import Settings
from hivemind_chatroom.version import __version__

_LOG_MAX_BYTES = 1_000_000
"""The newest part of the log that a report has."""

_TOLD = (
    "port",
    "log_level",
    "hub",
    "keep_days",
    "keep_messages",
    "rate_limit",
    "lan",
    "operator_port",
    "paused",
    "members_max",
    "languages",
    "language",
    "set_up",
    "set_up_step",
    "set_up_later",
)
"""The settings whose values tell nothing of anybody."""

_HIDDEN = "•••"

Json = Mapping[str, object]


class Lan(Protocol):
    """This computer on the LAN."""

    def standing(self) -> LanStanding:
        """Tell its addresses and its name."""
        ...


class Storage(Protocol):
    """The room's memory."""

    def standing(self) -> StorageStanding:
        """Tell what it holds."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """What a report is made of."""

    room: Room
    """Whose hub and people are counted, and whose names are taken out of the log."""
    settings: Callable[[], Settings]
    """Returns those in force."""
    storage: Storage
    lan: Lan
    log_folder: Path | None
    """Where the log is; None if that goes to the console."""
    secrets: Callable[[], Iterable[str]]
    """Returns what must not be in it besides names: codes, keys, passwords."""


class Reports:
    """Makes reports of one room."""

    def __init__(self, sources: Sources, clock: Clock) -> None:
        """Report on these, with the time of `clock`."""
        self._sources = sources
        self._clock = clock
        self._began = clock.monotonic()

    def report(self) -> Download:
        """Return versions, settings, health and log as one zip.

        No key, password, code, name or message is in it.
        """
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, value in (
                ("versions.json", _versions()),
                ("settings.json", _masked(self._sources.settings())),
                ("health.json", self._health()),
            ):
                archive.writestr(name, json.dumps(value, indent=1, ensure_ascii=False))
            archive.writestr("log.txt", self._log())
        day = self._clock.now().astimezone().date()
        return Download(f"chatroom-report-{day}.zip", "application/zip", [packed.getvalue()])

    def _health(self) -> Json:
        room = self._sources.room
        hub, people = room.hub, room.members()
        storage, lan = self._sources.storage.standing(), self._sources.lan.standing()
        return {
            "made_at": _moment(self._clock.now()),
            "up_s": round(self._clock.monotonic() - self._began),
            "people": {"members": len(people), "present": sum(here for _, here in people)},
            "hub": {
                "state": hub.state,
                "since": _moment(hub.since),
                "reason": str(hub.reason),
                "builtin": hub.builtin,
            },
            "store": {
                "state": storage.state,
                "messages": storage.messages,
                "bytes": storage.bytes,
                "free_bytes": storage.free_bytes,
                "is_set_aside": storage.set_aside is not None,
            },
            "lan": {
                "addresses": len(lan.addresses),
                "has_name": lan.name is not None,
                "last_visitor_at": _moment(lan.last_visitor_at),
            },
            "threads": sorted(thread.name for thread in threading.enumerate()),
        }

    def _log(self) -> str:
        room, folder = self._sources.room, self._sources.log_folder
        if folder is None:
            return "The log goes to the console.\n"
        names = [room.settings.name, *(member.name for member, _ in room.members())]
        secrets = [*self._sources.secrets(), *names, str(Path.home())]
        return _without(secrets, _newest_of(folder / LOG_FILE))


def _versions() -> Json:
    return {
        "chatroom": __version__,
        "python": sys.version,
        "implementation": platform.python_implementation(),
        "system": platform.platform(),
        "machine": platform.machine(),
        "sqlite": sqlite3.sqlite_version,
        "is_bundled": bool(getattr(sys, "frozen", False)),
        "libraries": {each.name: each.version for each in metadata.distributions()},
    }


def _masked(settings: Settings) -> Json:
    defaults = Settings()
    names = [field.name for field in fields(Settings)]
    return {
        name: value if name in _TOLD else "default" if value == getattr(defaults, name) else "set"
        for name in names
        for value in [getattr(settings, name)]
    }


def _newest_of(file: Path) -> str:
    """Return the end of a log that goes on from file to file."""
    newest = b""
    for part in (file, file.with_name(f"{file.name}.1")):
        try:
            newest = part.read_bytes() + newest
        except OSError:  # none yet
            break
    text = newest[-_LOG_MAX_BYTES:].decode("utf-8", "replace")
    return text if len(newest) <= _LOG_MAX_BYTES else text.partition("\n")[2]


def _without(words: Iterable[str], text: str) -> str:
    """Return a text in which these words are hidden, where they aren't parts of others."""
    wanted = sorted({re.escape(word) for word in words if word}, key=len, reverse=True)
    if not wanted:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)", _HIDDEN, text)


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None
