"""Several chatrooms at one hub: each hears its own answers and is held to its own permissions.

The hub is hivescope's, in the test's own process and over a real websocket.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hivescope import MasterNode, TopologyBuilder

from e2e.hubs import UTTERANCE, RealHub
from e2e.keys import give_satellite_key
from e2e.rooms import LinkedRoom
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.room.model import Delivery, HubState

pytestmark = pytest.mark.filterwarnings(
    # hivescope makes the handshake of an older protocol ready, which nobody uses
    "ignore:PasswordHandShake is not a PAKE:DeprecationWarning"
)

PASSWORD = "correct horse battery staple"
KEYS = {"living room": "a" * 32, "kitchen": "b" * 32, "guest": "c" * 32}


@pytest.fixture(scope="module")
def master() -> Iterator[MasterNode]:
    """A hub that echoes, and lets all but the guest ask."""
    topology = TopologyBuilder()
    master = topology.add_master("M0", use_loopback=True)
    for name, key in KEYS.items():
        types = ["ovos.utterance.handle"] if name == "kitchen" else [UTTERANCE]
        types = ["speak"] if name == "guest" else types
        master.register_satellite(key=key, password=PASSWORD, allowed_types=types)
    topology.start_all()
    bus = master.agent_protocol.bus

    def answer(message: Any) -> None:  # noqa: ANN401 - of a library without types
        bus.emit(message.reply("speak", {"utterance": f"echo {message.data['utterances'][0]}"}))
        bus.emit(message.reply("ovos.utterance.handled"))

    # Not on the hub's own loop, which the answer goes out by. One that comes when its room has left
    # fails, as it would for any assistant.
    with ThreadPoolExecutor(max_workers=1) as answering:
        bus.on(UTTERANCE, lambda message: answering.submit(answer, message))
        yield master
    topology.stop_all()


@pytest.fixture
def rooms(
    master: MasterNode, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, LinkedRoom]]:
    network: Any = master.network_protocol
    url = urlsplit(network.url)
    rooms = {}
    for name, key in KEYS.items():
        folder = tmp_path_factory.mktemp("identity")
        give_satellite_key(folder)
        address = HubAddress(str(url.hostname), int(url.port or 0), tls=False)
        room = LinkedRoom(RealHub(Path()), folder)
        room.targets.target = Target(address, key, PASSWORD, folder / "_identity.json")
        room.start()
        rooms[name] = room
    yield rooms
    for room in rooms.values():
        room.stop()


def test_rooms_at_one_hub_hear_their_own_answers_and_keep_to_their_permissions(
    rooms: dict[str, LinkedRoom],
) -> None:
    living, kitchen, guest = rooms.values()
    for room in (living, kitchen):
        room.until_connected()
    guest.until(lambda: guest.room.hub.state is HubState.NOT_ALLOWED)
    asked = {room: room.ask(room.join("Ana"), f"from {name}") for name, room in rooms.items()}
    for room in (living, kitchen):
        room.until_ended(asked[room])
    assert living.watch.texts() == ["echo from living room"]
    assert kitchen.watch.texts() == ["echo from kitchen"]
    assert guest.watch.texts() == []
    assert guest.delivery_of(asked[guest]) is Delivery.QUEUED
