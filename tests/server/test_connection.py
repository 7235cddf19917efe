from __future__ import annotations

import gc
import json
import socket
import weakref
from http import HTTPStatus

import pytest

from hivemind_chatroom.server.connection import Connection, refusal
from hivemind_chatroom.server.limits import Limits
from hivemind_chatroom.server.run import Mark
from server.wire import Connect, Reader, Site, opening, outlet

GET = b"GET / HTTP/1.1\r\nHost: room.local\r\n\r\n"


def connection(connect: Connect) -> tuple[Connection, Reader]:
    sock, reader = connect()
    return Connection(Site(), outlet(sock), Limits()), reader


def receive_all(made: Connection) -> None:
    """Receive until the request is complete; the bytes are on their way."""
    made.socket.settimeout(10)
    while not made.parser.is_complete:
        assert made.receive()


def test_receiving_does_not_wait(connect: Connect) -> None:
    made, _ = connection(connect)
    assert made.receive()
    assert not made.parser.has_begun


def test_a_client_that_has_left_is_noticed(connect: Connect) -> None:
    made, reader = connection(connect)
    reader.close()
    made.socket.settimeout(10)
    assert not made.receive()
    made.socket.close()
    assert not made.receive()


def test_the_next_request_begins_with_what_came_too_early(connect: Connect) -> None:
    made, reader = connection(connect)
    reader.say(GET + b"POST")
    receive_all(made)
    made.turn_page()
    assert made.parser.has_begun
    assert not made.parser.is_complete


def test_what_a_refused_client_still_sends_is_forgotten(connect: Connect) -> None:
    made, reader = connection(connect)
    made.refused = True
    made.say_no_more()
    assert reader.read_to_end() == b""
    reader.say(GET)
    made.socket.settimeout(10)
    assert made.receive()
    assert not made.parser.has_begun


@pytest.mark.parametrize("as_stream", [True, False])
def test_a_connection_that_is_a_stream_now_is_not_closed(
    connect: Connect, *, as_stream: bool
) -> None:
    made, _ = connection(connect)
    if as_stream:
        made.opening = opening(made.socket, b"head", Mark(0, 0))
    made.cut()
    made.close()
    assert (made.socket.fileno() >= 0) is as_stream


def test_a_connection_is_no_cycle_that_waits_for_the_garbage_collector(connect: Connect) -> None:
    made, _ = connection(connect)
    seen = weakref.ref(made)
    gc.disable()
    try:
        del made
        assert seen() is None
    finally:
        gc.enable()


def test_an_answer_leaves_at_once(connect: Connect) -> None:
    made, _ = connection(connect)
    assert made.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_body_that_is_too_large_is_refused_in_the_words_of_the_api() -> None:
    head, _, body = refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE).partition(b"\r\n\r\n")
    assert json.loads(body)["error"]["code"] == "body_too_large"
    assert b"Content-Length: %d\r\n" % len(body) in head


@pytest.mark.parametrize("status", [HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_TIMEOUT])
def test_a_refusal_closes_and_may_not_be_framed_or_kept(status: HTTPStatus) -> None:
    head = refusal(status).partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert head[0] == f"HTTP/1.1 {status.value} {status.phrase}".encode()
    assert b"Connection: close" in head
    assert b"Cache-Control: no-store" in head
    assert b"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'" in head
