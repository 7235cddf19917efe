"""Another device of the same person comes in by what the first one shows, and by nothing else."""

from __future__ import annotations

import re

import pytest

from fakes import FakeClock, FeedRecorder
from hivemind_chatroom.errors import (
    CodeWrongError,
    DeviceCodeWrongError,
    NameInvalidError,
    StorageFullError,
    TooFastError,
    TooManyTriesError,
)
from hivemind_chatroom.room.codes import WRONG_MAX
from hivemind_chatroom.room.devices import LIFE_S, Devices
from hivemind_chatroom.room.door import Door
from hivemind_chatroom.room.feed import DeviceCodeEnded, Feed
from hivemind_chatroom.room.members import Members
from hivemind_chatroom.room.model import NO_MESSAGE, Introduction, Joined
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.room.tries import PAUSE_S, TRIES_MAX
from room.conftest import OpenRoom
from room.test_members_kept import StubbornBook

TABLET, STRANGER = "192.168.1.20", "192.168.1.66"


@pytest.fixture
def ana(room: Room) -> Joined:
    return room.join(Introduction("Ana", "pt-PT", "kitchen"))


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def guess(room: Room, code: str, address: str = STRANGER, name: str = "Ana") -> None:
    with pytest.raises(DeviceCodeWrongError):
        room.devices.join(name, other_than(code), "", address)


@pytest.mark.parametrize("name", ["Ana", "ANA", "Аna"])
def test_who_types_the_code_is_the_same_member_with_a_cookie_of_its_own(
    room: Room, ana: Joined, name: str
) -> None:
    invited = room.devices.invite(ana.member)
    assert re.fullmatch("[0-9]{6}", invited.code)
    assert invited.expires_in_s == LIFE_S

    joined = room.devices.join(name, invited.code, "", TABLET)

    assert joined.member == ana.member
    assert joined.key != ana.key
    assert room.member_by_key(joined.key) == room.member_by_key(ana.key) == ana.member


def test_a_code_is_of_use_once(room: Room, ana: Joined) -> None:
    code = room.devices.invite(ana.member).code
    room.devices.join("Ana", code, "", TABLET)
    with pytest.raises(DeviceCodeWrongError):
        room.devices.join("Ana", code, "", TABLET)


def test_a_code_whose_device_could_not_be_kept_is_of_use_again() -> None:
    clock, book, feed, told = FakeClock(), StubbornBook(), Feed(NO_MESSAGE), FeedRecorder()
    feed.listen(told)
    members = Members(book)
    devices = Devices(members, Door("", b"", None, feed, clock), feed, clock)
    ana = members.join("Ana", "en", "kitchen").member
    code = devices.invite(ana).code
    book.is_full = True
    with pytest.raises(StorageFullError):
        devices.join("Ana", code, "", TABLET)
    assert told.events == []

    book.is_full = False

    assert devices.join("Ana", code, "", TABLET).member == ana
    with pytest.raises(DeviceCodeWrongError):
        devices.join("Ana", code, "", TABLET)


def test_the_first_device_is_told_that_its_code_is_used(
    room: Room, ana: Joined, feed: FeedRecorder
) -> None:
    code = room.devices.invite(ana.member).code
    guess(room, code)
    assert feed.events == []

    room.devices.join("Ana", code, "", TABLET)

    assert feed.events == [DeviceCodeEnded(ana.member.id, is_used=True)]


def test_the_first_device_is_told_once_that_its_code_is_void(
    room: Room, ana: Joined, feed: FeedRecorder
) -> None:
    code = room.devices.invite(ana.member).code
    for number in range(WRONG_MAX + 1):
        guess(room, code, f"192.168.1.{number}")

    assert feed.events == [DeviceCodeEnded(ana.member.id, is_used=False)]


def test_a_name_that_can_be_nobodys_costs_no_try_at_any_code(open_room: OpenRoom) -> None:
    room = open_room(RoomSettings(code="482193"))
    ana = room.join(Introduction("Ana"), "482193")
    code = room.devices.invite(ana.member).code
    for _ in range(TRIES_MAX + 1):
        for join_code in ("", "000000", "482193"):
            with pytest.raises(NameInvalidError):
                room.devices.join("  ", other_than(code), join_code, TABLET)
    assert room.devices.join("Ana", code, "482193", TABLET).member == ana.member


