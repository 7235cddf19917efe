"""Whose request it is: nobody says so for somebody else but a proxy that the host trusts."""

from __future__ import annotations

import queue
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivemind_chatroom.server.limits import Limits
from hivemind_chatroom.server.proxies import Caller, Proxies
from hivemind_chatroom.server.request_parser import RequestParser
from hivemind_chatroom.server.responder import HAND_OVER
from server.wire import DEADLINE_S, MakeGateway, MakeStreams, dial

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PROXY = "10.0.0.2"
PROXIES = Proxies([PROXY, "172.16.0.0/12", "fd00::/8"])
HERE = Proxies(["127.0.0.1"])


def told(*lines: str) -> dict[bytes, bytes]:
    """Return the fields of a request, as they come out of the parser."""
    parser = RequestParser(Limits())
    parser.feed("\r\n".join(["GET / HTTP/1.1", "Host: a", *lines, "", ""]).encode("latin-1"))
    assert parser.is_complete
    assert parser.refusal is None
    return parser.fields


def address(peer: str, forwarded: str, proxies: Proxies = PROXIES) -> str:
    return proxies.caller(peer, told(f"X-Forwarded-For: {forwarded}")).address


# --- who is believed ---


@pytest.mark.parametrize(
    "peer", [PROXY, "172.16.0.1", "172.31.255.255", "fd00::1", "fd00::1%eth0", "::ffff:10.0.0.2"]
)
def test_a_trusted_proxy_says_for_whom_it_asks(peer: str) -> None:
    fields = told("X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https")
    assert PROXIES.caller(peer, fields) == Caller("203.0.113.7", is_secure=True)


@pytest.mark.parametrize(
    "peer", ["10.0.0.3", "172.32.0.1", "127.0.0.1", "::1", "fe80::1%eth0", "203.0.113.7", "", "x"]
)
def test_nobody_else_does(peer: str) -> None:
    fields = told("X-Forwarded-For: 10.1.1.1", "X-Forwarded-Proto: https")
    assert PROXIES.caller(peer, fields) == Caller(peer)


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "10.0.0.2", "192.168.1.20"])
def test_unless_the_host_says_so_there_is_no_proxy(peer: str) -> None:
    assert address(peer, "203.0.113.7", Proxies()) == peer
    assert not Proxies().trust(peer)


# --- chains ---


@pytest.mark.parametrize(
    ("forwarded", "visitor"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("  203.0.113.7 ", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1, 203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7, 172.20.0.5", "203.0.113.7"),
        ("203.0.113.7,172.20.0.5,172.20.0.6", "203.0.113.7"),
        ("172.20.0.5, 203.0.113.7, 172.20.0.6", "203.0.113.7"),
        ("172.20.0.5", "172.20.0.5"),
        ("172.20.0.5, 172.20.0.6", "172.20.0.5"),
        ("2001:DB8::0:7", "2001:db8::7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::7%wlan0", "fe80::7"),
    ],
)
def test_the_visitor_is_the_last_of_a_chain_who_is_no_proxy(forwarded: str, visitor: str) -> None:
    assert address(PROXY, forwarded) == visitor


@pytest.mark.parametrize(
    ("forwarded", "visitor"),
    [
        ("", PROXY),
        (",", PROXY),
        ("unknown", PROXY),
        ("_hidden", PROXY),
        ("203.0.113.7:443", PROXY),
        ("[2001:db8::7]", PROXY),
        ("203.0.113.07", PROXY),
        ("203.0.113", PROXY),
        ("3405803783", PROXY),
        ("203.0.113.7/32", PROXY),
        ("203.0.113.7;x", PROXY),
        ('for="203.0.113.7"', PROXY),
        ("\xb2\xb0\xb3.0.113.7", PROXY),
        ("203.0.113.7, ", PROXY),
        ("203.0.113.7, nonsense", PROXY),
        ("nonsense, 203.0.113.7", "203.0.113.7"),
        ("203.0.113.7, nonsense, 172.20.0.5", "172.20.0.5"),
    ],
)
def test_what_is_no_address_makes_nobody_a_visitor(forwarded: str, visitor: str) -> None:
    assert address(PROXY, forwarded) == visitor


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF)))
def test_whatever_a_visitor_begins_a_chain_with_it_ends_with_the_visitor(forged: str) -> None:
    fields = {b"X-Forwarded-For": f"{forged}, 203.0.113.7".encode("latin-1")}
    assert PROXIES.caller(PROXY, fields).address == "203.0.113.7"


