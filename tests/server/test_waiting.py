from __future__ import annotations

import pytest

from fakes import FakeClock
from hivemind_chatroom.server.waiting import Waiting


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def waiting(clock: FakeClock) -> Waiting[str]:
    return Waiting(clock.monotonic)


def test_where_nobody_waits_nobodys_time_is_ever_up(waiting: Waiting[str]) -> None:
    assert waiting.next_in_s() is None
    assert [*waiting.take_overdue()] == []


def test_time_is_up_for_each_when_its_own_patience_ends(
    clock: FakeClock, waiting: Waiting[str]
) -> None:
    waiting.add("ana", 10)
    waiting.add("ben", 3)
    clock.advance(1)
    waiting.add("eva", 3)
    assert waiting.next_in_s() == 2
    clock.advance(2)
    assert [*waiting.take_overdue()] == ["ben"]
    assert waiting.next_in_s() == 1
    clock.advance(20)
    assert waiting.next_in_s() == 0
    assert {*waiting.take_overdue()} == {"ana", "eva"}
    assert waiting.everybody() == []


@pytest.mark.parametrize("patience_s", [10, 5])
def test_who_is_added_again_waits_once_and_from_then_on(
    clock: FakeClock, waiting: Waiting[str], patience_s: float
) -> None:
    waiting.add("ana", 10)
    clock.advance(9)
    waiting.add("ana", patience_s)
    assert waiting.everybody() == ["ana"]
    clock.advance(1)
    assert [*waiting.take_overdue()] == []
    assert waiting.next_in_s() == patience_s - 1


def test_who_was_removed_waits_no_more(clock: FakeClock, waiting: Waiting[str]) -> None:
    waiting.add("ana", 10)
    waiting.remove("ana")
    waiting.remove("ana")
    clock.advance(10)
    assert [*waiting.take_overdue()] == []


def test_who_comes_after_is_not_overlooked_when_somebody_is_added_again(
    clock: FakeClock, waiting: Waiting[str]
) -> None:
    waiting.add("ana", 10)
    waiting.add("ben", 10)
    clock.advance(5)
    waiting.add("ana", 10)
    clock.advance(5)
    assert [*waiting.take_overdue()] == ["ben"]


def test_whose_wait_began_earlier_is_up_earlier(clock: FakeClock, waiting: Waiting[str]) -> None:
    begun = waiting.now()
    clock.advance(4.0)
    waiting.add("ana", 10.0, begun)
    assert waiting.next_in_s() == 6.0
