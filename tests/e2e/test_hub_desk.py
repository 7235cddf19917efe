"""The operator's desk with real hubs: what it saves works elsewhere, and hubs change meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.hubs import UTTERANCE, RealHub
from fakes import FakeLanguages
from hivemind_chatroom.hub.desk import HubDesk
from hivemind_chatroom.hub.identity import identity_file
from hivemind_chatroom.hub.targets import choose_target
from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.room.model import (
    Delivery,
    HubState,
    Introduction,
    Member,
    Message,
    Posting,
)
from hivemind_chatroom.room.operating import CheckState, Credentials
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.settings import HubChoice
from hivemind_chatroom.store.memory import MemoryStore
from hub.watch import Watch


class Household:
    """A room with a desk that is still on the built-in assistant."""

    def __init__(self, folder: Path) -> None:
        clock = SystemClock()
        self.room = Room(RoomSettings(member_rate=None), MemoryStore(clock), clock, FakeLanguages())
        self.watch = Watch(self.room)
        targets = choose_target(HubChoice.BUILT_IN, folder)
        self.desk = HubDesk(self.room, targets, clock, self.watch.notify)
        self.ana = self.room.join(Introduction("Ana")).member

    def until_connected(self, *, builtin: bool) -> None:
        self.watch.until(
            lambda: (self.room.hub.builtin, self.room.hub.state) == (builtin, HubState.CONNECTED)
        )

    def ask(self, text: str, member: Member | None = None) -> Message:
        return self.room.post(member or self.ana, Posting(text)).message

    def until_delivered(self, message: Message, delivery: Delivery) -> None:
        self.watch.until(lambda: self.watch.messages[message.id].delivery is delivery)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RealHub]:
    hub = RealHub(tmp_path / "hub").start(UTTERANCE)
    yield hub
    hub.stop()


@pytest.fixture
def household(tmp_path: Path) -> Iterator[Household]:
    household = Household(tmp_path)
    yield household
    household.desk.stop()


def way_into(hub: RealHub) -> Credentials:
    """Return what the operator pastes and types."""
    text = f"Access Key: {hub.key}\nPassword: {hub.password}\n"
    return Credentials(text=text, host="127.0.0.1", port=hub.port, site_id="den")


def hivemind_client(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "hivemind_bus_client.scripts", *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout


def test_the_real_test_identity_works_on_what_was_tested_and_saved_here(
    household: Household, hub: RealHub
) -> None:
    checks = list(household.desk.test(way_into(hub)))
    assert {check.state for check in checks} == {CheckState.OK}
    assert not identity_file().exists()
    household.desk.save(way_into(hub))
    assert "successfully connected" in hivemind_client("test-identity")
    assert hub.heard() == ["hello"]


def test_the_saved_identity_and_its_keys_are_its_users_alone(
    household: Household, hub: RealHub
) -> None:
    household.desk.start()
    household.desk.save(way_into(hub))
    household.until_connected(builtin=False)
    household.desk.stop()
    folder = identity_file().parent
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert {"_identity.json", "HiveMindComs.pem", "unnamed-node_noise.key"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_hubs_change_while_the_room_runs_and_nothing_that_waits_is_lost(
    household: Household, hub: RealHub
) -> None:
    household.desk.start()
    household.until_connected(builtin=True)
    first = household.ask("hello")
    household.until_delivered(first, Delivery.ANSWERED)
    household.desk.save(way_into(hub))
    asked = [household.ask(f"question {number}") for number in range(20)]
    household.until_connected(builtin=False)
    for message in asked:
        household.until_delivered(message, Delivery.ANSWERED)
    latency_ms = household.desk.latency_ms
    assert latency_ms is not None
    assert latency_ms > 0
    assert household.desk.address == f"127.0.0.1:{hub.port}"
    household.desk.use_built_in()
    household.until_connected(builtin=True)
    last = household.ask("hello")
    household.until_delivered(last, Delivery.ANSWERED)
    assert hub.heard() == [f"question {number}" for number in range(20)]


def test_a_hub_that_was_set_up_anew_is_trusted_again_from_the_desk(
    household: Household, hub: RealHub
) -> None:
    household.desk.start()
    household.desk.save(way_into(hub))
    household.until_connected(builtin=False)
    hub.kill()
    for file in (hub.folder / "config" / "hivemind" / "hub").glob("*"):
        file.unlink()
    hub.start()
    household.watch.until(lambda: household.room.hub.reason == "hub.key_changed")
    household.desk.trust_new_key()
    household.until_connected(builtin=False)
