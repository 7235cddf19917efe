from __future__ import annotations

import threading

import pytest

from hivemind_chatroom.server import loop
from hivemind_chatroom.server.loop import repeat
from server.wire import DEADLINE_S

SECRET = "the words of a person"


class Turns:
    """Turns that fail, and the thread that takes them."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.failed = threading.Event()
        self.count = 0
        self.thread = threading.Thread(
            target=repeat, args=(self.take, self.stop), name="patient", daemon=True
        )

    def take(self) -> None:
        self.count += 1
        if self.count == 3:
            self.stop.set()
        self.failed.set()
        raise LookupError(SECRET)


def test_a_thread_goes_on_after_a_failure_and_logs_none_of_its_words(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "REST_S", 0.0)
    turns = Turns()
    turns.thread.start()
    turns.thread.join(DEADLINE_S)
    assert turns.count == 3
    assert len(caplog.messages) == 3
    assert caplog.messages[0].startswith(
        "the thread patient goes on after a failure: LookupError at loop.py:"
    )
    assert SECRET not in caplog.text


def test_a_failure_that_lasts_does_not_make_the_thread_spin_and_a_stop_ends_its_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "REST_S", 10 * DEADLINE_S)
    turns = Turns()
    turns.thread.start()
    assert turns.failed.wait(DEADLINE_S)
    turns.stop.set()
    turns.thread.join(DEADLINE_S)
    assert not turns.thread.is_alive()
    assert turns.count == 1