def test_a_code_that_is_too_old_is_of_no_use(room: Room, ana: Joined, clock: FakeClock) -> None:
    code = room.devices.invite(ana.member).code
    clock.advance(LIFE_S)
    with pytest.raises(DeviceCodeWrongError):
        room.devices.join("Ana", code, "", TABLET)


def test_who_asks_twice_is_told_the_same_code_for_the_rest_of_its_time(
    room: Room, ana: Joined, clock: FakeClock
) -> None:
    first = room.devices.invite(ana.member)
    clock.advance(100)
    again = room.devices.invite(ana.member)
    assert (again.code, again.expires_in_s) == (first.code, LIFE_S - 100)


@pytest.mark.parametrize("code", ["", "000000", "é", "٤٨٢١٩٣"])
def test_nobody_comes_in_as_somebody_who_has_shown_no_code(
    room: Room, ana: Joined, code: str
) -> None:
    assert ana.key
    with pytest.raises(DeviceCodeWrongError):
        room.devices.join("Ana", code, "", STRANGER)


def test_a_code_is_for_its_own_member_alone(room: Room, ana: Joined) -> None:
    bob = room.join(Introduction("Bob"))
    code = room.devices.invite(bob.member).code
    for name in ("Ana", "Nobody"):
        with pytest.raises(DeviceCodeWrongError):
            room.devices.join(name, code, "", STRANGER)
    assert ana.member != room.devices.join("Bob", code, "", TABLET).member


def test_five_wrong_guesses_from_wherever_make_a_code_void(room: Room, ana: Joined) -> None:
    code = room.devices.invite(ana.member).code
    for number in range(WRONG_MAX):
        guess(room, code, f"192.168.1.{number}")
    with pytest.raises(DeviceCodeWrongError):
        room.devices.join("Ana", code, "", TABLET)


def test_who_guesses_has_to_wait_and_makes_nothing_void_meanwhile(
    room: Room, ana: Joined, clock: FakeClock
) -> None:
    for _ in range(TRIES_MAX):
        guess(room, "000000")
    code = room.devices.invite(ana.member).code
    for attempt in [other_than(code)] * WRONG_MAX + [code]:
        with pytest.raises(TooManyTriesError):
            room.devices.join("Ana", attempt, "", STRANGER)
    clock.advance(PAUSE_S)
    assert room.devices.join("Ana", code, "", TABLET).member == ana.member


def test_a_room_with_a_code_wants_it_too(open_room: OpenRoom) -> None:
    room = open_room(RoomSettings(code="482193"))
    ana = room.join(Introduction("Ana"), "482193")
    code = room.devices.invite(ana.member).code
    with pytest.raises(CodeWrongError):
        room.devices.join("Ana", code, "", TABLET)
    assert room.devices.join("Ana", code, "482193", TABLET).member == ana.member


def test_who_has_left_lets_nobody_in(room: Room, ana: Joined) -> None:
    code = room.devices.invite(ana.member).code
    room.leave(ana.member)
    room.join(Introduction("Ana"))
    with pytest.raises(DeviceCodeWrongError):
        room.devices.join("Ana", code, "", TABLET)


def test_so_many_new_codes_and_then_only_so_fast(room: Room, ana: Joined, clock: FakeClock) -> None:
    for _ in range(6):
        code = room.devices.invite(ana.member).code
        room.devices.join("Ana", code, "", TABLET)
    with pytest.raises(TooFastError) as refusal:
        room.devices.invite(ana.member)
    clock.advance(refusal.value.retry_after_s)
    room.devices.invite(ana.member)


def test_who_is_forgotten_is_so_on_every_device(room: Room, ana: Joined) -> None:
    joined = room.devices.join("Ana", room.devices.invite(ana.member).code, "", TABLET)
    room.leave(joined.member)
    assert room.member_by_key(ana.key) is None
    assert room.member_by_key(joined.key) is None
