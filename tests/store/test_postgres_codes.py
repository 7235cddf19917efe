"""Device codes: shown at one instance, typed at another, and of use once at all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest

from fakes import FakeClock, FakeLanguages, FeedRecorder
from hivemind_chatroom.errors import DeviceCodeWrongError
from hivemind_chatroom.room.codes import WRONG_MAX, DeviceCode, DeviceCodes
from hivemind_chatroom.room.feed import DeviceCodeEnded
from hivemind_chatroom.room.model import Introduction, Joined, MemberId
from hivemind_chatroom.room.own_codes import OwnCodes
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.postgres.store import PostgresStore

TABLET = "192.168.1.20"
CODE = DeviceCode("123456", 300.0)

Pass = Callable[[float], None]


@pytest.fixture
def rooms(address: str, clock: FakeClock) -> Iterator[tuple[Room, Room]]:
    with ExitStack() as stores:

        def opened() -> Room:
            store = PostgresStore(address, clock)
            stores.callback(store.close)
            return Room(RoomSettings(), store, clock, FakeLanguages())

        yield opened(), opened()


@pytest.fixture
def ana(rooms: tuple[Room, Room]) -> Joined:
    """A member whom both know."""
    here, there = rooms
    ana = here.join(Introduction("Ana"))
    there.following.catch_up()
    return ana


@pytest.fixture(params=["own", "postgres"])
def codes(
    request: pytest.FixtureRequest, clock: FakeClock
) -> Iterator[tuple[DeviceCodes, MemberId, Pass]]:
    """Codes of either kind, whose they may be, and what makes them older."""
    if request.param == "own":
        yield OwnCodes(clock), MemberId("ana"), clock.advance
        return
    address = request.getfixturevalue("address")
    store = PostgresStore(address, clock)
    room = Room(RoomSettings(), store, clock, FakeLanguages())

    def let_pass(seconds: float) -> None:
        with psycopg.connect(address) as connection:
            older = "UPDATE device_code SET expires_at = expires_at - make_interval(secs => %s)"
            connection.execute(older, [seconds])

    yield store.device_codes, room.join(Introduction("Ana")).member.id, let_pass
    store.close()


def test_one_code_is_out_until_it_is_used_or_too_old(
    codes: tuple[DeviceCodes, MemberId, Pass],
) -> None:
    kept, ana, let_pass = codes
    assert kept.out(ana) is None
    assert kept.issue(ana, CODE).code == "123456"
    let_pass(200)
    again = kept.issue(ana, DeviceCode("654321", 300.0))
    assert again.code == "123456"
    assert 95 < again.expires_in_s <= 100
    assert not kept.use(ana, "654321")
    assert kept.use(ana, "123456")
    assert not kept.use(ana, "123456")
    kept.issue(ana, CODE)
    let_pass(301)
    assert kept.out(ana) is None
    assert kept.issue(ana, DeviceCode("654321", 300.0)).code == "654321"


def test_so_many_wrong_guesses_make_a_code_void_once(
    codes: tuple[DeviceCodes, MemberId, Pass],
) -> None:
    kept, ana, _ = codes
    kept.issue(ana, CODE)
    missed = [kept.miss(ana, "123456") for _ in range(WRONG_MAX + 1)]
    assert missed == [False] * (WRONG_MAX - 1) + [True, False]
    assert kept.out(ana) is None


def test_a_code_shown_at_one_instance_lets_a_device_in_at_the_other(
    rooms: tuple[Room, Room], ana: Joined
) -> None:
    here, there = rooms
    told = FeedRecorder()
    here.feed.listen(told)
    code = here.devices.invite(ana.member).code
    assert there.devices.invite(ana.member).code == code
    joined = there.devices.join("Ana", code, "", TABLET)
    assert joined.member == ana.member
    assert here.member_by_key(joined.key) == ana.member
    here.following.catch_up()
    assert told.of(DeviceCodeEnded) == [DeviceCodeEnded(ana.member.id, is_used=True)]


def test_a_code_is_of_use_once_at_all_instances(rooms: tuple[Room, Room], ana: Joined) -> None:
    code = rooms[0].devices.invite(ana.member).code

    def comes_in(room: Room) -> bool:
        try:
            room.devices.join("Ana", code, "", TABLET)
        except DeviceCodeWrongError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(comes_in, rooms)) == [False, True]


def test_wrong_guesses_count_wherever_they_are_made(rooms: tuple[Room, Room], ana: Joined) -> None:
    here, there = rooms
    told = FeedRecorder()
    there.feed.listen(told)
    code = here.devices.invite(ana.member).code
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for number in range(WRONG_MAX):
        room, guesser = rooms[number % 2], f"192.168.1.{number}"
        with pytest.raises(DeviceCodeWrongError):
            room.devices.join("Ana", wrong, "", guesser)
    for room in rooms:
        with pytest.raises(DeviceCodeWrongError):
            room.devices.join("Ana", code, "", TABLET)
    there.following.catch_up()
    assert told.of(DeviceCodeEnded) == [DeviceCodeEnded(ana.member.id, is_used=False)]
