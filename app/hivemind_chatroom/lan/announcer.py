"""The room's own announcements on one network: made, held against others, changed, taken back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from hivemind_chatroom.errors import traced
from hivemind_chatroom.lan.addresses import Addresses, Announced
from hivemind_chatroom.lan.claims import (
    DEFENCE_S,
    HostSeen,
    Renames,
    Seen,
    Verdict,
    on_host,
    on_service,
)
from hivemind_chatroom.lan.offer import DOMAIN, Names, Offer
from hivemind_chatroom.lan.service import Service
from hivemind_chatroom.room.operating import LanState

_log = logging.getLogger(__name__)

_ROOMS_BEGIN: Final = "hc-"
"""The machine names of rooms: whoever has one is a room, and yields by the same rule as we do."""

_PEERS_MAX: Final = 500
"""Addresses of other rooms that are remembered."""

_EVENTS_MAX: Final = 100
"""Announcements of others that wait; what is still so is announced again."""


class Responder(Protocol):
    """Multicast DNS, as far as it is spoken of one's own."""

    async def announce(self, service: Service) -> None:
        """Answer for a service from now on, or answer otherwise, and say so at once."""
        ...

    async def withdraw(self, service: Service, *, is_lost: bool = False) -> None:
        """Answer for a service no longer; no goodbye if somebody else has its names."""
        ...

    async def addresses_of(self, host: str) -> frozenset[str]:
        """Ask the LAN for the addresses of a name."""
        ...

    async def place_of(self, service: Service) -> tuple[str, int] | None:
        """Ask the LAN where a service of this name is."""
        ...


