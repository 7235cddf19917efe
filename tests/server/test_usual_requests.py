"""What goes a shorter way than cheroot's: it comes out the same."""

from __future__ import annotations

import io
import sys
import time
from typing import TYPE_CHECKING

import pytest

from hivemind_chatroom.server.connection import Connection, Request
from hivemind_chatroom.server.gateway import Gateway
from hivemind_chatroom.server.limits import Limits
from server.test_gateway import echo
from server.wire import Connect, MakeGateway, MakeStreams, dial, outlet

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LINES = (
    b"GET / HTTP/1.1",
    b"GET /api/events?after=7&history=ab%20c HTTP/1.1",
    b"POST /api/messages HTTP/1.1",
    b"DELETE /api/messages/7? HTTP/1.1",
    b"HEAD /static/a-b_c.js~?//[ HTTP/1.1",
    b"PATCH /api/../me HTTP/1.1",
)
ODD = (
    b"GET //evil/ HTTP/1.1",
    b"GET /a#b HTTP/1.1",
    b"GET /a?b#c HTTP/1.1",
    b"GET http://evil/ HTTP/1.1",
    b"GET a HTTP/1.1",
    b"GET  / HTTP/1.1",
    b"get / HTTP/1.1",
    b"GET / HTTP/1.2",
    b"GET / HTTP/2.0",
    b"GET /",
    b"GET /a\x00 HTTP/1.1",
)
SEEN = ("method", "uri", "path", "qs", "authority", "request_protocol", "response_protocol")


def read(connect: Connect, streams: MakeStreams, line: bytes, *, shorter: bool) -> Request:
    """Return the request with this line, read our way or cheroot's."""
    sock, reader = connect()
    server = Gateway(echo, streams(start=False))._server  # noqa: SLF001 - what requests ask of it
    made = Connection(server, outlet(sock), Limits())
    reader.say(line + b"\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
    made.socket.settimeout(10)
    while not made.parser.is_complete:
        assert made.receive()
    made.rfile = io.BytesIO(made.parser.line_and_body())
    request = Request(server, made)
    if not shorter:
        made.parser.line = b"none of the usual"
    request.parse_request()
    return request


@pytest.mark.parametrize("line", LINES)
def test_a_usual_line_is_read_as_cheroot_reads_it(
    connect: Connect, make_streams: MakeStreams, line: bytes
) -> None:
    ours, theirs = (read(connect, make_streams, line, shorter=each) for each in (True, False))
    assert ours.ready
    assert [getattr(ours, name) for name in SEEN] == [getattr(theirs, name) for name in SEEN]
    assert ours.conn.rfile.read() == b"body"


@pytest.mark.parametrize("line", ODD)
def test_a_line_that_may_mean_two_things_is_left_to_cheroot_and_refused(
    connect: Connect, make_streams: MakeStreams, line: bytes
) -> None:
    ours, theirs = (read(connect, make_streams, line, shorter=each) for each in (True, False))
    assert (ours.ready, theirs.ready) == (theirs.ready, ours.ready)
    assert getattr(ours, "path", None) == getattr(theirs, "path", None)


def test_http_1_0_is_told_whether_the_connection_stays(make_gateway: MakeGateway) -> None:
    with dial(make_gateway(echo).port) as client:
        client.say(b"GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n")
        assert client.read_answer().fields["connection"] == "Keep-Alive"
        client.say(b"GET / HTTP/1.0\r\nHost: a\r\n\r\n")
        assert client.read_to_end().endswith(b"/ ")


def test_whoever_asks_for_the_end_is_told_of_it(make_gateway: MakeGateway) -> None:
    with dial(make_gateway(echo).port) as client:
        client.say(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answer = client.read_answer()
        assert answer.fields["connection"] == "close"
        assert answer.fields["server"] == "hivemind-chatroom"
        assert answer.fields["date"].endswith(" GMT")


def test_each_answer_says_when_it_was_given(
    make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = make_gateway(echo).port
    said = []
    for moment_s in (784_111_777.9, 784_111_778.0, 784_111_778.5):
        monkeypatch.setattr(time, "time", lambda moment_s=moment_s: moment_s)
        with dial(port) as client:
            client.say(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            said.append(client.read_answer().fields["date"])
    assert said == [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:38 GMT",
        "Sun, 06 Nov 1994 08:49:38 GMT",
    ]


def test_an_app_may_begin_anew_after_a_failure_and_not_otherwise(make_gateway: MakeGateway) -> None:
    def failing(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "2"), ("Old", "yes")])
        if environ["PATH_INFO"] == "/twice":
            start_response("500 Internal Server Error", [("Content-Length", "5")])
        try:
            environ["what is not there"]
        except KeyError:
            start_response("500 Internal Server Error", [("Content-Length", "5")], sys.exc_info())
        return [b"sorry"]

    with dial(make_gateway(failing).port) as client:
        client.say(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = client.read_answer()
        assert (answer.status, answer.body, "old" in answer.fields) == (500, b"sorry", False)
        client.say(b"GET /twice HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.read_answer().body != b"sorry"
