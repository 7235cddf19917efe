from __future__ import annotations

import contextlib
import http.client
import logging
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes import FakeClock
from hivemind_chatroom.errors import HostInvalidError, PortTakenError
from hivemind_chatroom.server.descriptors import allow_descriptors
from hivemind_chatroom.server.gateway import Gateway
from hivemind_chatroom.server.limits import Limits
from hivemind_chatroom.server.opening import Opening
from hivemind_chatroom.server.responder import HAND_OVER
from hivemind_chatroom.server.stream import Streams
from server.wire import DEADLINE_S, MakeGateway, MakeStreams, Reader, Watch, dial

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MANY = 1_000
STOP_S = 3.0
"""The bar for stopping with MANY streams open."""
REQUEST_S, IDLE_S = Limits().request_s, Limits().idle_s
MUCH = b"".join(b"%019d\n" % number for number in range(600_000))
"""More than loopback takes at once."""
GET = b"GET /here?a=1 HTTP/1.1\r\nHost: room.local\r\n\r\n"
SECRET = "the words of a person"


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the path and the body."""
    body = environ["PATH_INFO"].encode("latin-1") + b" " + environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body))), ("X-Own", "kept")])
    return [body]


def streaming(streams: Streams, audience: str | None = None) -> WSGIApplication:
    """Return an app that answers with a backlog and goes on as a stream."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[HAND_OVER](streams.mark(), audience)
        start_response("200 OK", [("Content-Type", "text/event-stream"), ("Content-Length", "8")])
        return [b"backlog "]

    return app


def post(size: int, body: bytes = b"") -> bytes:
    return b"POST / HTTP/1.1\r\nHost: room.local\r\nContent-Length: %d\r\n\r\n%s" % (size, body)


def flood(client: Reader) -> NoReturn:
    while True:
        client.say(b"x" * 10_000)


