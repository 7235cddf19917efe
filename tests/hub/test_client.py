"""The library's client in our harness, against hubs that misbehave before the handshake is done."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.connection import Connection
from hivemind_chatroom.hub.events import (
    BusMessage,
    Closed,
    FromConnection,
    Greeted,
    Opened,
    Outdated,
)
from hivemind_chatroom.hub.gate import NotSentError
from hivemind_chatroom.hub.targets import Target

pytestmark = pytest.mark.filterwarnings(
    # the library makes its older handshake ready before it finds that we don't send it
    "ignore:PasswordHandShake is not a PAKE:DeprecationWarning"
)

DEADLINE_S = 15.0
PASSWORD = "correct horse battery staple"
SECRET = BusMessage("recognizer_loop:utterance", {"utterances": ["my diary"]}, {})
HELLO = {"msg_type": "hello", "payload": {"pubkey": "", "node_id": "hub"}}
NOISE = {
    "patterns": ["XXpsk2", "KKpsk0"],
    "suites": ["25519_ChaChaPoly_SHA256"],
}
OFFER = {"msg_type": "shake", "payload": {"max_protocol_version": 3, "noise": NOISE}}
OLD_OFFERS = [
    {"msg_type": "shake", "payload": {"max_protocol_version": 1, "password": True}},
    {"msg_type": "shake", "payload": {"handshake": True}},
]
SPOKEN = {"type": "speak", "data": {"utterance": "forged"}, "context": {}}
FORGED = {"msg_type": "bus", "payload": SPOKEN}

Play = Callable[["FakeHub"], None]


class FakeHub:
    """One connection of a websocket server that says what the test wants."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection
        self.received: list[str | bytes] = []

    def say(self, message: dict[str, Any] | str) -> None:
        self._connection.send(message if isinstance(message, str) else json.dumps(message))

    def hear(self) -> None:
        """Wait for the next frame."""
        self.received.append(self._connection.recv(DEADLINE_S))

    def hear_all(self) -> None:
        """Keep every frame until the client hangs up."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                self.hear()


class Stage:
    """A connection of ours to such a hub, and what it reports."""

    def __init__(self, folder: Path, play: Play) -> None:
        self.hub: FakeHub
        self._is_over = threading.Event()

        def on_connection(connection: ServerConnection) -> None:
            self.hub = FakeHub(connection)
            with contextlib.suppress(ConnectionClosed):
                play(self.hub)
            self._is_over.set()

        self._listener = socket.create_server(("127.0.0.1", 0))
        self._server = serve(on_connection, sock=self._listener)
        self._thread = threading.Thread(target=self._server.serve_forever, name="fake hub")
        self._thread.start()
        port = self._listener.getsockname()[1]
        address = HubAddress("127.0.0.1", port, tls=False)
        target = Target(address, "a" * 32, PASSWORD, folder / "_identity.json")
        self._reports: queue.SimpleQueue[FromConnection] = queue.SimpleQueue()
        self.connection = Connection(target, self._reports.put)

    def next(self) -> FromConnection:
        return self._reports.get(timeout=DEADLINE_S)

    def close(self) -> None:
        self.connection.close()
        self._is_over.wait(DEADLINE_S)
        self._server.shutdown()
        self._thread.join()

    @property
    def has_more(self) -> bool:
        return not self._reports.empty()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[Play], Stage]]:
    with contextlib.ExitStack() as stages:

        def started(play: Play) -> Stage:
            stage = Stage(tmp_path, play)
            stages.callback(stage.close)
            stage.connection.start()
            return stage

        yield started


def test_nothing_leaves_before_the_handshake_is_done(start: Callable[[Play], Stage]) -> None:
    def greet_and_offer(hub: FakeHub) -> None:
        hub.say(HELLO)
        hub.say(OFFER)
        hub.hear_all()

    stage = start(greet_and_offer)
    with pytest.raises(NotSentError):
        stage.connection.send(SECRET)
    assert stage.next() == Opened()
    with pytest.raises(NotSentError):
        stage.connection.send(SECRET)
    assert stage.next() == Greeted()
    with pytest.raises(NotSentError):
        stage.connection.send(SECRET)
    stage.close()
    assert [json.loads(frame)["msg_type"] for frame in stage.hub.received] in ([], ["shake"])


@pytest.mark.parametrize("offer", OLD_OFFERS)
def test_a_hub_of_an_older_protocol_is_reported_and_told_nothing(
    start: Callable[[Play], Stage], offer: dict[str, Any]
) -> None:
    def offer_passwords(hub: FakeHub) -> None:
        hub.say(HELLO)
        hub.say(offer)
        hub.hear_all()

    stage = start(offer_passwords)
    assert [stage.next() for _ in range(3)] == [Opened(), Greeted(), Outdated()]
    with pytest.raises(NotSentError):
        stage.connection.send(SECRET)
    stage.close()
    assert stage.hub.received == []


def test_what_is_slipped_in_before_the_encryption_is_not_heard(
    start: Callable[[Play], Stage],
) -> None:
    def forge(hub: FakeHub) -> None:
        hub.say(FORGED)
        for wrapper in ("broadcast", "propagate"):
            hub.say({"msg_type": wrapper, "payload": FORGED, "target_site_id": "unknown"})
        hub.say(HELLO)
        hub.hear_all()

    stage = start(forge)
    assert [stage.next(), stage.next()] == [Opened(), Greeted()]
    assert not stage.has_more


@pytest.mark.parametrize("garbage", ["", "{", "[]", "null", "5", '{"msg_type": "odd"}', "{}"])
def test_garbage_does_not_end_the_connection(start: Callable[[Play], Stage], garbage: str) -> None:
    def babble(hub: FakeHub) -> None:
        hub.say(garbage)
        hub.say(HELLO)
        hub.hear_all()

    stage = start(babble)
    assert [stage.next(), stage.next()] == [Opened(), Greeted()]


def test_a_hub_that_hangs_up_is_reported_with_its_code(start: Callable[[Play], Stage]) -> None:
    def hang_up(hub: FakeHub) -> None:
        hub._connection.close(1008, "invalid api key")  # noqa: SLF001 - the fake's own part

    stage = start(hang_up)
    assert [stage.next(), stage.next()] == [Opened(), Closed(code=1008)]


def test_closing_ends_the_thread_and_silences_it(start: Callable[[Play], Stage]) -> None:
    stage = start(FakeHub.hear_all)
    assert stage.next() == Opened()
    stage.close()
    assert not stage.has_more
    assert "hub-wire" not in {thread.name for thread in threading.enumerate()}
