"""What a hub may say that nobody has asked for."""

from __future__ import annotations

import logging

import pytest

from fakes import FakeClock
from hivemind_chatroom.hub.allowance import (
    ANSWER_MAX,
    TELL_EVERY_S,
    UNASKED,
    UNMARKED_FOR_EACH,
    Allowance,
)
from hivemind_chatroom.room.model import Address, Correlation

NOBODY = Address()
EVERY_S = 1 / UNASKED.per_second


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def allowance(clock: FakeClock) -> Allowance:
    return Allowance(clock)


def admitted(allowance: Allowance, address: Address, times: int = 1_000) -> int:
    return sum(allowance.admits(address) for _ in range(times))


def test_a_hundred_announcements_may_come_at_once_and_then_one_each_five_seconds(
    allowance: Allowance, clock: FakeClock
) -> None:
    assert admitted(allowance, NOBODY) == UNASKED.burst
    for _ in range(20):
        clock.advance(EVERY_S)
        assert admitted(allowance, NOBODY) == 1


def test_an_alarm_that_rings_every_five_seconds_rings_for_ever(
    allowance: Allowance, clock: FakeClock
) -> None:
    for _ in range(10 * UNASKED.burst):
        assert allowance.admits(NOBODY)
        clock.advance(EVERY_S)


def test_an_answer_has_its_own_allowance_whatever_else_is_said(allowance: Allowance) -> None:
    allowance.asked(Correlation("c1"))
    admitted(allowance, NOBODY)
    assert admitted(allowance, Address(Correlation("c1")), ANSWER_MAX) == ANSWER_MAX
    assert not allowance.admits(Address(Correlation("c1")))


def test_what_was_never_asked_is_nobodys(allowance: Allowance) -> None:
    assert admitted(allowance, Address(Correlation("made up"))) == UNASKED.burst


def test_what_is_asked_makes_up_for_answers_that_do_not_say_to_what(allowance: Allowance) -> None:
    admitted(allowance, NOBODY)
    allowance.asked(Correlation("c1"))
    assert admitted(allowance, NOBODY) == UNMARKED_FOR_EACH


def test_the_log_says_how_much_was_left_out_at_once_and_then_once_a_minute(
    allowance: Allowance, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        allowance.tell()
        admitted(allowance, NOBODY, UNASKED.burst + 7)
        allowance.tell()
        admitted(allowance, NOBODY, 5)
        allowance.tell()
        clock.advance(TELL_EVERY_S)
        admitted(allowance, NOBODY, 100)
        allowance.tell()
        allowance.tell()
    left_out = 5 + 100 - round(TELL_EVERY_S * UNASKED.per_second)
    assert [record.args for record in caplog.records] == [(7,), (left_out,)]
