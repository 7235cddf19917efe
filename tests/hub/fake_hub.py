"""A hub that says whatever a test wants, and a connection of ours to it."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.events import FromConnection, Reached
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.hub.wire import HubWire

DEADLINE_S = 15.0
PASSWORD = "correct horse battery staple"
HELLO = {"msg_type": "hello", "payload": {"pubkey": "", "node_id": "hub"}}

Play = Callable[["FakeHub"], None]


class FakeHub:
    """One connection of a websocket server that says what the test wants."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection
        self.received: list[str | bytes] = []

    def say(self, message: dict[str, Any] | str | bytes) -> None:
        self._connection.send(json.dumps(message) if isinstance(message, dict) else message)

    def hang_up(self, code: int, why: str) -> None:
        self._connection.close(code, why)

    def hear(self) -> None:
        """Wait for the next frame."""
        self.received.append(self._connection.recv(DEADLINE_S))

    def hear_all(self) -> None:
        """Keep every frame until the client hangs up."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                self.hear()


class Meeting:
    """A connection of ours to such a hub, and what it reports."""

    def __init__(self, folder: Path, play: Play) -> None:
        self.hub: FakeHub
        self._is_over = threading.Event()
        self.hears_for_s = 0.0
        """How long each report is listened to, in seconds."""

        def on_connection(connection: ServerConnection) -> None:
            self.hub = FakeHub(connection)
            with contextlib.suppress(ConnectionClosed):
                play(self.hub)
            self._is_over.set()

        self._listener = socket.create_server(("127.0.0.1", 0))
        self._server = serve(on_connection, sock=self._listener)
        self._thread = threading.Thread(target=self._server.serve_forever, name="fake hub")
        self._thread.start()
        self.port = self._listener.getsockname()[1]
        address = HubAddress("127.0.0.1", self.port, tls=False)
        target = Target(address, "a" * 32, PASSWORD, folder / "_identity.json")
        self._reports: queue.SimpleQueue[FromConnection] = queue.SimpleQueue()
        self.wire = HubWire(target, self._take)

    def _take(self, event: FromConnection) -> None:
        if not isinstance(event, Reached):  # it begins every meeting
            threading.Event().wait(self.hears_for_s)  # as long as the room is busy
            self._reports.put(event)

    def next(self) -> FromConnection:
        return self._reports.get(timeout=DEADLINE_S)

    def close(self) -> None:
        self.wire.close()
        if hasattr(self, "hub"):
            self._is_over.wait(DEADLINE_S)
        self._server.shutdown()
        self._thread.join()

    @property
    def has_more(self) -> bool:
        return not self._reports.empty()


Meet = Callable[[Play], Meeting]
