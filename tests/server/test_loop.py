from __future__ import annotations

import threading
from typing import NoReturn

import pytest

from hivemind_chatroom.server.loop import REST_S, repeat

SECRET = "the words of a person"


class Stop(threading.Event):
    """A stop that comes during the third rest, and tells how long each rest was to be."""

    def __init__(self) -> None:
        super().__init__()
        self.rests: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.rests.append(timeout)
        if len(self.rests) == 3:
            self.set()
        return self.is_set()


class Broken:
    """A turn that always fails, until it has been taken far too often."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self.count = 0

    def __call__(self) -> NoReturn:
        self.count += 1
        if self.count == 100:
            self._stop.set()
        raise LookupError(SECRET)


def test_after_each_failure_the_thread_rests_until_it_is_to_stop() -> None:
    stop = Stop()
    turn = Broken(stop)
    repeat(turn, until=stop)
    assert turn.count == 3
    assert stop.rests == [REST_S] * 3


def test_a_failure_is_logged_with_its_place_and_none_of_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = Stop()
    repeat(Broken(stop), until=stop)
    name = threading.current_thread().name
    assert len(caplog.messages) == 3
    assert caplog.messages[0].startswith(
        f"the thread {name} goes on after a failure: LookupError at loop.py:"
    )
    assert SECRET not in caplog.text