class Announcer:
    """Announces one room; all of it happens on one event loop."""

    def __init__(
        self, offer: Offer, found: Addresses, on_change: Callable[[Announced], None]
    ) -> None:
        """Announce nothing yet.

        Args:
            offer: What others are to be told.
            found: Where this computer is.
            on_change: Told what others are told, whenever that is something else.
        """
        self._offer = offer
        self._found = found
        self._on_change = on_change
        self._names = Names.wanted_by(offer)
        self._events: asyncio.Queue[Seen | Offer] = asyncio.Queue()
        self._peers: set[str] = set()
        """Addresses of computers that have a room."""
        self._own: Service | None = None
        self._web: Service | None = None
        self._defended: dict[str, float] = {}
        """When a name was last announced against somebody, on the loop's clock."""
        self._renames = Renames()

    def show(self, offer: Offer) -> None:
        """Announce something else from now on."""
        self._events.put_nowait(offer)

    def know_own(self, own: frozenset[str]) -> None:
        """Take these for the addresses of this computer: who announces them is no other."""
        if own != self._found.own:
            self._found = replace(self._found, own=own)

    def note(self, seen: Seen) -> None:
        """Take notice of what somebody announces; what has nothing to do with us costs nothing."""
        match seen:
            case HostSeen(name, address) if name.startswith(_ROOMS_BEGIN):
                if len(self._peers) < _PEERS_MAX:
                    self._peers.add(address)
        if self._verdict(seen) is not Verdict.NOTHING and self._events.qsize() < _EVENTS_MAX:
            self._events.put_nowait(seen)

    async def run(self, responder: Responder) -> None:
        """Announce the room until cancelled; what stays announced is the responder's to end."""
        await self._announce_own(responder)
        await self._announce_web(responder)
        while True:
            event = await self._events.get()
            try:
                if isinstance(event, Offer):
                    await self._change(event, responder)
                else:
                    await self._answer(event, responder)
            except (OSError, ValueError) as error:
                _log.warning("an announcement failed: %s", traced(error))

    # --- one's own names ----------------------------------------------------------------------

    async def _announce_own(self, responder: Responder) -> None:
        """Announce the names that are nobody else's, without asking."""
        self._own = self._names.own_service(self._offer, self._found.all)
        await responder.announce(self._own)
        self._tell()

    async def _announce_web(self, responder: Responder) -> None:
        """Ask whether somebody has the names that people type and read, and announce those free."""
        wanted = self._names.web_service(self._offer, self._found.all)
        holders, place = await asyncio.gather(
            responder.addresses_of(self._names.nice), responder.place_of(wanted)
        )
        if holders - self._found.own:
            self._names = self._names.without_nice(self._offer)
        if place is not None and place != (wanted.host, wanted.port):
            self._names = self._names.without_label(self._offer)
        self._web = self._names.web_service(self._offer, self._found.all)
        await responder.announce(self._web)
        self._tell()

    def _tell(self) -> None:
        names = self._names
        if self._web is None:
            told = Announced(LanState.STARTING, names.machine, claimed=names.nice)
        else:
            told = Announced(LanState.OK, names.machine, names.nice)
        self._on_change(told)

    # --- another offer ------------------------------------------------------------------------

    async def _change(self, offer: Offer, responder: Responder) -> None:
        is_renamed = offer.wanted != self._offer.wanted
        self._offer = offer
        self._own = await self._put(
            self._own, self._names.own_service(offer, self._found.all), responder
        )
        if is_renamed:
            if self._web is not None:
                await responder.withdraw(self._web)
            self._web = None
            self._names = Names(self._names.machine, f"{offer.wanted}.{DOMAIN}", self._names.mark)
            self._tell()
            await self._announce_web(responder)
        else:
            self._web = await self._put(
                self._web, self._names.web_service(offer, self._found.all), responder
            )
            self._tell()

    @staticmethod
    async def _put(
        old: Service | None, new: Service, responder: Responder, *, is_lost: bool = False
    ) -> Service:
        """Announce a service in the place of another, whose goodbye comes after it.

        The new one's addresses are announced first: a goodbye takes those of the old one along, but
        for those of a computer that offers something else.
        """
        if new != old:
            await responder.announce(new)
            if old is not None and old.name != new.name:
                await responder.withdraw(old, is_lost=is_lost)
        return new

    # --- others -------------------------------------------------------------------------------

    def _verdict(self, seen: Seen) -> Verdict:
        if isinstance(seen, HostSeen):
            if seen.name not in self._hosts():
                return Verdict.NOTHING
            is_room = seen.address in self._peers
            return on_host(seen, self._found.own, self._found.all, is_room=is_room)
        for ours in (self._own, self._web):
            if ours is not None and seen.name == ours.name.lower():
                return on_service(seen, ours.host, ours.port)
        return Verdict.NOTHING

    def _hosts(self) -> set[str]:
        return {each.host for each in (self._own, self._web) if each is not None}

    async def _answer(self, seen: Seen, responder: Responder) -> None:
        """Do what is to be done about somebody else's announcement, if it still is."""
        verdict = self._verdict(seen)
        if verdict is Verdict.DEFEND:
            await self._defend(seen, responder)
        elif verdict is Verdict.YIELD:
            _log.info("somebody else has a name of this room on the LAN: it takes another")
            await self._yield(seen, responder)
            self._tell()

    async def _defend(self, seen: Seen, responder: Responder) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._defended.get(seen.name, float("-inf")) < DEFENCE_S:
            return
        self._defended[seen.name] = now
        for ours in (self._own, self._web):
            if ours is not None and seen.name in {ours.host, ours.name.lower()}:
                await responder.announce(ours)

    async def _yield(self, seen: Seen, responder: Responder) -> None:
        if self._own and seen.name in {self._own.host, self._own.name.lower()}:
            names = self._names.without_machine()
        elif isinstance(seen, HostSeen):
            names = self._names.without_nice(self._offer)
        else:
            names = self._names.without_label(self._offer)
        has_web = self._web is not None
        if silence_s := self._renames.silence_s(asyncio.get_running_loop().time()):
            await self._be_silent(silence_s, responder)
        self._names = names
        own = names.own_service(self._offer, self._found.all)
        self._own = await self._put(self._own, own, responder, is_lost=True)
        if has_web:
            web = names.web_service(self._offer, self._found.all)
            self._web = await self._put(self._web, web, responder, is_lost=True)

    async def _be_silent(self, seconds: float, responder: Responder) -> None:
        """Announce nothing for a while, and hear nobody: somebody takes every name."""
        _log.warning("somebody on the LAN takes every name of this room: silent for %d s", seconds)
        lost, self._own, self._web = (self._own, self._web), None, None
        for each in lost:
            if each is not None:
                await responder.withdraw(each, is_lost=True)
        self._on_change(Announced(LanState.NAMELESS))
        await asyncio.sleep(seconds)
