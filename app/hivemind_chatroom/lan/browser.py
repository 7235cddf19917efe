"""What else announces itself on the LAN: other rooms, each asked whether it is there, and hubs."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Final, Protocol

from hivemind_chatroom.lan.addresses import Addresses
from hivemind_chatroom.lan.calls import answers, health_of, is_port, reachable, shown, url_host
from hivemind_chatroom.lan.service import CHATROOM, WEB, Service
from hivemind_chatroom.room.operating import SeenHub, SeenHubs, SeenRoom, SeenRooms
from hivemind_chatroom.room.ports import Clock

CHECK_EVERY_S: Final = 5.0
"""Between two questions whether a room is there, in seconds: one that was killed says no goodbye,
and its announcement is good for more than an hour."""

CHECK_AGAIN_S: Final = 1.5
"""Until a room is asked again that did not answer: Wi-Fi loses something now and then."""

MISSES: Final = 2
"""Questions without an answer after which a room is gone: within 10 s of its end."""

SEARCH_S: Final = 2.5
"""How long others may take to be heard, in seconds, before one can say that there are none."""

HUB_CHECK_EVERY_S: Final = 5.0
HUBS_WANTED_S: Final = 30.0
"""How long somebody is taken to look at the list of hubs who has asked for it; otherwise nobody
knocks at their doors."""

_ROOMS_MAX: Final = 50
_HUBS_MAX: Final = 50
_CALLS: Final = 8
"""At a time."""

_HUB: Final = "hivemind-websocket"
"""What hivemind-presence writes as `type`, in lower case."""

_ROOM_ID: Final = re.compile(r"[0-9a-f]{8}")
_CODE: Final = "pin"
"""What rooms write as `auth` that want a code."""


class Searcher(Protocol):
    """Multicast DNS, as far as others are listened to."""

    def browse(
        self, type_: str, on_found: Callable[[Service], None], on_gone: Callable[[str], None]
    ) -> None:
        """Look for services of a type from now on."""
        ...


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found out of one service."""

    service: Service
    room: SeenRoom | None = None
    hub: SeenHub | None = None
    misses: int = 0
    """Questions without an answer since the last one that had one."""

    @property
    def answers(self) -> bool:
        """Whether it did, when it was last asked."""
        return self.room is not None or bool(self.hub and self.hub.is_reachable)


