from __future__ import annotations

import contextlib
import errno
import gc
import selectors
import socket
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hivemind_chatroom.server import gateway, limits, newcomers
from hivemind_chatroom.server.connection import Connection
from hivemind_chatroom.server.gateway import Gateway
from hivemind_chatroom.server.listener import listen
from server.test_gateway import GET, echo
from server.wire import DEADLINE_S, MakeGateway, MakeStreams, Reader, dial

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LARGE = b"0123456789abcdef" * (12 << 16)
"""As many bytes as the largest answer that the room gives, and more than loopback holds."""
GET_LARGE = b"GET /large HTTP/1.1\r\nHost: room.local\r\n\r\n"

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
    monkeypatch.setattr(newcomers, "ACCEPT_PAUSE_S", 0.05)
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


# --- clients that are slow to take their answers ---


class Told(Connection):
    """A connection whose closing a test waits for."""

    closings: threading.Semaphore

    def close(self) -> None:
        super().close()
        self.closings.release()


@pytest.fixture
def closings(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Return what is released by each connection of the next gateways that closes."""
    semaphore = threading.Semaphore(0)

    class Watched(Told):
        closings = semaphore

    monkeypatch.setattr(gateway, "Connection", Watched)
    return semaphore


class Library:
    """An app with one answer that is larger than sockets take at once; it counts the readers."""

    def __init__(self) -> None:
        self._asked = threading.Condition()
        self._count = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/large":
            return echo(environ, start_response)
        with self._asked:
            self._count += 1
            self._asked.notify_all()
        start_response("200 OK", [("Content-Length", str(len(LARGE)))])
        return [LARGE]

    def wait_for(self, readers: int) -> None:
        with self._asked:
            assert self._asked.wait_for(lambda: self._count == readers, DEADLINE_S), self._count


def asked(served: Gateway, sockets: contextlib.ExitStack) -> Reader:
    """Return a client that has asked for the large answer and has not read any of it."""
    client = sockets.enter_context(dial(served.port))
    client.say(GET_LARGE)
    return client


def test_more_slow_readers_than_threads_keep_no_thread_from_the_others(
    make_gateway: MakeGateway, sockets: contextlib.ExitStack
) -> None:
    library = Library()
    served = make_gateway(
        library, threads=8, answer_s=3600.0, unsent_bytes=1 << 30, unsent_bytes_per_address=1 << 30
    )
    readers = [asked(served, sockets) for _ in range(8 + 2)]
    library.wait_for(8 + 2)
    assert answers(served)
    for reader in readers:
        assert reader.read_answer().body == LARGE


def test_a_connection_stays_for_more_after_an_answer_that_was_taken_slowly(
    make_gateway: MakeGateway, sockets: contextlib.ExitStack
) -> None:
    served = make_gateway(Library(), threads=1)
    reader = asked(served, sockets)
    reader.say(GET)
    assert answers(served)
    assert reader.read_answer().body == LARGE
    assert reader.read_answer().body == b"/here "
    reader.say(b"GET /large HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert reader.read_to_end().endswith(LARGE)


def test_a_client_that_does_not_take_its_answer_is_closed(
    make_gateway: MakeGateway, sockets: contextlib.ExitStack, closings: threading.Semaphore
) -> None:
    reader = asked(make_gateway(Library(), answer_s=0.05), sockets)
    assert closings.acquire(timeout=DEADLINE_S)
    heard = reader.read_to_end()
    assert heard.startswith(b"HTTP/1.1 200 OK\r\n")
    assert len(heard) < len(LARGE)
    assert b" 408 " not in heard


def test_a_client_that_leaves_its_answer_and_goes_is_forgotten(
    make_gateway: MakeGateway, sockets: contextlib.ExitStack, closings: threading.Semaphore
) -> None:
    library = Library()
    reader = asked(make_gateway(library, answer_s=3600.0), sockets)
    library.wait_for(1)
    reader.close()
    assert closings.acquire(timeout=DEADLINE_S)


@pytest.mark.parametrize("bound", ["unsent_bytes", "unsent_bytes_per_address"])
def test_beyond_what_may_be_held_an_answer_is_cut_off_until_others_are_taken(
    make_gateway: MakeGateway,
    sockets: contextlib.ExitStack,
    closings: threading.Semaphore,
    bound: str,
) -> None:
    served = make_gateway(Library(), threads=1, answer_s=3600.0, **{bound: len(LARGE)})
    first = asked(served, sockets)
    assert answers(served)  # the one thread is done with the first
    assert closings.acquire(timeout=DEADLINE_S)
    second = asked(served, sockets)
    assert closings.acquire(timeout=DEADLINE_S)
    assert len(second.read_to_end()) < len(LARGE)
    assert first.read_answer().body == LARGE
    assert asked(served, sockets).read_answer().body == LARGE


def test_a_stop_waits_until_an_answer_is_taken(
    make_gateway: MakeGateway, sockets: contextlib.ExitStack, closing: contextlib.ExitStack
) -> None:
    library = Library()
    served = make_gateway(library)
    idle = sockets.enter_context(dial(served.port))
    reader = asked(served, sockets)
    library.wait_for(1)
    stopping = threading.Thread(target=served.stop, args=[DEADLINE_S])
    stopping.start()
    closing.callback(stopping.join, DEADLINE_S)
    assert idle.read_to_end() == b""  # the stop has begun
    assert reader.read_answer().body == LARGE
    assert reader.read_to_end() == b""
    stopping.join(DEADLINE_S)
    assert not stopping.is_alive()


def test_a_stop_waits_no_longer_than_it_may_for_an_answer_to_be_taken(
    make_gateway: MakeGateway, sockets: contextlib.ExitStack
) -> None:
    library = Library()
    served = make_gateway(library, answer_s=3600.0)
    reader = asked(served, sockets)
    library.wait_for(1)
    served.stop(timeout_s=0.05)
    assert len(reader.read_to_end()) < len(LARGE)