class Held:
    """An app whose requests stay under way until they are let go."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.let_go = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.begun.set()
        assert self.let_go.wait(DEADLINE_S)
        return echo(environ, start_response)


# --- requests and answers ---


def test_the_app_answers_and_the_connection_stays_for_more(make_gateway: MakeGateway) -> None:
    with dial(make_gateway(echo).port) as client:
        for body in (b"one", b"two"):
            client.say(post(3, body))
            answer = client.read_answer()
            assert (answer.status, answer.body) == (200, b"/ " + body)
            assert answer.fields["x-own"] == "kept"
            assert "connection" not in answer.fields


def test_requests_that_come_together_are_answered_one_after_the_other(
    make_gateway: MakeGateway,
) -> None:
    with dial(make_gateway(echo).port) as client:
        client.say(post(1, b"a") + post(1, b"b") + GET[:-5])
        assert client.read_answer().body == b"/ a"
        assert client.read_answer().body == b"/ b"
        client.say(GET[-5:])
        assert client.read_answer().body == b"/here "


def test_a_client_of_the_standard_library_is_served_in_chunks_too(
    make_gateway: MakeGateway,
) -> None:
    client = http.client.HTTPConnection("127.0.0.1", make_gateway(echo).port)
    with contextlib.closing(client):
        client.request("POST", "/%C3%A9", body=iter([b"one ", b"two"]), encode_chunked=True)
        answer = client.getresponse()
        assert (answer.status, answer.read()) == (200, "/é one two".encode())


def test_a_connection_closes_when_the_client_asks_for_it(make_gateway: MakeGateway) -> None:
    with dial(make_gateway(echo).port) as client:
        client.say(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert client.read_to_end().endswith(b"/ ")


def test_no_answer_names_a_version(make_gateway: MakeGateway) -> None:
    with dial(make_gateway(echo).port) as client:
        client.say(GET)
        assert client.read_answer().fields["server"] == "hivemind-chatroom"
        client.say(b"garbage\r\n\r\n")
        assert "server" not in client.read_answer().fields


def test_the_app_is_told_who_asks_and_where(make_gateway: MakeGateway) -> None:
    seen: dict[str, object] = {}

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.update(environ)
        return echo(environ, start_response)

    gateway = make_gateway(app)
    with dial(gateway.port) as client:
        client.say(GET)
        client.read_answer()
    assert seen["REMOTE_ADDR"] == "127.0.0.1"
    assert seen["SERVER_NAME"] == "127.0.0.1"
    assert seen["SERVER_PORT"] == str(gateway.port)
    assert seen["QUERY_STRING"] == "a=1"
    assert seen["HTTP_HOST"] == "room.local"
    assert seen["wsgi.url_scheme"] == "http"


def test_a_client_that_waits_for_a_go_ahead_gets_it(make_gateway: MakeGateway) -> None:
    with dial(make_gateway(echo).port) as client:
        client.say(
            b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        )
        client.read_until(b"HTTP/1.1 100 Continue\r\n\r\n")
        client.say(b"ok")
        assert client.read_answer().body == b"/ ok"


def test_the_threads_are_called_after_the_gateway(make_gateway: MakeGateway) -> None:
    make_gateway(echo, name="operator", threads=2)
    names = {thread.name for thread in threading.enumerate()}
    assert {"operator-accept", "operator-1", "operator-2"} <= names
    assert "operator-3" not in names


# --- what is refused ---


@pytest.mark.parametrize(
    "garbage",
    [
        b"garbage\r\n\r\n",
        b"\x16\x03\x01\x02\x00\n",
        b"GET //[ HTTP/1.1\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"get / HTTP/1.1\r\n\r\n",
        b"GET http://elsewhere/ HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n folded\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_garbage_is_refused_and_nothing_of_it_is_logged(
    make_gateway: MakeGateway, garbage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with dial(make_gateway(echo).port) as client:
        client.say(garbage)
        answer = client.read_answer()
        assert answer.status == 400
        assert answer.body == b"Bad Request.\n"
        assert answer.fields["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.fields["content-security-policy"]
        assert client.read_to_end() == b""
    assert caplog.records == []


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(garbage=st.binary(min_size=1, max_size=300))
def test_no_bytes_make_the_server_fail(unharmed: Gateway, garbage: bytes) -> None:
    with dial(unharmed.port) as client:
        client.say(b"GET /" + garbage + b"\r\n\r\n")
        assert client.read_answer().status < 500
    with dial(unharmed.port) as client:
        client.say(GET)
        assert client.read_answer().status == 200


@pytest.fixture
def unharmed(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(echo)


@pytest.mark.parametrize(
    "head",
    [post(16_385), b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4001\r\n"],
    ids=["length", "chunks"],
)
def test_a_body_above_the_limit_is_refused_before_it_is_read(
    make_gateway: MakeGateway, head: bytes
) -> None:
    with dial(make_gateway(echo).port) as client:
        client.say(head)
        answer = client.read_answer()
        assert answer.status == 413
        assert answer.fields["content-type"] == "application/json"
        assert b'"code": "body_too_large"' in answer.body


def test_the_refusal_arrives_though_the_client_goes_on_sending(make_gateway: MakeGateway) -> None:
    with dial(make_gateway(echo).port) as client:
        client.say(post(50_000_000, b"x" * 5_000_000))
        assert client.read_answer().status == 413


def test_a_refused_client_that_never_stops_is_cut_off(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(echo, linger_s=0.1)
    with dial(gateway.port) as client:
        client.say(post(50_000_000))
        with pytest.raises(ConnectionError):
            flood(client)


def test_a_head_above_the_limit_is_refused(make_gateway: MakeGateway) -> None:
    with dial(make_gateway(echo).port) as client:
        client.say(b"GET / HTTP/1.1\r\nA: " + b"x" * 16_384)
        assert client.read_answer().status == 431


def test_an_app_that_fails_is_answered_for_and_its_words_are_not_logged(
    make_gateway: MakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    def app(_environ: WSGIEnvironment, _start_response: StartResponse) -> Iterable[bytes]:
        raise LookupError(SECRET)

    with dial(make_gateway(app).port) as client:
        client.say(GET)
        answer = client.read_answer()
        assert (answer.status, answer.body) == (500, b"Internal Server Error.\n")
    assert "LookupError at" in caplog.text
    assert SECRET not in caplog.text


def test_an_app_that_exits_does_not_take_the_server_along(make_gateway: MakeGateway) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/exit":
            raise SystemExit(1)
        return echo(environ, start_response)

    gateway = make_gateway(app, threads=1)
    for path, status in (("/exit", 500), ("/", 200)):
        with dial(gateway.port) as client:
            client.say(f"GET {path} HTTP/1.1\r\n\r\n".encode())
            assert client.read_answer().status == status


# --- clients that take their time ---


def test_clients_that_never_finish_a_request_keep_no_thread_busy(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(echo, threads=1)
    with contextlib.ExitStack() as slow:
        for part in [b"", b"G", GET[:-2], post(10, b"half")] * 25:
            slow.enter_context(dial(gateway.port)).say(part)
        with dial(gateway.port) as client:
            client.say(GET)
            assert client.read_answer().status == 200


def settle(gateway: Gateway) -> None:
    """Wait until the gateway has looked after all that clients have said.

    A newcomer's answer shows that this happens now, and the next one's that it has happened.
    """
    for _ in range(2):
        with dial(gateway.port) as newcomer:
            newcomer.say(GET)
            newcomer.read_answer()


def pass_time(gateway: Gateway, clock: FakeClock, seconds: float) -> None:
    """Let time pass for the gateway, which a newcomer wakes to notice."""
    settle(gateway)
    clock.advance(seconds)
    settle(gateway)


def test_a_client_that_says_nothing_is_closed(clock: FakeClock, make_gateway: MakeGateway) -> None:
    gateway = make_gateway(echo)
    with dial(gateway.port) as client:
        pass_time(gateway, clock, REQUEST_S)
        assert client.read_to_end() == b""


@pytest.mark.parametrize("part", [b"G", GET[:-2], post(10, b"half")])
def test_a_client_that_does_not_finish_is_told_and_closed(
    clock: FakeClock, make_gateway: MakeGateway, part: bytes
) -> None:
    gateway = make_gateway(echo)
    with dial(gateway.port) as client:
        client.say(part)
        pass_time(gateway, clock, REQUEST_S)
        assert client.read_answer().status == 408
        assert client.read_to_end() == b""


def test_a_client_that_begins_late_has_the_time_for_a_request_all_the_same(
    clock: FakeClock, make_gateway: MakeGateway
) -> None:
    gateway = make_gateway(echo)
    with dial(gateway.port) as client:
        pass_time(gateway, clock, REQUEST_S - 1)
        client.say(GET[:-2])
        pass_time(gateway, clock, REQUEST_S - 1)
        client.say(GET[-2:])
        assert client.read_answer().status == 200


def test_a_client_that_sends_a_byte_now_and_then_gets_no_more_time(
    clock: FakeClock, make_gateway: MakeGateway
) -> None:
    gateway = make_gateway(echo)
    with dial(gateway.port) as client:
        client.say(b"G")
        pass_time(gateway, clock, REQUEST_S - 1)
        client.say(b"E")
        pass_time(gateway, clock, 1)
        assert client.read_answer().status == 408


def test_the_next_request_on_a_connection_has_no_more_time_than_the_first(
    clock: FakeClock, make_gateway: MakeGateway
) -> None:
    gateway = make_gateway(echo, threads=1)  # which is back from the first for the next
    with dial(gateway.port) as client:
        client.say(GET)
        assert client.read_answer().status == 200
        client.say(GET[:-2])
        pass_time(gateway, clock, REQUEST_S)
        assert client.read_answer().status == 408


def test_a_connection_that_stays_idle_is_closed(
    clock: FakeClock, make_gateway: MakeGateway
) -> None:
    gateway = make_gateway(echo, threads=1)  # which is back from the first for the next
    with dial(gateway.port) as client:
        client.say(GET)
        assert client.read_answer().status == 200
        pass_time(gateway, clock, IDLE_S)
        assert client.read_to_end() == b""


# --- how many ---


@pytest.mark.parametrize("limit", ["connections", "connections_per_address"])
def test_a_connection_too_many_is_closed_until_another_has_left(
    make_gateway: MakeGateway, limit: str
) -> None:
    gateway = make_gateway(echo, **{limit: 2})
    with dial(gateway.port) as first, dial(gateway.port) as second:
        for client in (first, second):
            client.say(GET)
            assert client.read_answer().status == 200
        with dial(gateway.port) as third:
            assert third.read_to_end() == b""
        first.say(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        first.read_to_end()
        with dial(gateway.port) as fourth:
            fourth.say(GET)
            assert fourth.read_answer().status == 200


# --- streams ---


def test_a_view_hands_its_connection_over_and_the_backlog_goes_first(
    make_gateway: MakeGateway, make_streams: MakeStreams
) -> None:
    streams = make_streams()
    gateway = make_gateway(streaming(streams, "ana"), streams=streams, connections=1)
    with dial(gateway.port) as client:
        client.say(GET)
        head = client.read_until(b"backlog ")
        assert b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" in head
        assert b"\r\nConnection: close\r\n" in head
        assert b"Content-Length" not in head
        assert b"Transfer-Encoding" not in head
        streams.publish(b"shared ")
        streams.publish(b"for ana", audience="ana")
        assert client.read_until(b"ana") == b"shared for ana"
        assert streams.audiences() == {"ana"}
        with dial(gateway.port) as other:  # a stream is no connection of the gateway's any more
            other.say(GET)
            other.read_until(b"backlog ")


class Holder:
    """Takes over what becomes a stream, and keeps where it goes."""

    def __init__(self) -> None:
        self.openings: queue.SimpleQueue[Opening] = queue.SimpleQueue()

    def accept(self, opening: Opening) -> None:
        opening.outlet.sock.close()
        self.openings.put(opening)


def test_who_holds_the_streams_is_told_the_address_that_each_goes_to(
    make_streams: MakeStreams, closing: contextlib.ExitStack
) -> None:
    holder = Holder()
    gateway = Gateway(streaming(make_streams(), "ana"), holder)
    closing.callback(gateway.stop)
    gateway.bind("127.0.0.1", 0)
    gateway.start()
    with dial(gateway.port) as client:
        client.say(GET)
        opening = holder.openings.get(timeout=DEADLINE_S)
    assert (opening.outlet.address, opening.audience) == ("127.0.0.1", "ana")


@pytest.mark.parametrize("bound", ["unsent_bytes", "unsent_bytes_per_address"])
def test_beginnings_that_nobody_takes_count_with_the_answers_until_they_are_taken(
    make_gateway: MakeGateway, make_streams: MakeStreams, bound: str
) -> None:
    watch = Watch()
    streams = make_streams(head_s=3600.0, on_change=watch)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[HAND_OVER](streams.mark(), environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return [MUCH]

    gateway = make_gateway(app, streams=streams, **{bound: len(MUCH) * 3 // 2})

    def follow(path: bytes) -> Reader:
        client = dial(gateway.port)
        client.say(b"GET %s HTTP/1.1\r\n\r\n" % path)
        return client

    with follow(b"/slow") as slow:
        watch.wait_for(lambda seen: ("/slow", True) in seen)
        with follow(b"/refused") as refused:
            assert refused.read_to_end() == b""
        streams.publish(b"live")
        assert slow.read_until(b"live").endswith(MUCH + b"live")
        with follow(b"/gone") as gone:
            gone.read_until(b"\r\n\r\n")
        watch.wait_for(lambda seen: ("/gone", False) in seen)
        streams.publish(b"on")
        slow.read_until(b"on")  # a turn later
        with follow(b"/next") as client:
            assert client.read_until(MUCH[-20:]).endswith(MUCH)


def test_a_stream_outlives_the_gateway_and_ends_with_the_streams(
    make_gateway: MakeGateway, make_streams: MakeStreams
) -> None:
    streams = make_streams()
    gateway = make_gateway(streaming(streams), streams=streams)
    with dial(gateway.port) as client:
        client.say(GET)
        client.read_until(b"backlog ")
        gateway.stop()
        streams.publish(b"live")
        streams.stop()
        assert client.read_to_end() == b"live"


def test_a_question_for_the_head_alone_begins_no_stream(
    make_gateway: MakeGateway, make_streams: MakeStreams
) -> None:
    streams = make_streams()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        list(streaming(streams)(environ, start_response))
        return []

    with dial(make_gateway(app, streams=streams).port) as client:
        client.say(b"HEAD / HTTP/1.1\r\n\r\n")
        assert client.read_answer(has_body=False).fields["content-length"] == "8"
        client.say(b"HEAD / HTTP/1.1\r\n\r\n")
        client.read_answer(has_body=False)
    assert streams.count() == 0


def test_a_view_that_fails_after_all_begins_no_stream(
    make_gateway: MakeGateway, make_streams: MakeStreams
) -> None:
    streams = make_streams()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[HAND_OVER](streams.mark(), None)
        start_response("403 Forbidden", [("Content-Length", "2")])
        return [b"no"]

    with dial(make_gateway(app, streams=streams).port) as client:
        client.say(GET)
        assert (client.read_answer().status, streams.count()) == (403, 0)


def test_a_response_is_closed_whether_it_is_a_stream_or_not(
    make_gateway: MakeGateway, make_streams: MakeStreams
) -> None:
    streams = make_streams()
    closed: list[str] = []

    class Closing:
        def __init__(self, path: str, body: Iterable[bytes]) -> None:
            self._path = path
            self._body = body

        def __iter__(self) -> Iterator[bytes]:
            return iter(self._body)

        def close(self) -> None:
            closed.append(self._path)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        inner = streaming(streams) if path == "/stream" else echo
        return Closing(path, inner(environ, start_response))

    with dial(make_gateway(app, streams=streams).port) as client:
        client.say(b"GET /plain HTTP/1.1\r\n\r\nGET /stream HTTP/1.1\r\n\r\n")
        client.read_answer()
        client.read_until(b"backlog ")
    assert closed == ["/plain", "/stream"]


# --- start and stop ---


def test_a_client_may_connect_between_bind_and_start(make_streams: MakeStreams) -> None:
    gateway = Gateway(echo, make_streams())
    gateway.bind("127.0.0.1", 0)
    with dial(gateway.port) as client:
        client.say(GET)
        gateway.start()
        assert client.read_answer().status == 200
    gateway.stop()


def test_a_gateway_can_try_another_port_when_one_is_taken(
    make_gateway: MakeGateway, make_streams: MakeStreams
) -> None:
    gateway = Gateway(echo, make_streams())
    with pytest.raises(PortTakenError):
        gateway.bind("127.0.0.1", make_gateway(echo).port)
    with pytest.raises(HostInvalidError):
        gateway.bind("192.0.2.1", 0)
    gateway.bind("127.0.0.1", 0)
    gateway.stop()
    gateway.stop()


def test_a_gateway_without_a_port_does_not_start_and_can_be_stopped(
    make_streams: MakeStreams,
) -> None:
    gateway = Gateway(echo, make_streams())
    with pytest.raises(RuntimeError, match="bind"):
        gateway.start()
    gateway.stop()


def test_the_same_port_is_free_at_once_twenty_times_over(make_streams: MakeStreams) -> None:
    streams = make_streams()
    port = 0
    with contextlib.ExitStack() as clients:
        for _ in range(20):
            gateway = Gateway(streaming(streams), streams)
            gateway.bind("127.0.0.1", port)
            port = gateway.port
            gateway.start()
            idle, client = (clients.enter_context(dial(port)) for _ in range(2))
            client.say(GET)
            client.read_until(b"backlog ")
            gateway.stop()
            assert idle.read_to_end() == b""
            with pytest.raises(ConnectionRefusedError):
                dial(port)


def test_a_request_under_way_is_finished_before_the_stop(make_gateway: MakeGateway) -> None:
    app = Held()
    gateway = make_gateway(app)
    with dial(gateway.port) as client:
        client.say(GET)
        assert app.begun.wait(DEADLINE_S)
        stopping = threading.Thread(target=gateway.stop)
        stopping.start()
        app.let_go.set()
        assert client.read_answer().status == 200
        stopping.join(DEADLINE_S)


def test_a_request_that_hangs_does_not_hold_up_the_stop(
    make_gateway: MakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    app = Held()
    gateway = make_gateway(app)
    with dial(gateway.port) as client:
        client.say(GET)
        assert app.begun.wait(DEADLINE_S)
        gateway.stop(timeout_s=0.05)
        assert client.read_to_end() == b""
    app.let_go.set()
    assert "cut off" in caplog.text


def test_a_thousand_streams_hear_a_message_and_all_stops_within_three_seconds(
    make_gateway: MakeGateway, make_streams: MakeStreams, closing: contextlib.ExitStack
) -> None:
    allow_descriptors(3 * MANY)
    streams = make_streams()
    gateway = make_gateway(streaming(streams), streams=streams)
    readers: list[Reader] = []
    for _ in range(MANY):
        readers.append(closing.enter_context(dial(gateway.port)))
        readers[-1].say(GET)
        readers[-1].read_until(b"backlog ")
    streams.publish(b"live ")
    for reader in readers:
        assert reader.read_until(b"live ") == b"live "
    assert streams.count() == MANY
    before = time.monotonic()
    gateway.stop()
    streams.stop()
    assert time.monotonic() - before < STOP_S
    for reader in readers:
        assert reader.read_to_end() == b""
