"""Guessing costs tries, and then time."""

from __future__ import annotations

import contextlib

import pytest

from fakes import FakeClock
from hivemind_chatroom.errors import TooManyTriesError
from hivemind_chatroom.room import tries as module
from hivemind_chatroom.room.tries import ALL_TRIES_MAX, PAUSE_S, TRIES_MAX, Tries

PHONE, LAPTOP = "192.168.1.20", "192.168.1.21"


@pytest.fixture
def tries(clock: FakeClock) -> Tries:
    return Tries(clock)


def miss(tries: Tries, times: int = TRIES_MAX, address: str = PHONE) -> list[int]:
    return [tries.judge(address, is_right=False) for _ in range(times)]


def test_each_wrong_one_leaves_one_try_less_and_a_right_one_as_many(tries: Tries) -> None:
    assert miss(tries, 2) == [4, 3]
    assert tries.judge(PHONE, is_right=True) == 3
    assert miss(tries, 3) == [2, 1, 0]


def test_who_has_none_left_waits_for_a_minute_though_they_go_on(
    tries: Tries, clock: FakeClock
) -> None:
    miss(tries)
    clock.advance(PAUSE_S - 1)
    for is_right in (False, True):
        with pytest.raises(TooManyTriesError) as refusal:
            tries.judge(PHONE, is_right=is_right)
        assert refusal.value.retry_after_s == 1
    clock.advance(1)
    assert tries.judge(PHONE, is_right=True) == TRIES_MAX


def test_a_minute_without_a_wrong_one_makes_all_forgotten(tries: Tries, clock: FakeClock) -> None:
    miss(tries, 4)
    clock.advance(PAUSE_S)
    assert miss(tries, 1) == [4]


def test_another_address_has_tries_of_its_own(tries: Tries) -> None:
    miss(tries)
    assert miss(tries, 1, LAPTOP) == [4]


def test_so_many_addresses_are_remembered_and_no_more(
    tries: Tries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUCKETS_MAX", 1)
    miss(tries)
    miss(tries, 1, LAPTOP)
    assert miss(tries, 1) == [4]


def test_who_takes_ever_new_addresses_has_to_wait_with_all_of_them(
    tries: Tries, clock: FakeClock
) -> None:
    for number in range(ALL_TRIES_MAX):
        miss(tries, 1, f"192.168.2.{number}")
        clock.advance(0.1)
    with pytest.raises(TooManyTriesError) as refusal:
        tries.judge(PHONE, is_right=True)
    assert refusal.value.retry_after_s == pytest.approx(PAUSE_S - ALL_TRIES_MAX * 0.1)
    assert len(tries.pauses()) == ALL_TRIES_MAX
    clock.advance(PAUSE_S)
    assert tries.judge(PHONE, is_right=True) == TRIES_MAX


def test_who_makes_all_wait_has_no_try_left_and_waits_as_long_as_they(
    tries: Tries, clock: FakeClock
) -> None:
    left = []
    for number in range(ALL_TRIES_MAX):
        left += miss(tries, 1, f"192.168.2.{number}")
        clock.advance(0.1)
    assert left == [TRIES_MAX - 1] * (ALL_TRIES_MAX - 1) + [0]
    assert tries.wait_s(PHONE) == pytest.approx(PAUSE_S - ALL_TRIES_MAX * 0.1)


def test_who_has_to_wait_is_counted_until_the_wait_is_over(tries: Tries, clock: FakeClock) -> None:
    miss(tries)
    miss(tries, 4, LAPTOP)
    clock.advance(20)
    assert tries.pauses() == [PAUSE_S - 20]
    clock.advance(PAUSE_S - 20)
    assert tries.pauses() == []


def test_what_is_forgotten_costs_nothing(tries: Tries) -> None:
    miss(tries)
    tries.forget()
    assert miss(tries, 1) == [TRIES_MAX - 1]


@pytest.mark.parametrize(("addresses", "most"), [(1, 300), (100, 6_000), (1_000, 6_000)])
def test_whoever_guesses_for_an_hour_has_so_many_tries_and_no_more(
    tries: Tries, clock: FakeClock, addresses: int, most: int
) -> None:
    made, ends_at = 0, clock.monotonic() + 3_600
    while clock.monotonic() < ends_at:
        for number in range(addresses):
            with contextlib.suppress(TooManyTriesError):
                while True:
                    miss(tries, 1, f"10.0.{number}")
                    made += 1
        clock.advance(PAUSE_S / 6)
    assert made == most  # as docs/security.md has it
