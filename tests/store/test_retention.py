"""What is too old or too much is forgotten."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from contract.stores import draft, ids, keep
from fakes import FakeClock
from hivemind_chatroom.errors import StorageFullError
from hivemind_chatroom.store.memory import MemoryStore
from hivemind_chatroom.store.retention import Keep, Retention

WAIT_S = 5.0
DAY_S = 86_400


class WatchedLog(MemoryStore):
    """A log that says when it was purged, and may be full."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.was_purged = threading.Event()
        self.is_full = False

    def purge(self, *, sent_before: datetime, most: int) -> int:
        self.was_purged.set()
        if self.is_full:
            raise StorageFullError("Full.")
        return super().purge(sent_before=sent_before, most=most)


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


def test_a_full_disk_does_not_end_it(log: WatchedLog, clock: FakeClock) -> None:
    log.is_full = True
    retention = Retention(log, Keep(days=30, messages=1), clock)
    retention.start()
    assert log.was_purged.wait(WAIT_S)
    assert "store-retention" in {thread.name for thread in threading.enumerate()}
    retention.stop()


def test_a_stop_without_a_start_is_no_matter(log: WatchedLog, clock: FakeClock) -> None:
    Retention(log, Keep(days=30, messages=1), clock).stop()
