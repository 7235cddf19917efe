"""A bare client of a hub: what the hub takes by itself, without a room."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Final

from bench.cores import SERVER, on
from e2e.hubs import UTTERANCE, RealHub
from e2e.rooms import target_of
from hivemind_chatroom.hub.events import Arrived, BusMessage, FromConnection, Secured
from hivemind_chatroom.hub.session import session_for
from hivemind_chatroom.hub.wire import HubWire
from hivemind_chatroom.room.model import Member, MemberId, Session, SessionId

UNDER_WAY: Final = 64
"""Utterances that have no answer yet: the hub never waits for the next one."""

_LINKED_WITHIN_S: Final = 30.0
_ENDED: Final = "ovos.utterance.handled"
_SESSION: Final = session_for(
    Member(MemberId("bare"), "Bare", "en", "kitchen", 0, Session(SessionId("bare"), {})),
    "en",
    "Europe/Lisbon",
    0.0,
)


class BareClient:
    """Asks as fast as it is answered, over the room's own connection to a hub."""

    def __init__(self, hub: RealHub, folder: Path) -> None:
        """Connect, on the core that is the server's otherwise.

        Raises:
            TimeoutError: The hub doesn't let it in.
        """
        self._secured = threading.Event()
        self._may_ask = threading.Semaphore(UNDER_WAY)
        self._wire = HubWire(target_of(hub, folder), self._hear)
        with on(SERVER):
            self._wire.start()
        if not self._secured.wait(_LINKED_WITHIN_S):
            raise TimeoutError("the hub lets nobody in")

    def asks(self, count: int) -> float:
        """Ask so often, and return how many a second were answered."""
        begun = time.perf_counter()
        with on(SERVER):
            for number in range(count):
                self._may_ask.acquire()
                self._wire.send(self._utterance(number))
            for _ in range(UNDER_WAY):
                self._may_ask.acquire()
        self._may_ask.release(UNDER_WAY)
        return count / (time.perf_counter() - begun)

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def _utterance(self, number: int) -> BusMessage:
        context = {"corr": f"{number:016x}", "user": "bare", "session": _SESSION}
        return BusMessage(UTTERANCE, {"utterances": [f"text {number}"], "lang": "en"}, context)

    def _hear(self, event: FromConnection) -> None:
        if isinstance(event, Secured):
            self._secured.set()
        elif isinstance(event, Arrived) and event.message.topic == _ENDED:
            self._may_ask.release()
