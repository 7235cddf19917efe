"""A room on a clock that stands still, with its log in memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fakes import FakeClock, FakeLanguages, FeedRecorder
from hivemind_chatroom.room.model import HubState, HubStatus
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.memory import MemoryStore

OpenRoom = Callable[[RoomSettings], Room]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(clock: FakeClock) -> MemoryStore:
    return MemoryStore(clock)


@pytest.fixture
def open_room(clock: FakeClock, store: MemoryStore) -> OpenRoom:
    def opened(settings: RoomSettings) -> Room:
        room = Room(settings, store, clock, FakeLanguages())
        room.hub_is(HubStatus(HubState.CONNECTED, clock.now()))
        return room

    return opened


@pytest.fixture
def room(open_room: OpenRoom) -> Room:
    """An open room whose hub is connected."""
    return open_room(RoomSettings())


@pytest.fixture
def feed(room: Room) -> FeedRecorder:
    """What the room's feed tells from now on."""
    recorder = FeedRecorder()
    room.feed.listen(recorder)
    return recorder
