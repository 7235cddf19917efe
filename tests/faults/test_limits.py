"""Somebody takes as much as there is, of guesses, names or connections: there is an end to each."""

from __future__ import annotations

import contextlib
import socket
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from e2e.operator_page import OperatorPage
from e2e.program import Program
from faults.alike import look_alikes
from faults.attacking import ANSWERED_WITHIN_S, flood
from faults.figures import Figures
from faults.posting import joined, room_without_hub, visitor
from hivemind_chatroom.server.descriptors import allow_descriptors, allowed_descriptors
from room.test_names import EVERY_SCRIPT

CODE, WRONG_FROM = "000000", 100_000
GUESSES = 40
"""Of each address."""
JUDGED_OF_ONE, JUDGED_OF_ALL = 5, 100
"""Wrong codes a minute."""
NEIGHBOUR, ATTACKER = "127.0.0.2", "127.0.1.1"

TAKEN = ("Ana", "Maria", "Bob", "Pavel", "Ioana")
HONEST = [name for name in EVERY_SCRIPT if name not in TAKEN][::2][:20]
LOOK_ALIKES_AT_LEAST = 200
JOINS_OF_ONE = 40
"""Fewer than an address has at once."""

CONNECTIONS_TRIED, CONNECTIONS_OF_ONE = 600, 500
STREAMS_TRIED, STREAMS_OF_ONE = 2_600, 2_500
DESCRIPTORS = 14_000
HEALTHY_WITHIN_S = 0.5
HEARD_WITHIN_S = 1.0


@pytest.mark.parametrize("addresses", [4, pytest.param(100, marks=pytest.mark.long)])
def test_who_guesses_the_code_is_heard_five_times_a_minute(
    tmp_path: Path, figures: Figures, addresses: int
) -> None:
    given: list[tuple[int, int]] = []
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(
            Program(tmp_path, "--port", "0", "--hub", "none", "--code", CODE)
        )
        webs = [
            stack.enter_context(caller(program.url, f"127.0.3.{n + 1}")) for n in range(addresses)
        ]

        def guess(client: int, turn: int) -> None:
            code = str(WRONG_FROM + client * GUESSES + turn)
            answer = webs[client].post("/api/join", json={"name": "Eve", "code": code})
            given.append((client, answer.status_code))

        begun = time.monotonic()
        flood(addresses, addresses * GUESSES, guess)
        took_s = time.monotonic() - begun
        host = OperatorPage(program.welcome.split("Operator:")[1].split()[0]).web
        invitation = host.get("/api/invite").json()["url"].rpartition("/")[2]
        host.close()
        neighbour = stack.enter_context(caller(program.url, NEIGHBOUR))
        with_code = is_let_in(neighbour, "Ana", CODE)
        neighbour.cookies.clear()
        invited = is_let_in(neighbour, "Bob", invitation)
    answers = Counter(status for _, status in given)
    judged = Counter(client for client, status in given if status == httpx.codes.FORBIDDEN)
    all_wait = addresses * JUDGED_OF_ONE >= JUDGED_OF_ALL
    hourly = judged.total() * 60
    with figures.of(f"{addresses * GUESSES} wrong codes from {addresses} addresses") as seen:
        seen.exactly("judged", min(addresses * JUDGED_OF_ONE, JUDGED_OF_ALL), judged.total())
        seen.at_most("judged of one address", JUDGED_OF_ONE, max(judged.values()))
        seen.exactly("refused with 429", answers.total() - judged.total(), answers[429])
        seen.exactly("another with the right code comes in", int(not all_wait), int(with_code))
        seen.exactly("another with an invitation comes in", 1, int(invited))
        seen.told("took", took_s, "s")
        for digits in (6, 4):
            one, all_ = (f"{100 * n / 10**digits:g} %" for n in (JUDGED_OF_ONE * 60, hourly))
            seen.told(
                f"of all codes of {digits} digits, in an hour, from one; from all", f"{one}; {all_}"
            )


