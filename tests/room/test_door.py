"""The join code."""

from __future__ import annotations

import pytest

from fakes import FakeClock
from hivemind_chatroom.errors import CodeWrongError, TooFastError, TooManyTriesError
from hivemind_chatroom.room.door import Door
from hivemind_chatroom.room.limits import Rate

PHONE, LAPTOP = "192.168.1.20", "192.168.1.21"
TRIES_A_MINUTE = 5


@pytest.fixture
def door(clock: FakeClock) -> Door:
    return Door("482193", None, clock)


def try_wrong_codes(door: Door, address: str, times: int = TRIES_A_MINUTE) -> None:
    for _ in range(times):
        with pytest.raises(CodeWrongError):
            door.check("000000", address)


@pytest.mark.parametrize("code", ["", "000000", "anything"])
def test_a_room_without_a_code_lets_everybody_in(clock: FakeClock, code: str) -> None:
    door = Door("", None, clock)
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
    door = Door("", Rate(per_second=0.2, burst=3), clock)
    for _ in range(3):
        door.admit("", PHONE)
    with pytest.raises(TooFastError):
        door.admit("", PHONE)
    door.admit("", LAPTOP)
    door.check("", PHONE)
    clock.advance(5)
    door.admit("", PHONE)


def test_who_is_turned_away_with_a_wrong_code_has_not_joined(clock: FakeClock) -> None:
    door = Door("482193", Rate(per_second=0.2, burst=1), clock)
    try_wrong_codes(door, PHONE, times=2)
    door.admit("482193", PHONE)
    with pytest.raises(TooFastError):
        door.admit("482193", PHONE)
