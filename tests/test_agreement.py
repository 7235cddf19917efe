"""What is decided at one instance of a room is decided at all of them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from contract.cluster import Cluster
from hivemind_chatroom.agreement import Agreement
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.room.feed import Event, RoomChanged
from hivemind_chatroom.settings import HubChoice, Origin, Settings

WAIT_S = 10.0

Open = Callable[[Settings], Chatroom]


class FakeShared:
    """`SharedSettings` in a dictionary."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def begin(self, values: Mapping[str, object]) -> Mapping[str, object]:
        self.values = {**values, **self.values}
        return self.values

    def change(self, values: Mapping[str, object]) -> Mapping[str, object]:
        self.values |= values
        return self.values


def test_the_first_instance_decides_and_the_others_take_it_over() -> None:
    shared = FakeShared()
    first = Settings(room_name="Hall", keep_days=7, languages=("en", "pt"), lan_name="first")
    assert Agreement(shared).begun(first) == first
    second = Settings(room_name="Attic", paused=True, lan_name="second")
    assert Agreement(shared).begun(second) == replace(first, lan_name="second")


def test_a_code_that_is_made_at_the_start_is_made_by_the_first_instance_alone() -> None:
    shared = FakeShared()
    first = Agreement(shared).begun(Settings(code="auto"))
    assert first.code.isdigit()
    assert Agreement(shared).begun(Settings(code="auto")) == first


def test_a_change_at_one_instance_takes_back_no_other_ones() -> None:
    shared = FakeShared()
    here, there = Agreement(shared), Agreement(shared)
    begun = here.begun(Settings())
    here.changed(replace(begun, room_name="Attic"), {"room_name"})
    changed = there.changed(replace(begun, paused=True, lan_name="second"), {"paused", "lan_name"})
    assert changed == replace(begun, room_name="Attic", paused=True, lan_name="second")
    assert here.followed(begun) == replace(begun, room_name="Attic", paused=True)


def test_where_nothing_is_shared_settings_stay_what_they_are() -> None:
    settings, alone = Settings(code="auto"), Agreement(None)
    assert alone.begun(settings) is settings
    assert alone.changed(settings, {"code"}) is settings
    assert alone.followed(settings) is settings


@pytest.fixture
def open_instance(cluster: Cluster, tmp_path: Path) -> Iterator[Open]:
    """Opens instances of one room, each with a folder of its own."""
    address = cluster.new_database()
    with contextlib.ExitStack() as stack:

        def opened(decided: Settings) -> Chatroom:
            folder = tmp_path / decided.room_name
            settings = replace(decided, database=address, data_dir=folder)
            chatroom = Chatroom(settings, origin=Origin(folder / "settings.toml"))
            stack.callback(chatroom.stop)
            chatroom.start()
            return chatroom

        yield opened


def decide(chatroom: Chatroom, **values: object) -> httpx.Response:
    """Change settings as the operator's page does."""
    base, _, token = chatroom.operator_url.partition("/#k=")
    return httpx.patch(f"{base}/api/settings", json=values, headers={"X-Operator-Token": token})


def test_what_the_host_changes_at_one_instance_is_in_force_at_the_other(
    open_instance: Open,
) -> None:
    alone = Settings("127.0.0.1", 0, hub=HubChoice.NONE, lan=False)
    here = open_instance(replace(alone, room_name="Hall", code="1234"))
    there = open_instance(replace(alone, room_name="Attic"))
    assert (there.name, there.code) == ("Hall", "1234")
    is_told = threading.Event()

    def hear(event: Event) -> None:
        if isinstance(event, RoomChanged) and event.settings.paused:
            is_told.set()

    there.room.feed.listen(hear)
    decide(here, code="98765", paused=True).raise_for_status()
    assert is_told.wait(WAIT_S)
    assert there.code == "98765"
    assert there.room.door.code == "98765"
    decide(there, room_name="Cellar").raise_for_status()
    assert (there.name, there.code, there.room.settings.paused) == ("Cellar", "98765", True)
