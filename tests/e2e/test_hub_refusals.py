"""Hubs that are not there, are no hubs, or don't let us in: each is told apart from the others."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from e2e.hubs import UTTERANCE, RealHub
from e2e.impostor import GATEWAY, SSH, WEB_PAGE, Impostor
from e2e.rooms import LinkedRoom, target_of
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.room.model import Delivery, HubState

ALLOWED_LIVE_S = 10.0
"""A hub looks at its database every 5 s at most; we ask every 2.6 s."""

StartRoom = Callable[[Target], LinkedRoom]


@pytest.fixture
def start_room(tmp_path: Path) -> Iterator[StartRoom]:
    """Start rooms with a target each, and stop them all."""
    with contextlib.ExitStack() as rooms:

        def started(target: Target) -> LinkedRoom:
            room = LinkedRoom(RealHub(tmp_path), tmp_path)
            room.targets.target = target
            room.start()
            rooms.callback(room.stop)
            return room

        yield started


def test_a_hub_that_allows_nothing_is_told_with_the_command_that_helps(
    hub: RealHub, start_room: StartRoom, tmp_path: Path
) -> None:
    hub.allow()
    room = start_room(target_of(hub, tmp_path))
    room.until_state(HubState.NOT_ALLOWED, "hub.denied")
    assert room.room.hub.command == f"hivemind-core allow-msg {UTTERANCE} {hub.client_id}"
    question = room.ask(room.join("Ana"), "may I?")
    hub.allow(UTTERANCE)
    room.until_connected(ALLOWED_LIVE_S)
    room.until_ended(question)
    assert room.delivery_of(question) is Delivery.ANSWERED


def test_a_permission_taken_away_while_we_talk_ends_the_utterance_as_refused(
    hub: RealHub, start_room: StartRoom, tmp_path: Path
) -> None:
    room = start_room(target_of(hub, tmp_path))
    room.until_connected()
    ana = room.join("Ana")
    silent = room.ask(ana, "silent")
    room.until(lambda: room.delivery_of(silent) is Delivery.SENT)
    while "silent" not in hub.heard():
        pass  # on its way still: what the hub takes after the next line, it refuses
    hub.allow("ovos.utterance.handle")
    hub.tell("forget_cached_permissions")
    refused = room.ask(ana, "and now?")
    room.until_ended(refused)
    assert room.delivery_of(refused) is Delivery.REFUSED
    assert room.delivery_of(silent) is Delivery.SENT
    again = room.ask(ana, "under the other name")
    room.until_ended(again)
    assert room.delivery_of(again) is Delivery.ANSWERED


def test_a_wrong_access_key_is_told(hub: RealHub, start_room: StartRoom, tmp_path: Path) -> None:
    room = start_room(replace(target_of(hub, tmp_path), access_key="f" * 32))
    room.until_state(HubState.REFUSED, "hub.key")
    assert room.room.hub.command == "hivemind-core list-clients"


def test_a_wrong_password_is_told_and_the_right_one_taken_up_at_once(
    hub: RealHub, start_room: StartRoom, tmp_path: Path
) -> None:
    right = target_of(hub, tmp_path)
    room = start_room(replace(right, password="9c1185a5c5e9fc54612808977ee8f548"))
    room.until_state(HubState.REFUSED, "hub.password")
    room.targets.target = right
    room.until_connected()


def test_a_weak_password_is_told(hub: RealHub, start_room: StartRoom, tmp_path: Path) -> None:
    hub.admit(UTTERANCE, password="abc")
    room = start_room(target_of(hub, tmp_path))
    room.until_state(HubState.REFUSED, "hub.weak_password")


def test_a_hub_that_remembers_another_computer_is_told(
    hub: RealHub, start_room: StartRoom, tmp_path: Path
) -> None:
    start_room(target_of(hub, tmp_path / "old")).until_connected()
    room = start_room(target_of(hub, tmp_path / "new"))
    room.until_state(HubState.REFUSED, "hub.pin")
    assert room.room.hub.command == "hivemind-core reset-noise-pin <id>"
    hub.tell("forget_pin", key=hub.key)
    room.take_another_site()
    room.until_connected()


def test_a_hub_that_forgot_us_lets_us_in_again(
    own_hub: RealHub, start_room: StartRoom, tmp_path: Path
) -> None:
    room = start_room(target_of(own_hub, tmp_path))
    room.until_connected()
    own_hub.tell("forget_pin", key=own_hub.key)
    own_hub.kill()
    room.until_state(HubState.UNREACHABLE, "hub.lost")
    own_hub.start()
    room.until_connected()


def test_a_hub_that_is_another_one_than_before_is_refused_by_us(
    own_hub: RealHub, start_room: StartRoom, tmp_path: Path
) -> None:
    room = start_room(target_of(own_hub, tmp_path))
    room.until_connected()
    own_hub.kill()
    shutil.rmtree(own_hub.folder / "config")
    own_hub.start()
    room.until_state(HubState.REFUSED, "hub.key_changed")
    assert room.room.hub.command == "hivemind-client forget-server"


def test_a_closed_port_is_told(start_room: StartRoom, tmp_path: Path) -> None:
    room = start_room(target_of(RealHub(tmp_path), tmp_path))
    room.until_state(HubState.UNREACHABLE, "hub.unreachable")


def test_a_name_that_nobody_has_is_told(start_room: StartRoom, tmp_path: Path) -> None:
    target = target_of(RealHub(tmp_path), tmp_path)
    room = start_room(replace(target, address=HubAddress("no-such-hub.invalid", 5678, tls=False)))
    room.until_state(HubState.UNREACHABLE, "hub.name")


@pytest.mark.parametrize(
    ("answer", "stays", "reason"),
    [
        pytest.param(WEB_PAGE, False, "hub.not_hivemind", id="a web server"),
        pytest.param(GATEWAY, False, "hub.unreachable", id="a web server before a hub"),
        pytest.param(SSH, True, "hub.not_hivemind", id="an ssh server"),
        pytest.param(b"", False, "hub.unreachable", id="a port that hangs up"),
        pytest.param(b"", True, "hub.silent", id="a port that says nothing"),
    ],
)
def test_what_is_no_hub_is_told(
    start_room: StartRoom, tmp_path: Path, answer: bytes, *, stays: bool, reason: str
) -> None:
    with Impostor(answer, stays=stays) as impostor:
        room = start_room(target_of(RealHub(tmp_path), tmp_path, port=impostor.port))
        room.until(lambda: str(room.room.hub.reason) == reason)


def test_a_hub_without_tls_where_tls_is_wanted_is_told(
    hub: RealHub, start_room: StartRoom, tmp_path: Path
) -> None:
    address = HubAddress("127.0.0.1", hub.port, tls=True)
    room = start_room(replace(target_of(hub, tmp_path), address=address))
    room.until_state(HubState.REFUSED, "hub.scheme")
