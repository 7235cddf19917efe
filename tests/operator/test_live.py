"""The live status: soon, not too often, and the last one always."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from fakes import FakeClock
from hivemind_chatroom.operator.live import PAUSE_S, Live
from operator_stage import FakeStreams, OperatorStage


class Counted:
    """What the snapshots are of: a number, and how often it was looked at."""

    def __init__(self) -> None:
        self.number = 0
        self.looked = 0
        self.ends: datetime | None = None
        self.fails = False
        self.end_fails = False
        self.has_failed = threading.Event()

    def snapshot(self) -> dict[str, object]:
        self.looked += 1
        if self.fails:
            self.has_failed.set()
            raise LookupError("secret")
        return {"number": self.number}

    def next_end(self) -> datetime | None:
        if self.end_fails:
            self.end_fails = False
            raise LookupError("secret")
        return self.ends


class Watched:
    """A `Live` with what it is of and where it goes."""

    def __init__(self, clock: FakeClock) -> None:
        self.of, self.streams = Counted(), FakeStreams()
        self.live = Live(self.of.snapshot, self.of.next_end, self.streams, clock)

    def numbers(self) -> list[int]:
        return [number_of(chunk) for chunk in self.streams.published]

    def until(self, holds: Callable[[list[int]], object]) -> None:
        self.streams.until(lambda: holds(self.numbers()))


def number_of(chunk: bytes) -> int:
    event, data = chunk.decode().strip().split("\n")
    assert event == "event: status"
    value: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return int(value["number"])


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def watched(clock: FakeClock) -> Iterator[Watched]:
    watched = Watched(clock)
    watched.live.start()
    yield watched
    watched.live.stop()


def test_whoever_begins_to_watch_is_told_how_it_stands(watched: Watched) -> None:
    watched.of.number = 1
    watched.live.watch(is_watched=True)
    watched.until(lambda numbers: numbers == [1])


def test_many_changes_are_few_snapshots_and_the_last_one_is_told(watched: Watched) -> None:
    watched.live.watch(is_watched=True)
    watched.until(lambda numbers: numbers)
    for number in range(1, 1_001):
        watched.of.number = number
        watched.live.touch()
    watched.until(lambda numbers: numbers[-1] == 1_000)
    assert len(watched.numbers()) <= 3


def test_between_two_snapshots_there_is_a_pause(watched: Watched) -> None:
    def are_four(numbers: list[int]) -> bool:
        watched.live.touch()
        return len(numbers) >= 4

    watched.live.watch(is_watched=True)
    watched.until(are_four)
    moments = watched.streams.published_at
    assert all(later - sooner > 0.9 * PAUSE_S for sooner, later in pairwise(moments))


def test_while_nobody_watches_nothing_is_looked_at(watched: Watched) -> None:
    watched.live.touch()
    watched.live.watch(is_watched=True)
    watched.until(lambda numbers: len(numbers) == 1)
    watched.live.watch(is_watched=False)
    watched.of.number = 7
    watched.live.touch()
    watched.live.watch(is_watched=True)
    watched.until(lambda numbers: numbers[-1] == 7)
    assert watched.of.looked == len(watched.numbers())


def test_what_ends_by_time_alone_is_told_when_it_does(watched: Watched, clock: FakeClock) -> None:
    watched.of.ends = clock.now() + timedelta(seconds=PAUSE_S)
    watched.live.watch(is_watched=True)
    watched.until(lambda numbers: len(numbers) >= 2)


def test_a_snapshot_that_fails_is_logged_by_its_place_and_the_next_one_is_told(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.of.fails = True
    watched.live.watch(is_watched=True)
    assert watched.of.has_failed.wait(5)
    watched.of.fails = False
    watched.of.number = 3
    watched.live.touch()
    watched.until(lambda numbers: numbers == [3])
    assert "LookupError at" in caplog.text
    assert "secret" not in caplog.text


def test_an_end_that_can_not_be_told_is_logged_and_the_next_snapshot_is_told(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.of.end_fails = True
    watched.live.watch(is_watched=True)
    watched.until(lambda numbers: numbers)
    watched.of.number = 3
    watched.live.touch()
    watched.until(lambda numbers: numbers[-1] == 3)
    assert not watched.of.end_fails
    assert "LookupError at" in caplog.text
    assert "secret" not in caplog.text


def test_a_live_status_that_was_never_started_can_be_stopped(clock: FakeClock) -> None:
    Watched(clock).live.stop()


def test_whatever_happens_in_the_room_is_told(stage: OperatorStage) -> None:
    stage.live.start()
    try:
        stage.live.watch(is_watched=True)
        stage.streams.until(lambda: stage.streams.published)
        stage.join("Ana")
        stage.streams.until(lambda: b'"joined","name":"Ana"' in stage.streams.published[-1])
    finally:
        stage.live.stop()


def test_a_decision_that_the_room_takes_no_notice_of_is_told_at_once(stage: OperatorStage) -> None:
    stage.live.start()
    try:
        stage.live.watch(is_watched=True)
        stage.streams.until(lambda: stage.streams.published)
        stage.ask("PATCH", "/api/settings", {"set_up": True})
        stage.streams.until(lambda: b'"set_up":true' in stage.streams.published[-1])
    finally:
        stage.live.stop()


def test_the_stream_begins_with_how_all_stands(stage: OperatorStage) -> None:
    stage.join("Ana")
    answer = stage.ask("GET", "/api/events")
    assert answer.content_type == "text/event-stream"
    event, data = answer.text.strip().split("\n")
    assert event == "event: status"
    assert json.loads(data.removeprefix("data: ")) == stage.get("/api/status")
