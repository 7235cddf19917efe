"""The composition root: builds every part, owns every lifetime, closes in reverse order."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from hivemind_chatroom.diagnostics.figures import Figures
from hivemind_chatroom.errors import (
    IdentityError,
    IdentityMissingError,
    PortTakenError,
    StorageFullError,
)
from hivemind_chatroom.hub.desk import HubDesk
from hivemind_chatroom.hub.identity import identity_file, read_identity
from hivemind_chatroom.hub.targets import choose_target
from hivemind_chatroom.lan.addresses import Here, OwnNames
from hivemind_chatroom.operation import House, Operation
from hivemind_chatroom.operator.parts import Decided
from hivemind_chatroom.operator.ports import Login, Window
from hivemind_chatroom.paths import data_folder, private_folder, settings_file
from hivemind_chatroom.place import ANY_ADDRESS, Place
from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.room.feed import RoomClosing
from hivemind_chatroom.room.limits import JOIN_RATE, MEMBER_RATE
from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.room.ports import Clock, Store
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.server.gateway import Gateway
from hivemind_chatroom.server.stream import Streams
from hivemind_chatroom.settings import (
    CODE_DIGITS,
    MEMORY,
    PORT_DEFAULT,
    SQLITE,
    HubChoice,
    Settings,
    database_file,
)
from hivemind_chatroom.store.memory import MemoryStore
from hivemind_chatroom.store.retention import Keep, Retention
from hivemind_chatroom.store.sqlite import SqliteStore
from hivemind_chatroom.web.app import OFFERED_LANGUAGES, WebSettings, create_app
from hivemind_chatroom.web.languages import KnownLanguages
from hivemind_chatroom.web.markdown import Markdown
from hivemind_chatroom.web.serialize import Typesetting

_log = logging.getLogger(__name__)

_PORTS_TRIED = 10
"""Ports from 8985 up that are tried when nobody asked for one."""

_NOTHING_FIXED: Mapping[str, str] = MappingProxyType({})


class _Part(Protocol):
    """What runs from the room's start to its stop."""

    def start(self) -> None: ...

    def stop(self) -> None:
        """End it, or let go of what it holds if it was never started."""


