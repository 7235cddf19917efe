"""The identity as `hivemind-client` writes it: taken up while the room runs, shared with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.hubs import UTTERANCE, RealHub
from e2e.keys import give_satellite_key
from e2e.rooms import LinkedRoom
from hivemind_chatroom.hub.identity import identity_file
from hivemind_chatroom.hub.link import HubLink
from hivemind_chatroom.hub.targets import FromIdentity
from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.room.model import Delivery, HubState


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RealHub]:
    hub = RealHub(tmp_path / "hub").start(UTTERANCE)
    yield hub
    hub.stop()


@pytest.fixture
def room(hub: RealHub, tmp_path: Path) -> Iterator[LinkedRoom]:
    """A room that takes its hub from the identity file, which is not there yet."""
    room = LinkedRoom(hub, tmp_path)
    room.link = HubLink(room.room, FromIdentity(), SystemClock())
    room.start()
    yield room
    room.stop()


def hivemind_client(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "hivemind_bus_client.scripts", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def set_identity(hub: RealHub, password: str = "") -> None:
    hivemind_client(
        *("set-identity", "--key", hub.key, "--password", password or hub.password),
        *("--host", "127.0.0.1", "--port", str(hub.port), "--siteid", "kitchen"),
    )


def test_an_identity_set_up_while_the_room_runs_is_taken_up(room: LinkedRoom, hub: RealHub) -> None:
    room.until_state(HubState.UNCONFIGURED, "identity.missing")
    identity_file().parent.mkdir()
    identity_file().write_text("{")
    room.until_state(HubState.UNCONFIGURED, "identity.broken")
    identity_file().unlink()
    set_identity(hub, password="wrong but long enough to pass")
    room.until_state(HubState.REFUSED, "hub.password")
    set_identity(hub)
    room.until_connected()
    question = room.ask(room.join("Ana"), "hello")
    room.until_ended(question)
    assert room.delivery_of(question) is Delivery.ANSWERED


def test_hivemind_client_goes_on_working_with_the_identity(room: LinkedRoom, hub: RealHub) -> None:
    give_satellite_key(identity_file().parent)
    set_identity(hub)
    room.until_connected()
    room.stop()
    hivemind_client("send-mycroft", "--msg", UTTERANCE, "--payload", '{"utterances": ["from cli"]}')
    while "from cli" not in hub.heard():
        pass
