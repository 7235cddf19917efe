"""What the thread of the presence does: follows the network, and is on it as it may."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
from collections.abc import Callable

from hivemind_chatroom.errors import traced
from hivemind_chatroom.lan.addresses import Addresses, Announced, Here
from hivemind_chatroom.lan.announcer import Announcer
from hivemind_chatroom.lan.browser import Browser
from hivemind_chatroom.lan.claims import Seen
from hivemind_chatroom.lan.mdns import Mdns
from hivemind_chatroom.lan.offer import Offer
from hivemind_chatroom.lan.watch import LOOK_EVERY_S, Watch
from hivemind_chatroom.room.operating import LanState
from hivemind_chatroom.room.ports import Clock

_log = logging.getLogger(__name__)


class Life:
    """Is on the LAN for one room; made and run on a thread of its own, called from any."""

    def __init__(
        self,
        here: Here,
        clock: Clock,
        offer: Callable[[], Offer],
        on_change: Callable[[], None],
        retry_s: float,
    ) -> None:
        """Open no socket yet.

        Args:
            here: Tells the addresses, and is told the names.
            clock: Both clocks.
            offer: Returns what others are to be told.
            on_change: Called when names, addresses, state or hubs are others; returns at once.
            retry_s: Seconds between two attempts where it can't be there.
        """
        self._here = here
        self._clock = clock
        self._offer = offer
        self._on_change = on_change
        self._retry_s = retry_s
        self.browser = Browser(offer().id, clock, on_change)
        self._runner = asyncio.Runner()
        self._loop = self._runner.get_loop()
        self._woken = asyncio.Event()
        self._is_stopped = False

    def run(self) -> None:
        """Be there until it is stopped."""
        with self._runner:
            self._runner.run(self._live())

    def stop(self) -> None:
        """Have it end, with a goodbye; returns at once."""
        self._is_stopped = True
        self.renew()

    def renew(self) -> None:
        """Have it look whether anything is otherwise; returns at once."""
        with contextlib.suppress(RuntimeError):  # its loop has ended
            self._loop.call_soon_threadsafe(self._woken.set)

    async def _live(self) -> None:
        while not self._is_stopped:
            self._woken.clear()  # of whatever the one before has been woken by
            try:
                await self._stay(self._here.look(), self._offer())
            except Exception as error:  # noqa: BLE001 - nobody else would hear of it, and it goes on
                _log.error("the presence on the LAN failed: %s", traced(error))
                self._tell(Announced(LanState.NAMELESS))
                if not self._is_stopped:  # or its wake, which came before, would be waited for
                    await self._wait(self._retry_s)

    async def _stay(self, found: Addresses, offer: Offer) -> None:
        """Be on one network, as far as that can be, until it is another."""
        announcer = Announcer(offer, found, self._tell)
        mdns = self._opened(found, offer, announcer.note)
        if mdns is None:
            self.browser.stop()
            await self._until_another(found, offer)
            return
        self.browser.search(mdns, found)
        announcing = asyncio.create_task(announcer.run(mdns))
        announcing.add_done_callback(lambda _task: self._woken.set())
        try:
            await self._until_another(found, offer, announcer, announcing)
        finally:
            announcing.cancel()
            self.browser.stop()
            await mdns.close(says_goodbye=self._is_stopped or not self._offer().is_on)

    def _opened(
        self, found: Addresses, offer: Offer, on_seen: Callable[[Seen], None]
    ) -> Mdns | None:
        """Return multicast DNS, or None where there is none to be had, and tell why."""
        one_of_each = [
            str(ip.ip)
            for each in found.interfaces
            if each.name == found.pinned or not found.pinned
            for ip in each.ips[:1]
            if ip.version == 4  # noqa: PLR2004 - IP versions
        ]
        if not offer.is_on:
            self._tell(Announced(LanState.DISABLED))
        elif not found.in_use:
            self._tell(Announced(LanState.NONE))
        elif not one_of_each:
            self._tell(Announced(LanState.NAMELESS))  # multicast DNS is spoken over IPv4
        else:
            try:
                return Mdns(one_of_each, on_seen)
            except OSError as error:
                name = errno.errorcode.get(error.errno or 0, "?")
                _log.warning("not announced, tried again in %d s: %s", self._retry_s, name)
                is_held = error.errno == errno.EADDRINUSE
                self._tell(Announced(LanState.OFF if is_held else LanState.NAMELESS))
        return None

    async def _until_another(
        self,
        found: Addresses,
        offer: Offer,
        announcer: Announcer | None = None,
        announcing: asyncio.Task[None] | None = None,
    ) -> None:
        """Return when the network is another one, or one is to be or not to be on it."""
        watch = Watch(found, self._clock.now())
        retry_at = self._loop.time() + self._retry_s
        while not self._is_stopped:
            is_woken = await self._wait(LOOK_EVERY_S)
            if announcing is not None and announcing.done():
                return await announcing
            offer, before = self._offer(), offer
            if offer.is_on is not before.is_on:
                if not offer.is_on:
                    self._tell(Announced(LanState.DISABLED))  # before the goodbye, which takes time
                return None
            if announcer is not None and offer != before:
                announcer.show(offer)
            now = self._here.look()
            if announcer is not None:
                announcer.know_own(now.own)
            if watch.is_another(now, self._clock.now()) or (is_woken and now != found):
                self._on_change()
                return None
            if announcer is None and offer.is_on and self._loop.time() >= retry_at:
                return None
        return None

    async def _wait(self, seconds: float) -> bool:
        """Wait until somebody calls, but not longer; tell whether somebody did."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        is_woken = self._woken.is_set()
        self._woken.clear()
        return is_woken

    def _tell(self, announced: Announced) -> None:
        """Let the rest of the room know what others are told."""
        if announced != self._here.announced:
            self._here.announced = announced
            self._on_change()
