"""The operator's side of a room: its app with a listener and streams of its own, on loopback."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hivemind_chatroom.archive.archive import Archive
from hivemind_chatroom.archive.export import Export
from hivemind_chatroom.archive.staging import Places
from hivemind_chatroom.diagnostics.figures import Figures
from hivemind_chatroom.diagnostics.health import health_at
from hivemind_chatroom.diagnostics.report import Reports, Sources
from hivemind_chatroom.errors import IdentityError, PortTakenError
from hivemind_chatroom.hub.belongings import belongings
from hivemind_chatroom.hub.desk import HubDesk
from hivemind_chatroom.hub.identity import identity_file, read_identity
from hivemind_chatroom.lan.reach import Reach
from hivemind_chatroom.operator.app import create_app
from hivemind_chatroom.operator.parts import Decided, Parts
from hivemind_chatroom.operator.ports import Json, Login, Window
from hivemind_chatroom.operator.security import body_limit
from hivemind_chatroom.place import Place
from hivemind_chatroom.room.model import Member, Message
from hivemind_chatroom.room.ports import Clock, Store
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.server.gateway import Gateway
from hivemind_chatroom.server.limits import Limits, StreamLimits, fitted
from hivemind_chatroom.server.stream import Streams
from hivemind_chatroom.settings import Settings, database_file
from hivemind_chatroom.store.place import DatabasePlace
from hivemind_chatroom.terms import OPEN
from hivemind_chatroom.web.serialize import Typesetting, member_json, message_json

_HOST: Final = "127.0.0.1"
_TOKEN_BYTES: Final = 32

_STOP_S: Final = 0.5
"""Seconds that a request may take to finish when the room is closed."""

_LIMITS: Final = Limits(threads=4, request_s=60.0, connections=200)
"""One window and a few scripts call; a backup takes its time through a tunnel."""

_STREAM_LIMITS: Final = StreamLimits(keep_bytes=16 << 20, streams=50)
"""A snapshot of a full room has a megabyte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the operator runs."""

    room: Room
    clock: Clock
    store: Store
    place: Place
    hub: HubDesk
    reach: Reach
    figures: Figures
    typesetting: Typesetting
    decided: Decided
    settings: Callable[[], Settings]
    """Returns those in force."""
    start_anew: Callable[[], None]
    """Has the room closed and opened again; returns at once."""
    return_to_port: Callable[[], None]
    """As `start_anew`, at the port that the room was to have; raises if that is not free."""
    on_watch: Callable[[bool], None]
    """Told whether a page of the operator's hears of the room; returns at once."""
    sockets: int
    """How many the operator's clients may have."""
    login: Login | None
    window: Window | None

    def parts(self) -> Parts:
        """Return what the operator's app is built on."""
        place = self.place
        sources = Sources(
            self.room, self.settings, self.store, place.here, place.log_folder, self._secrets
        )
        return Parts(
            room=self.room,
            clock=self.clock,
            decided=self.decided,
            place=place,
            hub=self.hub,
            lan=place.here,
            reach=self.reach,
            storage=self.store,
            figures=self.figures,
            archive=self._archive(),
            reports=Reports(sources, self.clock),
            serialize=_Serialize(self.typesetting),
            return_to_port=self.return_to_port,
            has_room=lambda port: health_at(self._own_host(), port) is not None,
            login=self.login,
            window=self.window,
        )

    def _own_host(self) -> str:
        return urlsplit(self.place.url).hostname or _HOST

    def _archive(self) -> Archive:
        return Archive(
            Export(self.store, lambda: self.room.settings.name, self.clock),
            places_of(self.settings(), self.place.folder, self.decided.file),
            settings=lambda: replace(self.settings(), code=self.room.settings.code or OPEN),
            fixed=self.decided.fixed,
            identity=lambda: belongings(identity_file()),
            start_anew=self.start_anew,
            clock=self.clock,
        )

    def _secrets(self) -> list[str]:
        """Return what no report may have in it."""
        door = self.room.door
        try:
            identity = read_identity(identity_file())
        except IdentityError:
            return [door.code, door.invitation]
        return [door.code, door.invitation, identity.access_key, identity.password]


def places_of(settings: Settings, folder: Path, settings_file: Path) -> Places | None:
    """Return where the parts of a room are; None if it keeps nothing on disk.

    Args:
        settings: Of the room.
        folder: Its data folder.
        settings_file: Where they are written.
    """
    database = database_file(settings.database, folder)
    if database is None:
        return None
    return Places(folder, DatabasePlace(database), settings_file, identity_file())


def new_token() -> str:
    """Return the secret of a launch."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


class Operation:
    """What the operator's window talks to; nothing of it can be reached from another computer."""

    def __init__(self, house: House, token: str, port: int) -> None:
        """Make it, and open nothing yet.

        Args:
            house: What is run.
            token: The secret of this launch.
            port: The port to listen on, 0 for any that is free.
        """
        self._token = token
        self._port_wanted = port
        self._on_watch = house.on_watch
        limits, stream_limits = fitted(house.sockets, _LIMITS, _STREAM_LIMITS)
        self._streams = Streams(limits=stream_limits, on_change=self._watch, name="operator-stream")
        app = create_app(house.parts(), self._streams, token, lambda: self._gateway.port)
        self._live = app.live
        limits = replace(limits, body_bytes_of=body_limit(token))
        self._gateway = Gateway(app.wsgi, self._streams, name="operator", limits=limits)

    @property
    def url(self) -> str:
        """The operator's page with the token, once there is a port: for eyes, and for no log."""
        return f"http://{_HOST}:{self.port}/#k={self._token}"

    @property
    def port(self) -> int:
        """The port that `bind` took."""
        return self._gateway.port

    def bind(self) -> None:
        """Take the port.

        Raises:
            PortTakenError: Another program has it.
        """
        try:
            self._gateway.bind(_HOST, self._port_wanted)
        except PortTakenError as error:
            raise PortTakenError(error.port, "--operator-port") from error

    def start(self) -> None:
        """Serve; `bind` came before."""
        self._streams.start()
        self._live.start()
        self._gateway.start()

    def stop(self) -> None:
        """Free the port, and end every stream and thread."""
        self._gateway.stop(_STOP_S)
        self._live.stop()
        self._streams.stop()

    def touch(self) -> None:
        """Say that something is otherwise that the room's feed does not tell; never waits."""
        self._live.touch()

    def _watch(self, _audience: str, is_watched: bool) -> None:  # noqa: FBT001 - a callback
        self._live.watch(is_watched=is_watched)
        self._on_watch(is_watched)


class _Serialize:
    """The room's values in the words of its own API."""

    def __init__(self, typesetting: Typesetting) -> None:
        self._typesetting = typesetting

    def member(self, member: Member, *, present: bool) -> Json:
        return member_json(member, present=present)

    def message(self, message: Message) -> Json:
        return message_json(message, None, self._typesetting)
