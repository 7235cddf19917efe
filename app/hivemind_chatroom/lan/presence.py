"""The room's presence on the LAN: announced and looked after on a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hivemind_chatroom.errors import traced
from hivemind_chatroom.lan.addresses import Announced, Here
from hivemind_chatroom.lan.offer import Offer
from hivemind_chatroom.room.operating import LanState, SeenHubs, SeenRooms
from hivemind_chatroom.room.ports import Clock

if TYPE_CHECKING:
    from hivemind_chatroom.lan.life import Life

_log = logging.getLogger(__name__)

RETRY_S: Final = 30.0
"""Between two attempts to speak multicast DNS where another program forbids sharing, in seconds."""


class Presence:
    """Has the room found on the LAN, and finds others there; safe from any thread.

    A room that only this computer can call has no thread and announces nothing.
    """

    def __init__(
        self,
        here: Here,
        clock: Clock,
        offer: Callable[[], Offer],
        on_change: Callable[[], None] = lambda: None,
        *,
        retry_s: float = RETRY_S,
    ) -> None:
        """Announce nothing yet.

        Args:
            here: This computer on the LAN; it is told under which names others find it.
            clock: Both clocks.
            offer: Returns what others are to be told, once the room has a port.
            on_change: Called when names, addresses, state or hubs are others; returns at once.
            retry_s: Seconds between two attempts where another program forbids sharing.
        """
        self._here = here
        self._clock = clock
        self._offer = offer
        self._on_change = on_change
        self._retry_s = retry_s
        self._lock = threading.Lock()
        self._life: Life | None = None
        self._thread: threading.Thread | None = None
        self._is_stopped = False
        self._has_failed = False
        if here.is_local:
            here.announced = Announced(LanState.DISABLED)

    def start(self) -> None:
        """Begin in the background; returns at once."""
        if not self._here.is_local:
            self._thread = threading.Thread(target=self._run, name="lan", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Take leave of the LAN, which takes 0.3 s; nothing if it was never started."""
        with self._lock:
            self._is_stopped = True
            if self._life is not None:
                self._life.stop()
        if self._thread is not None:
            self._thread.join()

    def renew(self) -> None:
        """Say that what others are to be told may be something else; never waits."""
        with self._lock:
            if self._life is not None:
                self._life.renew()

    def rooms(self) -> SeenRooms:
        """Return the other rooms of the LAN."""
        life = self._life
        return life.browser.rooms() if life else SeenRooms(is_searching=self._is_beginning)

    def hubs(self) -> SeenHubs:
        """Return the hubs of the LAN."""
        life = self._life
        return life.browser.hubs() if life else SeenHubs(is_searching=self._is_beginning)

    @property
    def _is_beginning(self) -> bool:
        return self._thread is not None and not self._is_stopped and not self._has_failed

    def _run(self) -> None:
        try:
            self._live()
        except Exception as error:  # noqa: BLE001 - nobody else would hear of it
            _log.error("the presence on the LAN has ended: %s", traced(error))
            self._has_failed = True
            self._here.announced = Announced(LanState.NAMELESS)
            self._on_change()

    def _live(self) -> None:
        # Multicast DNS takes a tenth of a second to load, and the page is served before.
        from hivemind_chatroom.lan.life import Life  # noqa: PLC0415

        with self._lock:
            if self._is_stopped:
                return
            self._life = Life(self._here, self._clock, self._offer, self._on_change, self._retry_s)
        self._life.run()
