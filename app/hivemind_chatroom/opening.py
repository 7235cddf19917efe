"""One opening of the room: every part that runs from its start to its stop."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hivemind_chatroom.agreement import Agreement
from hivemind_chatroom.diagnostics.figures import Figures
from hivemind_chatroom.hub.desk import HubDesk
from hivemind_chatroom.hub.duty import HubDuty
from hivemind_chatroom.hub.targets import choose_target
from hivemind_chatroom.lan.offer import Offer
from hivemind_chatroom.lan.presence import Presence
from hivemind_chatroom.lan.reach import Reach
from hivemind_chatroom.lan.suspects import find_suspects
from hivemind_chatroom.operation import House, Operation, new_token
from hivemind_chatroom.operator.parts import Decided
from hivemind_chatroom.operator.ports import Login, Window
from hivemind_chatroom.place import Place, take_port
from hivemind_chatroom.room.changes import ChangeKind
from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.room.feed import RoomClosing
from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.server.descriptors import allowed_descriptors, share_out
from hivemind_chatroom.server.gateway import Gateway
from hivemind_chatroom.server.limits import Limits, StreamLimits, fitted
from hivemind_chatroom.server.stream import Streams
from hivemind_chatroom.settings import Origin, Settings
from hivemind_chatroom.store.retention import Retention
from hivemind_chatroom.store.sqlite import SqliteStore
from hivemind_chatroom.terms import (
    MADE_AT_START,
    folder_of,
    here_of,
    join_code,
    keep_of,
    limits_of,
    names_of,
    offer_of,
    rules_of,
    store_of,
    wanted_name_of,
)
from hivemind_chatroom.web.app import OFFERED_LANGUAGES, WebSettings, create_app
from hivemind_chatroom.web.languages import KnownLanguages
from hivemind_chatroom.web.markdown import Markdown
from hivemind_chatroom.web.serialize import Typesetting

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of an opening before this one, to be taken again."""

    room: int | None = None
    operator: int = 0
    """0 for any that is free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What stays as it is while the room is closed and opened again."""

    origin: Origin
    login: Login | None
    window: Window | None
    start_anew: Callable[[], None]
    """Has the room closed and opened again; returns at once."""
    return_to_port: Callable[[], None]
    """Likewise, at the port that it was to have."""
    on_watch: Callable[[bool], None]
    """Told whether an operator's page hears of the room; returns at once."""
    token: str = field(default_factory=new_token, repr=False)
    """The operator's secret."""
    clock: Clock = field(default_factory=SystemClock)


class _Part(Protocol):
    """What runs from the room's start to its stop."""

    def start(self) -> None: ...

    def stop(self) -> None:
        """End it, or let go of what it holds if it was never started."""


