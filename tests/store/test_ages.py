"""How long something has been asked, when the time of day jumps."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.stores import draft
from fakes import FakeClock
from hivemind_chatroom.room.model import Delivery, MessageId
from hivemind_chatroom.store.ages import Ages
from hivemind_chatroom.store.sqlite import SqliteStore


@pytest.mark.parametrize("jump_s", [-100_000, 2, 100_000])
def test_a_jump_after_a_restart_makes_nothing_older_or_younger(
    tmp_path: Path, jump_s: float
) -> None:
    clock = FakeClock()
    first = SqliteStore(tmp_path / "room.db", clock)
    first.append(draft("hi", corr="c1"))
    first.close()
    clock.advance(5)

    second = SqliteStore(tmp_path / "room.db", clock)
    begun = clock.monotonic()
    [found] = second.waiting()
    clock.set_back(jump_s)
    clock.advance(1)
    [again] = second.waiting()
    second.close()
    assert found.since == again.since == begun - 5


@pytest.mark.parametrize(("behind_s", "age_s"), [(3, 0.0), (-7, 7.0), (60, float("inf"))])
def test_what_the_clock_of_another_instance_dates_a_little_ahead_is_new(
    behind_s: float, age_s: float
) -> None:
    clock = FakeClock()
    ages = Ages(clock)
    since = ages.since(MessageId(1), ages.today_s() + behind_s, Delivery.QUEUED)
    assert since == clock.monotonic() - age_s
