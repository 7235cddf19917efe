"""What is too old or too much is forgotten."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from contract.stores import draft, ids, keep
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.errors import StorageFullError
from hivemind_chatroom.room.model import NO_MESSAGE, MessageId
from hivemind_chatroom.room.ports import Purged
from hivemind_chatroom.store.memory import MemoryStore
from hivemind_chatroom.store.retention import Keep, Retention

WAIT_S = 5.0
HOUR_S = 3_600
DAY_S = 24 * HOUR_S


class WatchedLog(MemoryStore):
    """A log that says when it was purged, may be full, and may have no end of what is old."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.was_purged = threading.Event()
        self.is_full = False
        self.is_endless = False

    def purge(self, *, sent_before: datetime, most: int, through: MessageId = NO_MESSAGE) -> Purged:
        self.was_purged.set()
        if self.is_full:
            raise StorageFullError("Full.")
        purged = super().purge(sent_before=sent_before, most=most, through=through)
        return replace(purged, is_more=self.is_endless)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def log(clock: FakeClock) -> WatchedLog:
    return WatchedLog(clock)


def test_what_is_older_than_its_days_goes(log: WatchedLog, clock: FakeClock) -> None:
    retention = Retention(log, Keep(days=30, messages=100), clock)
    keep(log, draft())
    clock.advance(30 * DAY_S)
    retention.forget()
    assert ids(log.page(None).messages) == [1]
    clock.advance(1)
    retention.forget()
    assert log.page(None).messages == ()


def test_a_clock_that_jumps_years_ahead_empties_nothing(log: WatchedLog, clock: FakeClock) -> None:
    retention = Retention(log, Keep(days=30, messages=100), clock)
    keep(log, draft())
    clock.set_back(-3 * 365 * DAY_S)
    retention.forget()
    assert ids(log.page(None).messages) == [1]


def test_a_start_under_a_clock_that_is_years_ahead_forgets_nothing_if_it_is_put_right_soon(
    log: WatchedLog, clock: FakeClock
) -> None:
    keep(log, draft())
    clock.set_back(-3 * 365 * DAY_S)
    retention = Retention(log, Keep(days=30, messages=100), clock)
    retention.forget()
    clock.advance(HOUR_S / 4)
    clock.set_back(3 * 365 * DAY_S)
    for _ in range(3):
        clock.advance(HOUR_S)
        retention.forget()
    assert ids(log.page(None).messages) == [1]


def test_who_comes_back_after_a_long_time_has_the_old_forgotten_within_an_hour(
    log: WatchedLog, clock: FakeClock
) -> None:
    keep(log, draft())
    clock.advance(60 * DAY_S)
    retention = Retention(log, Keep(days=30, messages=100), clock)
    retention.forget()
    assert ids(log.page(None).messages) == [1]
    clock.advance(HOUR_S)
    retention.forget()
    assert log.page(None).messages == ()


def test_a_room_that_was_used_of_late_forgets_the_old_at_once(
    log: WatchedLog, clock: FakeClock
) -> None:
    keep(log, draft(), replace(draft(), sent_at=STARTED_AT + timedelta(days=50)))
    clock.advance(60 * DAY_S)
    Retention(log, Keep(days=30, messages=100), clock).forget()
    assert ids(log.page(None).messages) == [2]


def test_what_is_too_much_goes_whatever_the_clock_says(log: WatchedLog, clock: FakeClock) -> None:
    keep(log, draft(), draft())
    clock.set_back(-3 * 365 * DAY_S)
    Retention(log, Keep(days=30, messages=1), clock).forget()
    assert ids(log.page(None).messages) == [2]


def test_a_stop_does_not_wait_for_all_that_is_to_be_forgotten(
    log: WatchedLog, clock: FakeClock
) -> None:
    log.is_endless = True
    retention = Retention(log, Keep(days=30, messages=1), clock)
    retention.start()
    assert log.was_purged.wait(WAIT_S)
    retention.stop()
    assert "store-retention" not in {thread.name for thread in threading.enumerate()}


def test_the_thread_forgets_at_its_start_and_ends_at_its_stop(
    log: WatchedLog, clock: FakeClock
) -> None:
    keep(log, draft(), draft())
    retention = Retention(log, Keep(days=30, messages=1), clock)
    retention.start()
    assert log.was_purged.wait(WAIT_S)
    retention.stop()
    assert ids(log.page(None).messages) == [2]
    assert "store-retention" not in {thread.name for thread in threading.enumerate()}


def test_a_change_is_carried_out_at_once(log: WatchedLog, clock: FakeClock) -> None:
    keep(log, draft(), draft(), draft())
    retention = Retention(log, Keep(days=30, messages=3), clock)
    retention.start()
    assert log.was_purged.wait(WAIT_S)
    log.was_purged.clear()
    retention.change(Keep(days=30, messages=1))
    assert log.was_purged.wait(WAIT_S)
    retention.stop()
    assert ids(log.page(None).messages) == [3]
    assert "store-retention" not in {thread.name for thread in threading.enumerate()}


def test_a_full_disk_does_not_end_it(log: WatchedLog, clock: FakeClock) -> None:
    log.is_full = True
    retention = Retention(log, Keep(days=30, messages=1), clock)
    retention.start()
    assert log.was_purged.wait(WAIT_S)
    assert "store-retention" in {thread.name for thread in threading.enumerate()}
    retention.stop()


def test_a_stop_without_a_start_is_no_matter(log: WatchedLog, clock: FakeClock) -> None:
    Retention(log, Keep(days=30, messages=1), clock).stop()
