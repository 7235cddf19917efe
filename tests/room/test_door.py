"""The join code."""

from __future__ import annotations

import re

import pytest

from fakes import FakeClock, FeedRecorder
from hivemind_chatroom.errors import CodeWrongError, TooFastError, TooManyTriesError
from hivemind_chatroom.room.door import Door
from hivemind_chatroom.room.feed import CodesGuessed, Feed
from hivemind_chatroom.room.limits import Rate
from hivemind_chatroom.room.model import NO_MESSAGE
from hivemind_chatroom.room.tries import ALL_TRIES_MAX

PHONE, LAPTOP = "192.168.1.20", "192.168.1.21"
TRIES_A_MINUTE = 5
CODE, KEY = "482193", b"a key of 32 bytes, kept for good"


@pytest.fixture
def told() -> FeedRecorder:
    return FeedRecorder()


@pytest.fixture
def door(clock: FakeClock, told: FeedRecorder) -> Door:
    feed = Feed(NO_MESSAGE)
    feed.listen(told)
    return Door(CODE, KEY, None, feed, clock)


def door_with(clock: FakeClock, code: str, rate: Rate | None = None, key: bytes = KEY) -> Door:
    return Door(code, key, rate, Feed(NO_MESSAGE), clock)


def try_wrong_codes(door: Door, address: str, times: int = TRIES_A_MINUTE) -> None:
    for _ in range(times):
        with pytest.raises(CodeWrongError):
            door.check("000000", address)


@pytest.mark.parametrize("code", ["", "000000", "anything"])
def test_a_room_without_a_code_lets_everybody_in(clock: FakeClock, code: str) -> None:
    door = door_with(clock, "")
    assert door.is_open
    door.check(code, PHONE)


def test_the_right_code_opens(door: Door) -> None:
    assert not door.is_open
    door.check("482193", PHONE)


@pytest.mark.parametrize("code", ["", "482194", "48219", "4821930", " 482193", "٤٨٢١٩٣", "é"])
def test_another_code_does_not_open(door: Door, code: str) -> None:
    with pytest.raises(CodeWrongError):
        door.check(code, PHONE)


def test_after_five_wrong_codes_even_the_right_one_must_wait(door: Door) -> None:
    try_wrong_codes(door, PHONE)
    with pytest.raises(TooManyTriesError) as refusal:
        door.check("482193", PHONE)
    assert 0 < refusal.value.retry_after_s <= 60


def test_after_the_wait_the_right_code_opens_again(door: Door, clock: FakeClock) -> None:
    try_wrong_codes(door, PHONE)
    clock.advance(60)
    door.check("482193", PHONE)


def test_five_more_wrong_codes_take_another_minute(door: Door, clock: FakeClock) -> None:
    try_wrong_codes(door, PHONE)
    clock.advance(60)
    try_wrong_codes(door, PHONE)
    with pytest.raises(TooManyTriesError):
        door.check("000000", PHONE)


def test_one_address_does_not_shut_out_another(door: Door) -> None:
    try_wrong_codes(door, PHONE)
    door.check("482193", LAPTOP)


def test_the_right_code_costs_no_try(door: Door) -> None:
    for _ in range(20):
        door.check("482193", PHONE)
    try_wrong_codes(door, PHONE)


def test_so_many_may_join_from_one_address_and_then_only_so_fast(clock: FakeClock) -> None:
    door = door_with(clock, "", Rate(per_second=0.2, burst=3))
    for _ in range(3):
        door.admit("", PHONE)
    with pytest.raises(TooFastError):
        door.admit("", PHONE)
    door.admit("", LAPTOP)
    door.check("", PHONE)
    clock.advance(5)
    door.admit("", PHONE)


def test_who_is_turned_away_with_a_wrong_code_has_not_joined(clock: FakeClock) -> None:
    door = door_with(clock, CODE, Rate(per_second=0.2, burst=1))
    try_wrong_codes(door, PHONE, times=2)
    door.admit("482193", PHONE)
    with pytest.raises(TooFastError):
        door.admit("482193", PHONE)


def test_the_invitation_opens_though_typed_codes_must_wait(door: Door) -> None:
    try_wrong_codes(door, PHONE)
    door.check(door.invitation, PHONE)
    with pytest.raises(TooManyTriesError):
        door.check(CODE, PHONE)


def test_the_invitation_is_long_and_fits_into_an_address(door: Door) -> None:
    assert re.fullmatch(r"[\w-]{12}", door.invitation, re.ASCII)
    assert CODE not in door.invitation


def test_another_code_makes_the_invitation_another_one(door: Door) -> None:
    before = door.invitation
    door.code = "482194"
    assert not door.invites(before)
    with pytest.raises(CodeWrongError):
        door.check(before, PHONE)
    door.code = CODE
    assert door.invites(before)


def test_nobody_learns_the_invitation_from_the_code(clock: FakeClock, door: Door) -> None:
    other = door_with(clock, CODE, key=b"another room's")
    assert other.invitation != door.invitation
    assert not door.invites(other.invitation)


@pytest.mark.parametrize("given", ["", CODE, "é"])
def test_an_open_room_has_no_invitation(clock: FakeClock, given: str) -> None:
    door = door_with(clock, "")
    assert door.invitation == ""
    assert not door.invites(given)


def test_the_host_is_told_of_who_must_wait_and_may_let_them_try_again(
    door: Door, told: FeedRecorder, clock: FakeClock
) -> None:
    try_wrong_codes(door, PHONE, TRIES_A_MINUTE - 1)
    assert (told.events, door.waiting, door.longest_wait_s()) == ([], 0, 0)
    try_wrong_codes(door, PHONE, 1)
    clock.advance(10)
    try_wrong_codes(door, LAPTOP)
    assert told.events == [CodesGuessed(1), CodesGuessed(2)]
    assert (door.waiting, door.longest_wait_s()) == (2, 60)
    door.forgive()
    assert told.events[-1] == CodesGuessed(0)
    assert (door.waiting, door.longest_wait_s()) == (0, 0)
    door.check(CODE, PHONE)
    try_wrong_codes(door, LAPTOP)


def test_the_host_is_told_when_all_have_to_wait_though_no_address_has_used_up_its_tries(
    door: Door, told: FeedRecorder, clock: FakeClock
) -> None:
    addresses = [f"192.168.2.{number}" for number in range(ALL_TRIES_MAX // 4)]
    for address in addresses[:-1]:
        try_wrong_codes(door, address, 4)
    clock.advance(10)
    try_wrong_codes(door, addresses[-1], 3)
    assert told.events == []
    with pytest.raises(CodeWrongError) as last:
        door.check("000000", addresses[-1])
    assert (last.value.tries_left, last.value.retry_after_s) == (0, 50)
    assert told.events == [CodesGuessed(len(addresses))]
    with pytest.raises(TooManyTriesError):
        door.check(CODE, PHONE)
    door.forgive()
    door.check(CODE, PHONE)
