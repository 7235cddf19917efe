import asyncio
import ipaddress
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from hivemind_chatroom.lan import calls
from hivemind_chatroom.lan.calls import (
    Health,
    answers,
    health_of,
    is_port,
    reachable,
    shown,
    url_host,
)

OWN = (ipaddress.ip_interface("203.0.113.23/24"), ipaddress.ip_interface("192.168.1.23/24"))
WELL = {"app": "hivemind-chatroom", "id": "1A2B3C4D55", "room": "Attic"}

Told = TypeVar("Told")


@pytest.mark.parametrize(
    ("announced", "called"),
    [
        (["192.168.1.9"], ["192.168.1.9"]),
        (["10.5.5.5", "192.168.1.9"], ["192.168.1.9", "10.5.5.5"]),  # the nearer one first
        (["192.168.1.30", "192.168.1.9"], ["192.168.1.30", "192.168.1.9"]),  # then the newer one
        (["fd00::9", "10.5.5.5"], ["10.5.5.5", "fd00::9"]),
        (["fd00::9"], ["fd00::9"]),
        (["169.254.3.3"], ["169.254.3.3"]),
        (["203.0.113.77"], ["203.0.113.77"]),  # a network of our own, if a public one
        (["93.184.216.34"], []),
        (["127.0.0.1"], []),
        (["0.0.0.0"], []),  # noqa: S104 - read only
        (["224.0.0.251"], []),
        (["2606:2800:220:1::1"], []),
        (["::1"], []),
        (["nonsense"], []),
        ([], []),
        ([f"10.0.0.{n}" for n in range(1, 100)], [f"10.0.0.{n}" for n in range(1, 5)]),
    ],
)
def test_only_a_households_addresses_are_called(announced: list[str], called: list[str]) -> None:
    assert list(reachable(announced, OWN)) == called


def test_a_port_is_a_number_that_something_can_listen_at() -> None:
    assert [is_port(port) for port in (0, 1, 8985, 65_535, 65_536)] == [
        False, True, True, True, False
    ]  # fmt: skip


def test_an_address_of_ipv6_stands_in_brackets_in_a_url() -> None:
    assert (url_host("10.0.0.9"), url_host("fd00::9")) == ("10.0.0.9", "[fd00::9]")


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Kitchen", "Kitchen"),
        (" two\n lines\x07 ", "two lines"),
        ("\u202egnp.exe", "gnp.exe"),
        ("x" * 200, "x" * 64),
        ("\u200f\u2066", ""),
    ],
)
def test_a_name_from_outside_is_one_short_line_that_turns_nothing_round(
    name: str, seen: str
) -> None:
    assert shown(name) == seen


def told(
    answer: bytes, ask: Callable[[str, int], Awaitable[Told]], *, hangs: bool = False
) -> tuple[Told, bytes]:
    """Return what a caller makes of an answer, and what it has asked."""
    heard = bytearray()

    async def talk() -> Told:
        is_over, is_served = asyncio.Event(), asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                heard.extend(await reader.read(1_000))
                writer.write(answer)
                if hangs:
                    await is_over.wait()
                await writer.drain()
            except ConnectionError:
                pass  # it has hung up already
            finally:
                writer.close()
                is_served.set()

        async with await asyncio.start_server(serve, "127.0.0.1") as server:
            said = await ask("127.0.0.1", server.sockets[0].getsockname()[1])
            is_over.set()
            await is_served.wait()
            return said

    return asyncio.run(talk()), bytes(heard)


def response(body: object, status: str = "200 OK", head: str = "") -> bytes:
    raw = json.dumps(body).encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(raw)}\r\n{head}\r\n".encode() + raw


def test_a_room_that_is_well_says_who_it_is() -> None:
    health, heard = told(response(WELL), health_of)
    assert health == Health("1a2b3c4d55", "Attic")
    assert heard.startswith(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1:")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff nonsense \r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\nno json",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 100_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000,
        response([WELL]),
        response({**WELL, "app": "something-else"}),
        response({**WELL, "id": 7}),
        response({**WELL, "room": None}),
        response(WELL, "503 Service Unavailable"),
        response(WELL, "302 Found", "Location: http://192.0.2.7/healthz\r\n"),
    ],
)
def test_whatever_else_is_said_is_no_room_and_breaks_nothing(answer: bytes) -> None:
    assert told(answer, health_of)[0] is None


def test_a_room_that_says_nothing_in_time_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "ANSWERS_WITHIN_S", 0.1)
    assert told(b"HTTP/1.1 200 OK\r\n", health_of, hangs=True)[0] is None


def test_whether_something_listens_is_told_without_a_word_to_it() -> None:
    assert told(b"", answers) == (True, b"")


def test_where_nothing_listens_nobody_answers() -> None:
    async def ask() -> tuple[bool, Health | None]:
        async with await asyncio.start_server(lambda *_: None, "127.0.0.1") as server:
            port = server.sockets[0].getsockname()[1]
        return await answers("127.0.0.1", port), await health_of("127.0.0.1", port)

    assert asyncio.run(ask()) == (False, None)
