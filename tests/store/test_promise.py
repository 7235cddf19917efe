"""A result on its way from one thread to another."""

from __future__ import annotations

import threading

import pytest

from hivemind_chatroom.store.promise import Promise

WITHIN_S = 10.0


def test_a_kept_promise_is_there_for_whoever_comes_later() -> None:
    promise: Promise[str] = Promise()
    promise.keep("milk")
    assert promise.result() == "milk"


def test_whoever_waits_is_woken_with_the_result() -> None:
    promise: Promise[str] = Promise()
    heard: list[str] = []
    waiting = threading.Thread(target=lambda: heard.append(promise.result()))
    waiting.start()
    assert not heard
    promise.keep("milk")
    waiting.join(WITHIN_S)
    assert heard == ["milk"]


def test_nothing_may_be_what_was_promised() -> None:
    promise: Promise[None] = Promise()
    promise.keep(None)
    assert promise.result() is None


def test_a_failure_is_raised_where_the_result_is_wanted() -> None:
    promise: Promise[str] = Promise()
    promise.fail(LookupError("no milk"))
    with pytest.raises(LookupError, match="no milk"):
        promise.result()
