from __future__ import annotations

import contextlib
import errno
import gc
import selectors
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hivemind_chatroom.server import gateway, limits, lobby
from hivemind_chatroom.server.gateway import Gateway
from hivemind_chatroom.server.listener import listen
from server.test_gateway import GET, echo
from server.wire import MakeGateway, MakeStreams, dial

DESCRIPTORS = Path("/proc/self/fd")


class Exhausted(socket.socket):
    """A listener of a process that has no descriptor left, for once."""

    failures: list[int]

    def accept(self) -> tuple[socket.socket, Any]:
        if self.failures:
            raise OSError(self.failures.pop(), "as the system says")
        return super().accept()


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let the next listeners fail to accept with these numbers."""
    numbers: list[int] = []

    def failing(host: str, port: int) -> socket.socket:
        listener = Exhausted(fileno=listen(host, port).detach())
        listener.settimeout(0)
        listener.failures = numbers
        return listener

    monkeypatch.setattr(gateway, "listen", failing)
    return numbers


@contextlib.contextmanager
def no_garbage_collection() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def answers(served: Gateway) -> bool:
    with dial(served.port) as client:
        client.say(GET)
        return client.read_answer().status == 200


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_out_of_descriptors_newcomers_wait_a_while_and_are_served(
    make_gateway: MakeGateway,
    failures: list[int],
    number: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(lobby, "ACCEPT_PAUSE_S", 0.05)
    served = make_gateway(echo)
    failures.append(number)
    assert answers(served)
    assert caplog.messages == [f"accepting pauses: {errno.errorcode[number]}"]


def test_a_client_that_left_before_it_was_accepted_keeps_nobody_waiting(
    make_gateway: MakeGateway, failures: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    served = make_gateway(echo)
    failures.append(errno.ECONNABORTED)
    assert answers(served)
    assert caplog.messages == []


def test_where_there_is_select_only_the_connections_are_as_many_as_it_holds(
    make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "DefaultSelector", selectors.SelectSelector)
    monkeypatch.setattr(limits, "IN_SELECT", 1)
    served = make_gateway(echo)
    with dial(served.port) as client:
        client.say(GET)
        assert client.read_answer().status == 200
        with dial(served.port) as second:
            assert second.read_to_end() == b""


@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="Linux lists them there")
def test_a_closed_connection_gives_its_descriptor_back_without_the_garbage_collector(
    make_streams: MakeStreams,
) -> None:
    streams = make_streams()
    before = len([*DESCRIPTORS.iterdir()])
    with no_garbage_collection():
        served = Gateway(echo, streams)
        served.bind("127.0.0.1", 0)
        served.start()
        for _ in range(20):
            assert answers(served)
        served.stop()
        assert len([*DESCRIPTORS.iterdir()]) == before