def test_a_name_that_looks_like_one_that_is_taken_is_nobodys(
    tmp_path: Path, figures: Figures
) -> None:
    tried = sorted({each for name in TAKEN for each in look_alikes(name)} - set(TAKEN))
    assert len(tried) >= LOOK_ALIKES_AT_LEAST
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(Program(tmp_path, "--port", "0", "--hub", "none"))
        for name in TAKEN:
            joined(program.url, name)
        answers = {}
        for begin in range(0, len(tried) + len(HONEST), JOINS_OF_ONE):
            with caller(program.url, f"127.0.4.{1 + begin // JOINS_OF_ONE}") as web:
                for name in [*tried, *HONEST][begin : begin + JOINS_OF_ONE]:
                    answers[name] = web.post("/api/join", json={"name": name}).status_code
                    web.cookies.clear()
    let_in = [name for name in tried if answers[name] != httpx.codes.CONFLICT]
    refused = [name for name in HONEST if answers[name] != httpx.codes.OK]
    with figures.of(
        f"{len(tried)} look-alikes of {len(TAKEN)} names, {len(HONEST)} others"
    ) as seen:
        seen.exactly("look-alikes let in", 0, len(let_in))
        seen.exactly("different names refused", 0, len(refused))


@pytest.mark.usefixtures("descriptors")
def test_one_address_does_not_take_all_connections(tmp_path: Path, figures: Figures) -> None:
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(room_without_hub(tmp_path))
        clients = [
            stack.enter_context(connected(program.url, ATTACKER)) for _ in range(CONNECTIONS_TRIED)
        ]
        neighbour = stack.enter_context(caller(program.url, NEIGHBOUR))
        begun = time.monotonic()
        healthy = neighbour.get("/healthz").status_code
        healthy_s = time.monotonic() - begun
        has = sum(is_answered(client, program.url, "/healthz") for client in clients)
    with figures.of(f"{CONNECTIONS_TRIED} connections from one address") as seen:
        seen.exactly("it has", CONNECTIONS_OF_ONE, has)
        seen.exactly("another's GET", httpx.codes.OK, healthy)
        seen.within("which takes", HEALTHY_WITHIN_S, healthy_s)


@pytest.mark.long
@pytest.mark.usefixtures("descriptors")
def test_one_address_does_not_take_all_streams(tmp_path: Path, figures: Figures) -> None:
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(room_without_hub(tmp_path))
        ana = stack.enter_context(visitor(program.url, joined(program.url, "Ana")))
        has = 0
        for _ in range(STREAMS_TRIED):
            client = stack.enter_context(connected(program.url, ATTACKER))
            has += is_answered(client, program.url, "/api/events")
        neighbour = stack.enter_context(connected(program.url, NEIGHBOUR))
        opens = is_answered(neighbour, program.url, "/api/events")
        begun = time.monotonic()
        ana.post("/api/messages", json={"client_id": "1", "text": "to all of you"})
        heard = is_heard(neighbour, b"to all of you")
        heard_s = time.monotonic() - begun
    with figures.of(f"{STREAMS_TRIED} streams from one address") as seen:
        seen.exactly("it has", STREAMS_OF_ONE, has)
        seen.exactly("another's stream opens", 1, int(opens))
        seen.exactly("and hears a post", 1, int(heard))
        seen.within("which takes", HEARD_WITHIN_S, heard_s)


def caller(url: str, address: str) -> httpx.Client:
    """Return a visitor at one of this computer's addresses."""
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(base_url=url, transport=transport, timeout=ANSWERED_WITHIN_S)


def is_let_in(web: httpx.Client, name: str, code: str) -> bool:
    """Join with a code or an invitation."""
    return web.post("/api/join", json={"name": name, "code": code}).status_code == httpx.codes.OK


@pytest.fixture
def descriptors() -> None:
    """Let this process have as many files open as the room wants for all that it promises."""
    allow_descriptors(DESCRIPTORS)
    if (allowed := allowed_descriptors()) < DESCRIPTORS:
        pytest.skip(f"the system lets {allowed} files be open")


def connected(url: str, address: str) -> socket.socket:
    """Connect from an address, and say nothing."""
    target = urlsplit(url)
    place = (str(target.hostname), target.port or 80)
    return socket.create_connection(place, ANSWERED_WITHIN_S, (address, 0))


def is_answered(client: socket.socket, url: str, path: str) -> bool:
    """Ask on a connection, and return whether it is one that the room serves."""
    with contextlib.suppress(OSError):
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n\r\n".encode())
        return client.recv(15) == b"HTTP/1.1 200 OK"
    return False


def is_heard(client: socket.socket, words: bytes) -> bool:
    """Read until the words have come, or the stream has ended."""
    got = b""
    while words not in got:
        if not (more := client.recv(65_536)):
            return False
        got += more
    return True