class Chatroom:
    """One running room with everything it needs; several may live in one process."""

    def __init__(
        self,
        settings: Settings,
        *,
        fixed: Mapping[str, str] = _NOTHING_FIXED,
        login: Login | None = None,
        window: Window | None = None,
    ) -> None:
        """Build every part and start none.

        Args:
            settings: All that is decided before the start.
            fixed: The names of those that the settings file doesn't decide, with what does.
            login: Whether the program starts at login; None where nobody opens it on a desktop.
            window: What shows the operator's page; None: nothing of ours.

        Raises:
            FolderUnusableError: The data folder can't be made or written, or that of the database.
            DatabaseForeignError: The database that was asked for is somebody else's file.
            FolderInUseError: Another room uses it.
            DatabaseNewerError: A newer version of the program has written the database.
            UpgradeFailedError: The database is of an older version, and stays so.
        """
        self._settings = settings
        self._folder = private_folder(settings.data_dir or data_folder())
        self._parts: list[_Part] = []
        """In the order of their start."""
        self._owned = contextlib.ExitStack()
        """What `stop` lets go of, started or not."""
        clock = SystemClock()
        self._here = Here(clock)
        self._store = _open_store(settings, self._folder, clock)
        self._owned.callback(self._store.close)
        try:
            known = KnownLanguages()
            self._build(clock, known)
            house = House(
                self._room,
                clock,
                self._store,
                self._place,
                self._hub,
                self._figures,
                Typesetting(known.direction, Markdown().html),
                Decided(settings, fixed, settings_file(), OFFERED_LANGUAGES, self._put_in_force),
                lambda: self._settings,
                login,
                window,
            )
            self._operation = Operation(house, settings.operator_port)
            self._own(self._operation)
        except BaseException:
            self.stop()
            raise

    def _build(self, clock: Clock, known: KnownLanguages) -> None:
        settings, store = self._settings, self._store
        rules = _rules(settings, _join_code(settings.code))
        self._room = Room(rules, store, clock, known)
        self._streams = Streams(last_id=store.last_id(), on_change=self._member_is_present)
        self._own(self._streams)
        # A name or an address that --host asked for is one by which browsers call us.
        named = () if settings.host in ANY_ADDRESS else (settings.host,)
        names = OwnNames((*named, *settings.hosts), self._here)
        web = WebSettings(
            names.current,
            store.room_id,
            rate_limit=settings.rate_limit,
            on_visit=self._here.note_visit,
        )
        app = create_app(self._room, self._streams, known, clock, web)
        self._gateway = Gateway(app, self._streams)
        self._own(self._gateway)
        self._place = Place(settings, self._folder, store.room_id, self._gateway, self._here)
        self._figures = Figures(clock)
        self._room.feed.listen(self._figures.note)
        self._retention = Retention(store, _keep(settings), clock)
        self._own(self._retention)
        targets = choose_target(settings.hub, self._folder)
        self._hub = HubDesk(self._room, targets, clock, on_news=self._tell_operator)
        self._own(self._hub)
        # Told while the streams are still open: pages then know that nothing is broken.
        self._owned.callback(self._say_goodbye)

    def _say_goodbye(self) -> None:
        self._room.feed.publish(RoomClosing(self._room.settings))

    def _tell_operator(self) -> None:
        self._operation.touch()

    def _put_in_force(self, settings: Settings) -> None:
        code = self.code if settings.code == "auto" else _join_code(settings.code)
        self._settings = settings
        self._retention.change(_keep(settings))
        self._room.change_settings(_rules(settings, code))

    def _own(self, part: _Part) -> None:
        self._parts.append(part)
        self._owned.callback(part.stop)

    @property
    def set_aside(self) -> Path | None:
        """Where a broken database was put when this room began a new one."""
        return self._store.set_aside if isinstance(self._store, SqliteStore) else None

    @property
    def name(self) -> str:
        """The room's name."""
        return self._room.settings.name

    @property
    def url(self) -> str:
        """Where this computer's own browser finds the room."""
        return self._place.url

    @property
    def lan_url(self) -> str | None:
        """Where others on the network find the room; None without a network."""
        return self._place.lan_url

    @property
    def operator_url(self) -> str:
        """The operator's page with the secret of this start in it; for eyes, and for no log."""
        return self._operation.url

    @property
    def code(self) -> str:
        """The join code; empty while the room is open."""
        return self._room.settings.code

    @property
    def assistant(self) -> str:
        """Which assistant answers, in words for the operator."""
        choice, file = self._hub.choice, identity_file()
        if choice is HubChoice.NONE:
            return "none; people talk with each other"
        if choice is HubChoice.BUILT_IN:
            return "the built-in one"
        try:
            read_identity(file)
        except IdentityError as error:
            if choice is HubChoice.AUTO and isinstance(error, IdentityMissingError):
                return f"the built-in one, as there is no HiveMind identity at {file}"
            return f"none yet. {error}"
        return f"the hub of the HiveMind identity at {file}"

    @property
    def room(self) -> Room:
        """The room that is served."""
        return self._room

    def start(self) -> None:
        """Serve the page first, then connect to the hub in the background.

        Raises:
            PortTakenError: The port that was asked for is busy, or all that may be tried are.
            HostInvalidError: The host is no address of this computer.
        """
        try:
            self._bind()
            self._operation.bind()
            self._take_up()
            for part in self._parts:
                part.start()
        except BaseException:
            self.stop()
            raise
        _log.info("serving on port %d", self._gateway.port)

    def stop(self) -> None:
        """Stop every part, the last made first, also one that was never started.

        Port and data folder are free afterwards; a second stop does nothing.
        """
        self._owned.close()

    def _member_is_present(self, audience: str, present: bool) -> None:  # noqa: FBT001 - a callback
        self._room.set_present(MemberId(audience), present=present)

    def _take_up(self) -> None:
        try:
            self._room.utterances.take_up(is_hub_wanted=self._hub.choice is not HubChoice.NONE)
        except StorageFullError:
            _log.warning("the disk is full: what an earlier run had asked waits for its deadline")

    def _bind(self) -> None:
        host, port = self._settings.host, self._settings.port
        if port is not None:
            self._gateway.bind(host, port)
            return
        for tried in range(PORT_DEFAULT, PORT_DEFAULT + _PORTS_TRIED):
            with contextlib.suppress(PortTakenError):
                self._gateway.bind(host, tried)
                return
        raise PortTakenError(PORT_DEFAULT)


def _open_store(settings: Settings, folder: Path, clock: Clock) -> Store:
    file = database_file(settings.database, folder)
    if file is None:
        return MemoryStore(clock)
    return SqliteStore(file, clock, is_own_place=settings.database == SQLITE)


def _rules(settings: Settings, code: str) -> RoomSettings:
    return RoomSettings(
        settings.room_name,
        code,
        keep_days=None if settings.database == MEMORY else settings.keep_days,
        members_max=settings.members_max,
        languages=settings.languages,
        paused=settings.paused,
        member_rate=MEMBER_RATE if settings.rate_limit else None,
        join_rate=JOIN_RATE if settings.rate_limit else None,
    )


def _keep(settings: Settings) -> Keep:
    return Keep(settings.keep_days, settings.keep_messages)


def _join_code(wanted: str) -> str:
    if wanted == "none":
        return ""
    if wanted == "auto":
        return "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    return wanted
