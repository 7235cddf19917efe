"""A whole hivemind-core hub on loopback, inside the child process."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from typing import Final

from hivemind_bus_client.exceptions import IdentityFileCorrupted
from hivemind_bus_client.identity import NodeIdentity
from hivemind_core.database import ClientDatabase
from hivemind_core.policy import PolicyChain
from hivemind_core.protocol import HiveMindListenerProtocol
from hivemind_plugin_manager.database import Client
from hivemind_sqlite_database import SQLiteDB
from hivemind_websocket_protocol import HiveMindTornadoWebSocket
from hivemind_websocket_protocol.health import HiveMindWebApplication
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.websocket import WebSocketHandler

from hivemind_chatroom.hub.builtin.address import BuiltinAddress
from hivemind_chatroom.hub.builtin.agent import AssistantAgent

LOOPBACK: Final = "127.0.0.1"
ANY_PORT: Final = 0
SECRET_BYTES: Final = 16
MESSAGE_MAX_BYTES: Final = 1_000_000
HUB_NAME: Final = "hivemind-chatroom-builtin"
CLIENT_NAME: Final = "chatroom"
ALLOWED_TYPES: Final = ("recognizer_loop:utterance", "ovos.utterance.handle")


class LoopbackSocket(HiveMindTornadoWebSocket):
    """A satellite's connection to this hub."""

    def initialize(self, hub: HiveMindListenerProtocol, loop: IOLoop) -> None:
        """Belong to one hub; the base class would look for it in its own class."""
        self.hm_protocol = hub  # type: ignore[assignment] # annotated by its default, None
        self.loop = loop

    def open(self) -> None:  # type: ignore[mutable-override] # as the base class does
        """Greet the satellite, without collecting small frames (47 ms a frame otherwise)."""
        self.set_nodelay(True)
        super().open()

    def check_origin(self, origin: str) -> bool:
        """Keep websites out that a browser on this computer shows."""
        return WebSocketHandler.check_origin(self, origin)


class RoomClients(ClientDatabase):
    """The hub's one client: our own room. Needs no entry points, so it works in a frozen build."""

    def __init__(self, path: Path) -> None:
        """Open the database file, or make it."""
        self.db = SQLiteDB(db_path=str(path))

    def admit_room(self) -> Client:
        """Make sure that the room may come in, with the key and password it had before.

        The Noise key its client showed the last time is forgotten: the password has just been
        handed to our own parent, and a room whose identity was made anew must not be locked out.
        """
        if not self.get_clients_by_name(CLIENT_NAME):
            key, password = (secrets.token_hex(SECRET_BYTES) for _ in range(2))
            self.add_client(CLIENT_NAME, key, password=password)
        client = self.get_clients_by_name(CLIENT_NAME)[0]
        client.allowed_types = list(ALLOWED_TYPES)
        client.metadata.pop("noise_pubkey", None)
        self.update_item(client)
        return client


def serve(folder: Path, report: Callable[[BuiltinAddress], None]) -> None:
    """Run the hub for ever.

    Args:
        folder: where everything is kept; `XDG_*` point into it already.
        report: is told the address as soon as the hub listens on it.
    """
    asyncio.run(_serve(folder, report))


async def _serve(folder: Path, report: Callable[[BuiltinAddress], None]) -> None:
    identity, clients = _open_or_renew(folder)
    room = clients.admit_room()
    agent = AssistantAgent(asyncio.get_running_loop().call_later, lambda: datetime.now(UTC))
    hub = HiveMindListenerProtocol(
        identity=identity, db=clients, agent_protocol=agent, policy_chain=PolicyChain()
    )
    sockets = _bind(folder / "port")
    routes = [("/", LoopbackSocket, {"hub": hub, "loop": IOLoop.current()})]
    application = HiveMindWebApplication(routes, websocket_max_message_size=MESSAGE_MAX_BYTES)
    HTTPServer(application).add_sockets(sockets)
    report(BuiltinAddress(LOOPBACK, _port(sockets), room.api_key, str(room.password)))
    await asyncio.Event().wait()


def _open_or_renew(folder: Path) -> tuple[NodeIdentity, RoomClients]:
    """Open the private files; damaged ones are made anew, as they hold nothing of value.

    The port goes with them: our client has pinned the old key for the old address.
    """
    try:
        return _open(folder)
    except sqlite3.OperationalError:  # busy, or the disk is full: not damaged
        raise
    except (sqlite3.DatabaseError, IdentityFileCorrupted):
        shutil.rmtree(folder)
        return _open(folder)


def _open(folder: Path) -> tuple[NodeIdentity, RoomClients]:
    identity = NodeIdentity(app_name=HUB_NAME, shared_fallback=False)
    if not identity.public_key:
        identity.create_keys()
        identity.save()
    return identity, RoomClients(folder / "clients.db")


def _bind(port_file: Path) -> list[socket]:
    """Listen where the hub listened before, since clients pin its key by address, or anywhere."""
    try:
        sockets = bind_sockets(int(port_file.read_text()), LOOPBACK)
    except (OSError, ValueError, OverflowError):
        sockets = bind_sockets(ANY_PORT, LOOPBACK)
    port_file.write_text(str(_port(sockets)))
    return sockets


def _port(sockets: list[socket]) -> int:
    port: int = sockets[0].getsockname()[1]
    return port