class Browser:
    """Knows the rooms and hubs of the LAN; what it tells may be asked on any thread."""

    def __init__(
        self, room_id: str, clock: Clock, on_hubs: Callable[[], None] = lambda: None
    ) -> None:
        """Know nobody yet.

        Args:
            room_id: The beginning of this room's own id, which is left out.
            clock: Both clocks.
            on_hubs: Called when `hubs` would tell something else than before; returns at once.
        """
        self._room_id = room_id
        self._clock = clock
        self._on_hubs = on_hubs
        self._end: asyncio.TimerHandle | None = None
        """Tells that the search is over."""
        self._found = Addresses()
        self._rooms: dict[str, _Seen] = {}
        self._hubs: dict[str, _Seen] = {}
        self._checks: dict[str, asyncio.Task[None]] = {}
        self._calls = asyncio.Semaphore(_CALLS)
        self._until: float | None = clock.monotonic() + SEARCH_S
        """When the search is over, on the monotonic clock; None while there is none."""
        self._loop: asyncio.AbstractEventLoop | None = None
        """What the search runs on; None while there is none."""
        self._hubs_wanted = asyncio.Event()
        self._hubs_wanted_at = float("-inf")
        """When somebody last asked for the hubs, on the monotonic clock."""
        self._known_rooms: tuple[SeenRoom, ...] = ()
        self._known_hubs: tuple[SeenHub, ...] = ()

    # --- asked on any thread ------------------------------------------------------------------

    def rooms(self) -> SeenRooms:
        """Return the other rooms that answer."""
        return SeenRooms(self._known_rooms, is_searching=self._is_searching())

    def hubs(self) -> SeenHubs:
        """Return the hubs; whether they answer is found out while somebody asks."""
        self._hubs_wanted_at = self._clock.monotonic()
        if (loop := self._loop) is not None:
            with contextlib.suppress(RuntimeError):  # it has just ended
                loop.call_soon_threadsafe(self._hubs_wanted.set)
        return SeenHubs(self._known_hubs, is_searching=self._is_searching())

    def _is_searching(self) -> bool:
        until = self._until
        return until is not None and self._clock.monotonic() < until

    # --- on the loop --------------------------------------------------------------------------

    def search(self, searcher: Searcher, found: Addresses) -> None:
        """Look on a network from now on, and forget what was on another.

        Args:
            searcher: Listens there.
            found: Where this computer is.
        """
        self.stop()
        self._loop = asyncio.get_running_loop()
        self._found = found
        self._until = self._clock.monotonic() + SEARCH_S
        self._end = self._loop.call_later(SEARCH_S, self._on_hubs)
        searcher.browse(CHATROOM, self._found_room, self._lose)
        searcher.browse(WEB, self._found_hub, self._lose)

    def stop(self) -> None:
        """Ask nobody any more, and know nobody."""
        for check in self._checks.values():
            check.cancel()
        self._checks.clear()
        self._rooms.clear()
        self._hubs.clear()
        self._until = self._loop = None
        if self._end is not None:
            self._end.cancel()
        self._publish()

    def _found_room(self, service: Service) -> None:
        room_id = service.text.get("id", "").lower()
        is_new = service.name not in self._rooms
        if room_id == self._room_id or not _ROOM_ID.fullmatch(room_id):
            return
        if is_new and not self._has_place(self._rooms, _ROOMS_MAX):
            return
        if is_new or self._rooms[service.name].service != service:
            known = None if is_new else self._rooms[service.name].room
            self._rooms[service.name] = _Seen(service, room=known)
            self._check(service.name, self._check_room(service, room_id))

    def _found_hub(self, service: Service) -> None:
        if service.text.get("type", "").lower() != _HUB:
            return
        is_new = service.name not in self._hubs
        if is_new and not self._has_place(self._hubs, _HUBS_MAX):
            return
        if is_new or self._hubs[service.name].service != service:
            hub = _hub_of(service, self._found)
            if hub is None:
                self._lose(service.name)
                return
            self._hubs[service.name] = _Seen(service, hub=hub)
            self._publish()
            self._check(service.name, self._check_hub(service, hub))

    def _has_place(self, known: dict[str, _Seen], most: int) -> bool:
        """Tell whether one more can be known; whoever has missed most gives way to it."""
        if len(known) < most:
            return True
        silent = [name for name, seen in known.items() if not seen.answers]
        if silent:
            self._lose(max(silent, key=lambda name: known[name].misses))
        return bool(silent)

    def _lose(self, name: str) -> None:
        if check := self._checks.pop(name, None):
            check.cancel()
        self._rooms.pop(name, None)
        self._hubs.pop(name, None)
        self._publish()

    def _publish(self) -> None:
        """Make of what is known what is told: each once, by its name."""
        rooms = {seen.room.id: seen.room for seen in self._rooms.values() if seen.room}
        hubs = {
            (seen.hub.host, seen.hub.port): seen.hub for seen in self._hubs.values() if seen.hub
        }
        self._known_rooms = tuple(sorted(rooms.values(), key=lambda room: (room.name, room.id)))
        before = self._known_hubs
        self._known_hubs = tuple(sorted(hubs.values(), key=lambda hub: (hub.name, hub.host)))
        if self._known_hubs != before:
            self._on_hubs()

    # --- the checks ---------------------------------------------------------------------------

    def _check(self, name: str, checking: Coroutine[None, None, None]) -> None:
        if former := self._checks.get(name):
            former.cancel()
        self._checks[name] = asyncio.create_task(checking)

    async def _check_room(self, service: Service, room_id: str) -> None:
        misses = 0
        while True:
            room = await self._asked(service, room_id)
            misses = 0 if room else misses + 1
            if room or misses >= MISSES:
                self._rooms[service.name] = _Seen(service, room=room, misses=misses)
                self._publish()
            await asyncio.sleep(CHECK_AGAIN_S if 0 < misses < MISSES else CHECK_EVERY_S)

    async def _asked(self, service: Service, room_id: str) -> SeenRoom | None:
        if not is_port(service.port):
            return None
        for address in reachable(service.addresses, self._found.in_use):
            async with self._calls:
                health = await health_of(address, service.port)
            if health and health.name and health.id.startswith(room_id):
                url = f"http://{url_host(address)}:{service.port}/"
                needs_code = service.text.get("auth") == _CODE
                return SeenRoom(room_id, health.name, url, needs_code=needs_code)
        return None

    async def _check_hub(self, service: Service, hub: SeenHub) -> None:
        while True:
            if self._clock.monotonic() > self._hubs_wanted_at + HUBS_WANTED_S:
                self._hubs_wanted.clear()
            await self._hubs_wanted.wait()
            async with self._calls:
                is_reachable = await answers(hub.host, hub.port)
            known = replace(hub, is_reachable=is_reachable)
            self._hubs[service.name] = _Seen(service, hub=known, misses=0 if is_reachable else 1)
            self._publish()
            await asyncio.sleep(HUB_CHECK_EVERY_S)


def _hub_of(service: Service, found: Addresses) -> SeenHub | None:
    host = next(iter(reachable(service.addresses, found.in_use)), None)
    if host is None or not is_port(service.port):
        return None
    name = shown(service.text.get("name", "")) or shown(service.label.removeprefix(" - "))
    tls = service.text.get("ssl", "").lower() == "true"
    return SeenHub(name or host, host, service.port, tls)