class Opening:
    """Builds every part, starts them in order, and stops them in the reverse one."""

    def __init__(self, settings: Settings, around: Surroundings, ports: Ports) -> None:
        """Build every part and start none.

        Args:
            settings: All that is decided before the start.
            around: What outlives this opening.
            ports: Those to take if they are free and no other ones are asked for.

        Raises:
            StartError: The room's folder or its database can't be used; the kind says why.
        """
        self.settings = settings
        """Those in force."""
        self._around = around
        self._ports = ports
        self._parts: list[_Part] = []
        """In the order of their start."""
        self._owned = contextlib.ExitStack()
        """What is let go of in the end, started or not."""
        self._folder = folder_of(settings)
        self._here = here_of(settings, around.clock)
        self.store = store_of(settings, self._folder, around.clock)
        self._owned.callback(self.store.close)
        self._agreement = Agreement(self.store.shared)
        self._deciding = threading.Lock()
        """Held until what is decided is in force."""
        try:
            self._build()
        except BaseException:
            self._owned.close()
            raise

    def _build(self) -> None:
        store, clock = self.store, self._around.clock
        settings = self.settings = self._agreement.begun(self.settings)
        known = KnownLanguages()
        self.room = Room(rules_of(settings, join_code(settings.code)), store, clock, known)
        self._reach = Reach(
            self._here, clock, lambda: find_suspects(self.gateway.port), self._tell_operator
        )
        self._presence = Presence(self._here, clock, self._offer, self._tell_operator)
        self._shares = share_out(allowed_descriptors())
        limits, stream_limits = self._limits()
        self.streams = Streams(
            last_id=self.room.feed.last_id, limits=stream_limits, on_change=self._member_is_present
        )
        self._own(self.streams)
        if store.changes:
            self.room.following.when(ChangeKind.SETTING, self._follow_settings)
            self._own(store.changes.hints(self.room.following.catch_up))
        if self.room.whereabouts.rounds:
            self._own(self.room.whereabouts.rounds)
        app = create_app(self.room, self.streams, known, clock, self._web())
        self.gateway = Gateway(app, self.streams, limits=limits)
        self._own(self.gateway)
        self.place = Place(settings, self._folder, store.room_id, self.gateway, self._here)
        self._figures = Figures(clock, store)
        self.room.feed.listen(self._figures.note)
        self._retention = Retention(store, keep_of(settings), clock)
        self._own(self._retention)
        targets = choose_target(settings.hub, self._folder)
        self.hub = HubDesk(
            self.room, targets, clock, self._tell_operator, self._presence.hubs, store.lead
        )
        self._owned.callback(self.hub.stop)
        self._own(HubDuty(self.room, self.hub, store.lead))
        operator_port = settings.operator_port or self._ports.operator
        self.operation = Operation(self._house(known), self._around.token, operator_port)
        self._own(self.operation)
        self._own(self._presence)
        if store.shared:
            self._follow_settings()  # decided after they were read, and before changes are heard of
        # Told while the streams are still open: pages then know that nothing is broken.
        self._owned.callback(self._say_goodbye)

    @property
    def set_aside(self) -> Path | None:
        """Where a broken database was put when this opening began a new one."""
        return self.store.set_aside if isinstance(self.store, SqliteStore) else None

    def start(self) -> None:
        """Serve the page first, then all that is slow.

        Raises:
            PortTakenError: The port that was asked for is busy, or all that may be tried are.
            HostInvalidError: The host is no address of this computer.
        """
        try:
            take_port(self.gateway, self.settings, self._ports.room)
            self.operation.bind()
            for part in self._parts:
                part.start()
        except BaseException:
            self._owned.close()
            raise
        _log.info("serving on port %d", self.gateway.port)

    def stop(self) -> None:
        """Stop every part, the last made first, also one that was never started.

        Ports and data folder are free afterwards; a second stop does nothing.
        """
        self._owned.close()

    def _own(self, part: _Part) -> None:
        self._parts.append(part)
        self._owned.callback(part.stop)

    def _say_goodbye(self) -> None:
        if self.room.following.is_alone:  # else pages go on at another instance
            self.room.feed.publish(RoomClosing(self.room.settings))

    # --- what one part is told of another -----------------------------------------------------

    def _web(self) -> WebSettings:
        return WebSettings(
            names_of(self.settings, self._here).current,
            self.store.room_id,
            self._presence.rooms,
            rate_limit=self.settings.rate_limit,
            on_visit=self._reach.note_visit,
        )

    def _limits(self) -> tuple[Limits, StreamLimits]:
        wanted = limits_of(self.settings), StreamLimits()
        limits, streams = fitted(self._shares.visitors, *wanted)
        if (limits, streams) != wanted:
            _log.warning(
                "the system lets few files be open: %d streams and %d other connections at most",
                streams.streams,
                limits.connections,
            )
        return limits, streams

    def _offer(self) -> Offer:
        return offer_of(self.settings, self.room.settings, self.store.room_id, self.gateway.port)

    def _house(self, known: KnownLanguages) -> House:
        around = self._around
        fixed, file = around.origin.fixed(), around.origin.file
        return House(
            room=self.room,
            clock=around.clock,
            store=self.store,
            place=self.place,
            hub=self.hub,
            reach=self._reach,
            figures=self._figures,
            typesetting=Typesetting(known.direction, Markdown().html),
            decided=Decided(
                lambda: self.settings,
                fixed,
                file,
                known.standard,
                OFFERED_LANGUAGES,
                self._put_in_force,
            ),
            settings=lambda: self.settings,
            start_anew=around.start_anew,
            return_to_port=around.return_to_port,
            on_watch=around.on_watch,
            sockets=self._shares.operators,
            login=around.login,
            window=around.window,
        )

    def _tell_operator(self) -> None:
        self.operation.touch()

    def _put_in_force(self, settings: Settings, names: Collection[str]) -> None:
        with self._deciding:
            self._enforce(self._agreement.changed(settings, names))

    def _follow_settings(self, _: Sequence[str] | None = None) -> None:
        with self._deciding:
            self._enforce(self._agreement.followed(self.settings))
        self._tell_operator()

    def _enforce(self, settings: Settings) -> None:
        is_kept = settings.code == MADE_AT_START
        code = self.room.settings.code if is_kept else join_code(settings.code)
        self.settings = settings
        self._retention.change(keep_of(settings))
        self.room.change_settings(rules_of(settings, code))
        self._here.wish(settings.lan_interface, wanted_name_of(settings))
        self._presence.renew()

    def _member_is_present(self, audience: str, present: bool) -> None:  # noqa: FBT001 - a callback
        self.room.set_present(MemberId(audience), present=present)
