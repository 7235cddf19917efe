"""The composition root: builds every part, owns every lifetime, closes in reverse order."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from hivemind_chatroom.archive.staging import put_in_place
from hivemind_chatroom.diagnostics.figures import Figures
from hivemind_chatroom.errors import StorageFullError, traced
from hivemind_chatroom.hub.choice import assistant_of
from hivemind_chatroom.hub.desk import HubDesk
from hivemind_chatroom.hub.targets import choose_target
from hivemind_chatroom.lan.offer import DOMAIN, Offer
from hivemind_chatroom.lan.presence import Presence
from hivemind_chatroom.lan.reach import Reach
from hivemind_chatroom.lan.suspects import find_suspects
from hivemind_chatroom.operation import House, Operation, new_token, places_of
from hivemind_chatroom.operator.parts import Decided
from hivemind_chatroom.operator.ports import Login, Window
from hivemind_chatroom.paths import settings_file
from hivemind_chatroom.place import Place, free_port_wanted, take_port
from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.room.feed import RoomClosing
from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.server.gateway import Gateway
from hivemind_chatroom.server.stream import Streams
from hivemind_chatroom.settings import HubChoice, Origin, Settings
from hivemind_chatroom.store.retention import Retention
from hivemind_chatroom.store.sqlite import SqliteStore
from hivemind_chatroom.terms import (
    MADE_AT_START,
    folder_of,
    here_of,
    join_code,
    keep_of,
    names_of,
    offer_of,
    rules_of,
    store_of,
)
from hivemind_chatroom.web.app import OFFERED_LANGUAGES, WebSettings, create_app
from hivemind_chatroom.web.languages import KnownLanguages
from hivemind_chatroom.web.markdown import Markdown
from hivemind_chatroom.web.serialize import Typesetting

_log = logging.getLogger(__name__)


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
        origin: Origin | None = None,
        login: Login | None = None,
        window: Window | None = None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Build every part and start none.

        Args:
            settings: All that is decided before the start.
            origin: Where that comes from, to be read anew after a restore; None for the settings
                file alone.
            login: Whether the program starts at login; None where nobody opens it on a desktop.
            window: What shows the operator's page; None: nothing of ours.
            on_end: Called when a room that was to start anew can't; it is closed then.

        Raises:
            StartError: Its folder or its database can't be used; the kind says why.
        """
        self._origin = origin or Origin(settings_file())
        self._login = login
        self._window = window
        self._token = new_token()
        self._clock = SystemClock()
        self._turning = threading.Lock()
        """Held while the room is started, stopped or opened anew."""
        self._is_over = False
        self._read = origin.settings if origin else lambda: settings
        self._on_end = on_end
        self.failure: Exception | None = None
        """Why the room could not be opened again."""
        self._again: threading.Thread | None = None
        """Opens the room again."""
        self._ports: tuple[int | None, int] = (None, 0)
        """Those of the room and of its operator before it was opened again, to be taken again."""
        self._open(self._restored(settings))

    def _restored(self, settings: Settings) -> Settings:
        """Put in place what a restore has left for this start, and return the settings it brings.

        The disk may refuse it: then the room opens as it was.
        """
        places = places_of(settings, folder_of(settings), self._origin.file)
        try:
            is_restored = places and put_in_place(places, self._clock.now())
        except StorageFullError as error:
            _log.error("a restored backup waits for another start: %s", error.code)
            return settings
        return self._read() if is_restored else settings

    def _open(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = folder_of(settings)
        self._parts: list[_Part] = []
        """In the order of their start."""
        self._owned = contextlib.ExitStack()
        """What is let go of in the end, started or not."""
        self._here = here_of(settings, self._clock)
        self._store = store_of(settings, self._folder, self._clock)
        self._owned.callback(self._store.close)
        try:
            self._build()
        except BaseException:
            self._owned.close()
            raise

    def _build(self) -> None:
        settings, store, clock, known = self._settings, self._store, self._clock, KnownLanguages()
        rules = rules_of(settings, join_code(settings.code))
        self._room = Room(rules, store, clock, known)
        self._reach = Reach(
            self._here, clock, lambda: find_suspects(self._gateway.port), self._tell_operator
        )
        self._presence = Presence(self._here, clock, self._offer, self._tell_operator)
        self._streams = Streams(last_id=store.last_id(), on_change=self._member_is_present)
        self._own(self._streams)
        app = create_app(self._room, self._streams, known, clock, self._web())
        self._gateway = Gateway(app, self._streams)
        self._own(self._gateway)
        self._place = Place(settings, self._folder, store.room_id, self._gateway, self._here)
        self._figures = Figures(clock, store)
        self._room.feed.listen(self._figures.note)
        self._retention = Retention(store, keep_of(settings), clock)
        self._own(self._retention)
        targets = choose_target(settings.hub, self._folder)
        self._hub = HubDesk(self._room, targets, clock, self._tell_operator, self._presence.hubs)
        self._own(self._hub)
        operator_port = settings.operator_port or self._ports[1]
        self._operation = Operation(self._house(known), self._token, operator_port)
        self._own(self._operation)
        self._own(self._presence)
        # Told while the streams are still open: pages then know that nothing is broken.
        self._owned.callback(self._say_goodbye)

    def _say_goodbye(self) -> None:
        self._room.feed.publish(RoomClosing(self._room.settings))

    def _web(self) -> WebSettings:
        return WebSettings(
            names_of(self._settings, self._here).current,
            self._store.room_id,
            self._presence.rooms,
            rate_limit=self._settings.rate_limit,
            on_visit=self._reach.note_visit,
        )

    def _offer(self) -> Offer:
        return offer_of(
            self._settings, self._room.settings, self._store.room_id, self._gateway.port
        )

    def _house(self, known: KnownLanguages) -> House:
        fixed, file = self._origin.fixed(), self._origin.file
        return House(
            room=self._room,
            clock=self._clock,
            store=self._store,
            place=self._place,
            hub=self._hub,
            reach=self._reach,
            figures=self._figures,
            typesetting=Typesetting(known.direction, Markdown().html),
            decided=Decided(
                self._settings, fixed, file, known.standard, OFFERED_LANGUAGES, self._put_in_force
            ),
            settings=lambda: self._settings,
            start_anew=self.start_anew,
            return_to_port=self.return_to_port,
            login=self._login,
            window=self._window,
        )

    def _tell_operator(self) -> None:
        self._operation.touch()

    def _put_in_force(self, settings: Settings) -> None:
        code = self.code if settings.code == MADE_AT_START else join_code(settings.code)
        self._settings = settings
        self._retention.change(keep_of(settings))
        self._room.change_settings(rules_of(settings, code))
        self._here.wish(settings.lan_interface, f"{settings.lan_name}.{DOMAIN}")
        self._presence.renew()

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
        return assistant_of(self._hub.choice)

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
        with self._turning:
            self._begin()

    def _begin(self) -> None:
        try:
            take_port(self._gateway, self._settings, self._ports[0])
            self._operation.bind()
            self._take_up()
            for part in self._parts:
                part.start()
        except BaseException:
            self._owned.close()
            raise
        _log.info("serving on port %d", self._gateway.port)

    def stop(self) -> None:
        """Stop every part, the last made first, also one that was never started.

        Port and data folder are free afterwards; a second stop does nothing.
        """
        self._is_over = True
        with self._turning:
            self._owned.close()
        if self._again:
            self._again.join()

    def start_anew(self) -> None:
        """Close the room and open it again, with what a restore has left; returns at once.

        Its ports and the operator's token stay what they are.
        """
        self._turn_over(self._gateway.port)

    def return_to_port(self) -> None:
        """Close the room and open it again at the port that it was to have; returns at once.

        Raises:
            StartError: Another program has it still; the room stays where it is.
        """
        self._turn_over(free_port_wanted(self._settings))

    def _turn_over(self, port: int) -> None:
        self._again = threading.Thread(
            target=self._open_again, args=(port,), name="room-again", daemon=True
        )
        self._again.start()

    def _open_again(self, port: int) -> None:
        with self._turning:
            if self._is_over:
                return
            try:
                self._ports = (port, self._operation.port)
                self._owned.close()
                self._open(self._restored(self._read()))
                self._begin()
            except Exception as error:  # noqa: BLE001 - on this thread nobody else would hear of it
                _log.error("the room can't be opened again: %s", traced(error))
                self.failure = error
                self._on_end()

    def _member_is_present(self, audience: str, present: bool) -> None:  # noqa: FBT001 - a callback
        self._room.set_present(MemberId(audience), present=present)

    def _take_up(self) -> None:
        try:
            self._room.utterances.take_up(is_hub_wanted=self._hub.choice is not HubChoice.NONE)
        except StorageFullError:
            _log.warning("the disk is full: what an earlier run had asked waits for its deadline")
