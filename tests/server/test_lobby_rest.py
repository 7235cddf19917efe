"""Connections that stay watched while a worker has them, and come back without a word."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

from fakes import FakeClock
from hivemind_chatroom.server.bell import Bell
from hivemind_chatroom.server.connection import Connection
from hivemind_chatroom.server.lobby import Lobby
from hivemind_chatroom.server.watch import NOTHING, Watch, Watched
from server.test_gateway import GET, IDLE_S, echo, pass_time, settle
from server.test_lobby import LARGE, Library, asked
from server.wire import DEADLINE_S, MakeGateway, dial

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@pytest.fixture
def returns(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Return what is released by each connection that a worker is done with."""
    semaphore = threading.Semaphore(0)
    take_back = Lobby.take_back

    def told(lobby: Lobby, connection: Connection, *, keep: bool) -> None:
        take_back(lobby, connection, keep=keep)
        semaphore.release()

    monkeypatch.setattr(Lobby, "take_back", told)
    return semaphore


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that each ring of a bell is put into."""
    heard: list[str] = []
    ring = Bell.ring

    def noted(bell: Bell) -> None:
        heard.append(threading.current_thread().name)
        ring(bell)

    monkeypatch.setattr(Bell, "ring", noted)
    return heard


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Return what is released by each socket that is watched no more."""
    semaphore = threading.Semaphore(0)
    expect = Watch.expect

    def told(watch: Watch, watched: Watched, events: int) -> None:
        was_watched = watched.watched_for != NOTHING
        expect(watch, watched, events)
        if was_watched and events == NOTHING:
            semaphore.release()

    monkeypatch.setattr(Watch, "expect", told)
    return semaphore


class Slow:
    """An app that answers when it is let."""

    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)
        self.may_answer = threading.Semaphore(0)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.release()
        assert self.may_answer.acquire(timeout=DEADLINE_S)
        return echo(environ, start_response)


def test_nobody_is_woken_for_a_connection_that_waits_for_its_next_request(
    make_gateway: MakeGateway, returns: threading.Semaphore, rings: list[str]
) -> None:
    served = make_gateway(echo)
    with dial(served.port) as client:
        for _ in range(3):
            client.say(GET)
            assert client.read_answer().body == b"/here "
            assert returns.acquire(timeout=DEADLINE_S)
        assert rings == []


def test_what_is_said_while_a_worker_is_busy_waits_without_waking_anybody_again(
    make_gateway: MakeGateway, left: threading.Semaphore
) -> None:
    app = Slow()
    with dial(make_gateway(app).port) as client:
        client.say(GET)
        assert app.asked.acquire(timeout=DEADLINE_S)
        client.say(GET)
        assert left.acquire(timeout=DEADLINE_S)  # or it would be told of it without end
        app.may_answer.release(2)
        assert [client.read_answer().body for _ in range(2)] == [b"/here "] * 2


def test_a_client_that_leaves_while_a_worker_is_busy_is_let_go(
    make_gateway: MakeGateway, left: threading.Semaphore, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = threading.Event()
    close = Connection.close

    def told(connection: Connection) -> None:
        close(connection)
        closed.set()

    monkeypatch.setattr(Connection, "close", told)
    app = Slow()
    with dial(make_gateway(app).port) as client:
        client.say(GET)
        assert app.asked.acquire(timeout=DEADLINE_S)
    assert left.acquire(timeout=DEADLINE_S)
    app.may_answer.release()
    assert closed.wait(DEADLINE_S)


def test_a_connection_is_idle_from_its_answer_on_though_nobody_was_woken(
    clock: FakeClock, make_gateway: MakeGateway, returns: threading.Semaphore
) -> None:
    served = make_gateway(echo)
    with dial(served.port) as client:
        client.say(GET)
        assert client.read_answer().body == b"/here "
        assert returns.acquire(timeout=DEADLINE_S)
        clock.advance(IDLE_S)
        settle(served)
        assert client.read_to_end() == b""


def test_after_an_answer_that_was_taken_slowly_there_is_time_for_the_next_request(
    clock: FakeClock,
    make_gateway: MakeGateway,
    sockets: contextlib.ExitStack,
    returns: threading.Semaphore,
) -> None:
    served = make_gateway(Library(), answer_s=100 * IDLE_S)
    reader = asked(served, sockets)
    assert returns.acquire(timeout=DEADLINE_S)
    pass_time(served, clock, 2 * IDLE_S)
    assert reader.read_answer().body == LARGE
    settle(served)
    reader.say(GET)
    assert reader.read_answer().body == b"/here "


def test_a_connection_that_comes_back_after_the_stop_is_closed(
    make_gateway: MakeGateway, returns: threading.Semaphore
) -> None:
    app = Slow()
    served = make_gateway(app)
    with dial(served.port) as client:
        client.say(GET)
        assert app.asked.acquire(timeout=DEADLINE_S)
        served.stop(timeout_s=0.05)
        app.may_answer.release()
        assert returns.acquire(timeout=DEADLINE_S)
        assert client.read_to_end() == b""
