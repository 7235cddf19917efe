"""A real hivemind-core hub on loopback, in a process of its own, steered over stdin.

Run as `python -m e2e.hub_program PORT [tls] [plain]` with XDG_* naming its folders. Each line on
stdin is a JSON object `{"do": ..., ...}`, each is answered by one line on stdout. The end of stdin
ends it.
"""

from __future__ import annotations

import os

os.umask(0o077)  # before the imports: hivemind-core writes keys and its database with the umask
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # the libraries log to stdout

import json
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ovos_utils.log import LOG

LOG.set_level("CRITICAL")

from hivemind_bus_client.identity import NodeIdentity
from hivemind_bus_client.message import HiveMessage, HiveMessageType
from hivemind_core.database import ClientDatabase
from hivemind_core.policy import PolicyChain
from hivemind_core.protocol import HiveMindListenerProtocol
from hivemind_core.service import _ensure_node_identity
from hivemind_sqlite_database import SQLiteDB
from hivemind_websocket_protocol import HiveMindTornadoWebSocket, HiveMindWebsocketProtocol
from ovos_bus_client.message import Message

from e2e.hub_agent import Agent

HOST = "127.0.0.1"

PART = b"[" * 65_000
FIRST_PART, NEXT_PART = b"\x02", b"\x04"
"""Of a message in JSON that is sent in parts, as hivemind-bus-client marks them."""
PARTS_AT_ONCE = 16


class Hub:
    """The parts of hivemind-core, put together without entry points."""

    def __init__(self, port: int, *, tls: bool) -> None:
        """Build everything; nothing listens yet."""
        identity = NodeIdentity(app_name="hub", shared_fallback=False)
        _ensure_node_identity(identity)
        self.port = port
        self.database = ClientDatabase.__new__(ClientDatabase)
        self.database.db = SQLiteDB(db_path=str(Path(os.environ["XDG_DATA_HOME"]) / "clients.db"))
        self.agent = Agent(config={})
        self.core = HiveMindListenerProtocol(
            identity=identity,
            db=self.database,
            agent_protocol=self.agent,
            policy_chain=PolicyChain(),
        )
        config = {"host": HOST, "port": port, "ssl": tls}
        self.network = HiveMindWebsocketProtocol(hm_protocol=self.core, config=config)
        self.commands: dict[str, Callable[..., Any]] = {
            "add": self.add,
            "allow": self.allow,
            "announce": self.announce,
            "backend": self.backend,
            "heard": lambda: self.agent.heard,
            "hold": self.hold,
            "holds": self.agent.holds,
            "release": self.release,
            "forget_pin": self.forget_pin,
            "forget_cached_permissions": self.forget_cached_permissions,
            "pour": self.pour,
            "say": self.say,
            "write": self.write,
        }

    def add(self, key: str, password: str, types: list[str]) -> Any:  # noqa: ANN401
        with self.database as database:
            database.add_client("chatroom", key, password=password, allowed_types=types)
            return database.get_client_by_api_key(key).client_id

    def allow(self, key: str, types: list[str]) -> None:
        with self.database as database:
            client = database.get_client_by_api_key(key)
            client.allowed_types = types
            database.update_item(client)

    def forget_pin(self, key: str) -> None:
        with self.database as database:
            client = database.get_client_by_api_key(key)
            client.metadata = {}
            database.update_item(client)

    def forget_cached_permissions(self) -> None:
        """Look into the database at the next message instead of within 5 s."""
        for client in list(self.core.clients.values()):
            client.invalidate_user()

    def backend(self, up: bool) -> None:  # noqa: FBT001 - called by name
        self.agent.is_up = up

    def hold(self) -> None:
        self.agent.held = []

    def release(self, seed: int, stripped: list[list[str]], count: int) -> Any:  # noqa: ANN401
        return self._on_loop(lambda: self.agent.release(seed, stripped, count))

    def announce(self, text: str) -> None:
        self.say("speak", {"utterance": text}, {})

    def say(self, topic: str, data: dict[str, Any], context: dict[str, Any]) -> None:
        """Send a bus message to every satellite as it is, whatever it holds."""

        def send() -> None:
            for client in list(self.core.clients.values()):
                payload = Message(topic, data, context)
                client.send(HiveMessage(HiveMessageType.BUS, payload=payload))

        self._on_loop(send)

    def write(self, text: str, times: int) -> None:
        """Send a text through the cipher to every satellite, whether it is a message or not."""

        def send() -> None:
            for client in list(self.core.clients.values()):
                for _ in range(times):
                    client.noise_transport.send_message(text, partial(client.send_msg, is_bin=True))

        self._on_loop(send)

    def pour(self, size: int) -> int:
        """Send parts of one message that has so many bytes, until the satellite hangs up.

        Returns:
            How many bytes were handed to the network.
        """
        [client] = self.core.clients.values()

        def send() -> None:
            for _ in range(PARTS_AT_ONCE):
                marker = FIRST_PART if client.noise_transport not in begun else NEXT_PART
                begun.add(client.noise_transport)
                cipher = client.noise_transport._hs  # noqa: SLF001 - a hub that breaks its rules
                client.send_msg(cipher.encrypt(marker + PART), True)  # noqa: FBT003 - no name for it

        begun: set[object] = set()
        poured = 0
        while poured < size and client in self.core.clients.values():
            self._on_loop(send)
            poured += PARTS_AT_ONCE * len(PART)
        return poured

    def _on_loop(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401
        done = threading.Event()
        result: list[Any] = []

        def run() -> None:
            result.append(work())
            done.set()

        handler: Any = HiveMindTornadoWebSocket
        handler.loop.add_callback(run)
        done.wait()
        return result[0]

    def steer(self) -> None:
        """Say that the hub listens, then do what stdin says."""
        self._wait_until_it_listens()
        self._write({"port": self.port})
        for line in sys.stdin:
            asked = json.loads(line)
            self._write({"result": self.commands[asked.pop("do")](**asked)})
        os._exit(0)

    def _wait_until_it_listens(self) -> None:
        pause = threading.Event()
        while True:
            try:
                socket.create_connection((HOST, self.port), 1).close()
            except OSError:
                pause.wait(0.01)
            else:
                return

    def _write(self, answer: dict[str, Any]) -> None:
        ANSWERS.write(json.dumps(answer, default=str) + "\n")
        ANSWERS.flush()


def send_promptly(handler: Any) -> None:  # noqa: ANN401
    """Have each frame leave at once: the second of two small ones waited 40 ms otherwise."""
    original = handler.open

    def open_promptly(self: Any) -> None:  # noqa: ANN401
        self.set_nodelay(True)
        original(self)

    handler.open = open_promptly


if __name__ == "__main__":
    send_promptly(HiveMindTornadoWebSocket)
    hub = Hub(int(sys.argv[1]), tls="tls" in sys.argv)
    threading.Thread(target=hub.steer, name="steer", daemon=True).start()
    hub.network.run()