def test_a_field_of_the_visitors_own_comes_before_the_proxys() -> None:
    fields = told("X-Forwarded-For: 198.51.100.1", "x-forwarded-for: 203.0.113.7")
    assert PROXIES.caller(PROXY, fields).address == "203.0.113.7"


@pytest.mark.parametrize(
    "line",
    [
        "X_Forwarded_For: 203.0.113.7",
        "X-Forwarded_For: 203.0.113.7",
        "X-Forwarded-For-: 203.0.113.7",
        "Forwarded: for=203.0.113.7;proto=https",
        "X-Real-IP: 203.0.113.7",
        "Client-IP: 203.0.113.7",
        "True-Client-IP: 203.0.113.7",
        "X_Forwarded_Proto: https",
        "X-Forwarded-Ssl: on",
        "X-Url-Scheme: https",
        "Front-End-Https: on",
    ],
)
def test_no_other_field_is_believed(line: str) -> None:
    assert PROXIES.caller(PROXY, told(line)) == Caller(PROXY)


@pytest.mark.parametrize(
    ("lines", "is_secure"),
    [
        (["X-Forwarded-Proto: https"], True),
        (["X-Forwarded-Proto: HTTPS"], True),
        (["X-Forwarded-Proto: http"], False),
        (["X-Forwarded-Proto: wss"], False),
        (["X-Forwarded-Proto: https, http"], False),
        (["X-Forwarded-Proto: https", "X-Forwarded-Proto: http"], False),
        (["X-Forwarded-Proto: javascript"], False),
        ([], False),
    ],
)
def test_the_way_here_is_encrypted_if_the_proxy_says_that_and_nothing_else(
    lines: list[str], *, is_secure: bool
) -> None:
    assert PROXIES.caller(PROXY, told(*lines)).is_secure is is_secure


# --- what becomes of it ---


def whose(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with what a view is told of the request."""
    body = f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']}".encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def get(*lines: str) -> bytes:
    return "\r\n".join(["GET / HTTP/1.1", "Host: a", *lines, "", ""]).encode()


def test_each_request_on_a_proxys_connection_is_its_own_visitors(
    make_gateway: MakeGateway,
) -> None:
    with dial(make_gateway(whose, proxies=HERE).port) as client:
        for visitor, proto in (("203.0.113.7", "https"), ("203.0.113.8", "http")):
            client.say(get(f"X-Forwarded-For: {visitor}", f"X-Forwarded-Proto: {proto}"))
            assert client.read_answer().body == f"{visitor} {proto}".encode()
        client.say(get())
        assert client.read_answer().body == b"127.0.0.1 http"


def test_a_visitor_who_plays_a_proxy_is_seen_through(make_gateway: MakeGateway) -> None:
    with dial(make_gateway(whose, proxies=PROXIES).port) as client:
        for name in ("X-Forwarded-For", "X_Forwarded_For"):
            client.say(get(f"{name}: 203.0.113.7", "X-Forwarded-Proto: https"))
            assert client.read_answer().body == b"127.0.0.1 http"


def test_a_proxy_may_have_more_connections_than_a_visitor(make_gateway: MakeGateway) -> None:
    bounds = {"connections": 3, "connections_per_address": 1}
    gateway = make_gateway(whose, proxies=HERE, **bounds)
    with dial(gateway.port) as one, dial(gateway.port) as two, dial(gateway.port) as three:
        for client in (one, two, three):
            client.say(get())
            assert client.read_answer().status == 200
        with dial(gateway.port) as four:  # the bound of all is a proxy's too
            assert four.read_to_end() == b""


def test_streams_through_a_proxy_count_as_their_visitors(
    make_gateway: MakeGateway, make_streams: MakeStreams
) -> None:
    arrived: queue.SimpleQueue[str] = queue.SimpleQueue()
    streams = make_streams(
        streams_per_address=1, on_change=lambda audience, _: arrived.put(audience)
    )

    def follow(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[HAND_OVER](streams.mark(), environ["REMOTE_ADDR"])
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return [b"begin "]

    gateway = make_gateway(follow, streams=streams, proxies=HERE)
    with dial(gateway.port) as ana, dial(gateway.port) as bob, dial(gateway.port) as bobs_second:
        for client, visitor in ((ana, "203.0.113.7"), (bob, "203.0.113.8")):
            client.say(get(f"X-Forwarded-For: {visitor}"))
            client.read_until(b"begin ")
            assert arrived.get(timeout=DEADLINE_S) == visitor
        bobs_second.say(get("X-Forwarded-For: 203.0.113.8"))
        assert bobs_second.read_to_end() == b""
        assert streams.count() == 2
