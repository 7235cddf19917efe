from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

from hivemind_chatroom.server.crowd import Crowd
from hivemind_chatroom.server.limits import Limits
from hivemind_chatroom.server.proxies import Proxies
from server.wire import DEADLINE_S, MakeGateway, Reader

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

GET = b"GET / HTTP/1.1\r\n\r\n"
PROXY = "127.0.0.9"


@pytest.fixture
def crowd() -> Crowd:
    limits = Limits(connections=4, connections_per_address=3, proxies=Proxies([PROXY]))
    return Crowd(limits)


def admit(crowd: Crowd, *addresses: str) -> list[bool]:
    return [crowd.admit(address) for address in addresses]


def test_an_address_has_its_bound_and_all_have_theirs(crowd: Crowd) -> None:
    assert admit(crowd, "a", "a", "a", "a", "b", "b") == [True, True, True, False, True, False]
    assert crowd.count() == 4


def test_who_leaves_makes_room(crowd: Crowd) -> None:
    admit(crowd, "a", "a", "a", "b")
    crowd.leave("a")
    assert admit(crowd, "c", "d") == [True, False]


def test_a_proxy_has_the_bound_of_all_alone(crowd: Crowd) -> None:
    assert admit(crowd, PROXY, PROXY, PROXY, PROXY, PROXY) == [True] * 4 + [False]


def test_nobody_makes_room_where_there_is_some(crowd: Crowd) -> None:
    admit(crowd, "a", "a", "a")
    assert crowd.who_makes_room("b") is None


def test_who_has_the_most_makes_room_for_who_has_fewer(crowd: Crowd) -> None:
    admit(crowd, "a", "a", "a", "b")
    assert crowd.who_makes_room("c") == "a"
    assert crowd.who_makes_room("a") is None


def test_who_would_have_as_many_afterwards_takes_nothing(crowd: Crowd) -> None:
    admit(crowd, "a", "a", "b", "b")
    assert crowd.who_makes_room("a") is None
    assert crowd.who_makes_room("c") == "a"
    admit(crowd := Crowd(Limits(connections=2)), "a", "b")
    assert crowd.who_makes_room("c") is None


def test_a_proxy_which_stands_for_many_makes_no_room(crowd: Crowd) -> None:
    admit(crowd, PROXY, PROXY, PROXY, "a")
    assert crowd.who_makes_room("b") is None


def test_addresses_that_say_nothing_do_not_keep_the_others_out(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(ok, connections=6, connections_per_address=3)
    with contextlib.ExitStack() as open_ones:
        silent = [
            open_ones.enter_context(dial(gateway.port, address))
            for address in ("127.0.0.2", "127.0.0.3")
            for _ in range(3)
        ]
        with dial(gateway.port, "127.0.0.4") as newcomer:
            newcomer.say(GET)
            assert newcomer.read_answer().status == 200
        assert silent[0].read_to_end() == b""  # the first to come has waited longest
        silent[1].say(GET)
        assert silent[1].read_answer().status == 200


def ok(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Length", "0")])
    return []


def dial(port: int, address: str) -> Reader:
    """Connect to a server on this computer from one of its other addresses."""
    return Reader(socket.create_connection(("127.0.0.1", port), DEADLINE_S, (address, 0)))
