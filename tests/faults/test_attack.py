"""Somebody tries to take the room from the others: it goes on, and costs no more than it may."""

from __future__ import annotations

import contextlib
import itertools
import math
import socket
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from e2e.program import Program
from faults.attacking import (
    ANSWERED_WITHIN_S,
    Neighbour,
    flood,
    memory_of,
    process_of,
    send_body,
)
from faults.figures import Figures
from faults.posting import joined, room_without_hub, visitor
from faults.scale import Scale
from hivemind_chatroom.room.limits import JOIN_RATE

KB, MB = 1_000, 1_000_000
BODY_MAX_BYTES = 16 * 1024

MEMORY_OF_BODIES_MB = 10
MEMORY_OF_POSTS_MB = 50
MEMORY_OF_NAMES_MB = 20
MEMORY_OF_HALF_OPEN_MB = 50
THREADS = 100
REFUSED_WITHIN_S = 1.0
OTHERS_WITHIN_S = 1.0
HEALTHY_WITHIN_S = 0.5
GONE_WITHIN_S = 30.0
STOPPED_WITHIN_S = 3.0

FLOODERS = 8
JOINS = 1_000
"""As many as a room takes."""
ATTACKERS = [f"127.0.1.{number}" for number in range(1, 9)]
NEIGHBOUR = "127.0.0.2"


@pytest.mark.parametrize("chunked", [False, True], ids=["with-a-length", "in-chunks"])
def test_a_body_that_is_too_large_is_refused_at_once_and_kept_nowhere(
    tmp_path: Path, scale: Scale, figures: Figures, *, chunked: bool
) -> None:
    sizes = [BODY_MAX_BYTES + 1, 100 * KB, MB, 10 * MB, scale.body_bytes]
    kind = "in chunks" if chunked else "with a length"
    with room_without_hub(tmp_path) as program:
        send_body(program.url, MB, chunked=chunked)  # warms up
        before_mb = memory_of(program)
        refusals = [send_body(program.url, size, chunked=chunked) for size in sizes]
        grown_mb = memory_of(program) - before_mb
        assert httpx.get(f"{program.url}/healthz").status_code == httpx.codes.OK
    with figures.of(f"bodies of 16 kB to {scale.body_bytes // MB} MB, {kind}") as seen:
        seen.exactly("refused with 413", len(sizes), sum(each.status == 413 for each in refusals))
        seen.within("refused, worst", REFUSED_WITHIN_S, max(each.after_s for each in refusals))
        seen.at_most("memory, MB", MEMORY_OF_BODIES_MB, round(grown_mb, 1))


def test_who_posts_without_end_keeps_nobody_waiting(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    answers: Counter[int] = Counter()
    numbers = itertools.count()
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(Program(tmp_path, "--port", "0", "--hub", "none"))
        cookie = joined(program.url, "Ana")
        webs = [stack.enter_context(visitor(program.url, cookie)) for _ in range(FLOODERS)]

        def post(client: int, _: int) -> None:
            body = {"client_id": str(next(numbers)), "text": "x" * 1_000}
            answer = webs[client].post("/api/messages", json=body, timeout=ANSWERED_WITHIN_S)
            answers[answer.status_code] += 1

        flood(FLOODERS, FLOODERS * 20, post)  # warms up
        answers.clear()
        before_mb = memory_of(program)
        with Neighbour(program.url, NEIGHBOUR) as neighbour:
            flood(FLOODERS, scale.flood_posts, post)
        grown_mb = memory_of(program) - before_mb
    assert set(answers) <= {httpx.codes.CREATED, httpx.codes.TOO_MANY_REQUESTS}
    with figures.of(f"{scale.flood_posts} posts by one member on {FLOODERS} connections") as seen:
        seen.told("refused with 429", answers[httpx.codes.TOO_MANY_REQUESTS], "posts")
        seen.exactly("another's reads refused", 0, neighbour.refused)
        seen.within("another's reads, p99", OTHERS_WITHIN_S, neighbour.p99_s())
        seen.at_most("memory, MB", MEMORY_OF_POSTS_MB, round(grown_mb, 1))


def test_names_without_end_are_not_remembered(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    joins: Counter[int] = Counter()
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(room_without_hub(tmp_path))
        webs = [stack.enter_context(httpx.Client(base_url=program.url)) for _ in range(FLOODERS)]

        def speak(client: int, turn: int) -> None:
            form = {"username": f"guest {client} {turn}", "message": "hello"}
            answer = webs[client].post("/send_message", data=form, timeout=ANSWERED_WITHIN_S)
            assert answer.status_code == httpx.codes.FOUND, answer.text

        def join(client: int, turn: int) -> None:
            body = {"name": f"name {client} {turn}"}
            answer = webs[client].post("/api/join", json=body, timeout=ANSWERED_WITHIN_S)
            webs[client].cookies.clear()
            joins[answer.status_code] += 1

        flood(FLOODERS, FLOODERS * 200, speak)  # warms up, and fills what is kept of guests
        before_mb = memory_of(program)
        flood(FLOODERS, scale.flood_names // 2, speak)
        flood(FLOODERS, scale.flood_names // 2, join)
        grown_mb = memory_of(program) - before_mb
        members = len(httpx.get(f"{program.url}/api/members").json())
    assert not {code for code in joins if code >= httpx.codes.INTERNAL_SERVER_ERROR}
    with figures.of(f"{scale.flood_names} names") as seen:
        seen.told("joined with a cookie, of those that tried", joins[httpx.codes.OK])
        seen.told("remembered", members, "names")
        seen.at_most("memory, MB", MEMORY_OF_NAMES_MB, round(grown_mb, 1))


def test_who_joins_without_end_from_one_address_leaves_places_for_the_others(
    tmp_path: Path, figures: Figures
) -> None:
    answers: Counter[int] = Counter()
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(Program(tmp_path, "--port", "0", "--hub", "none"))
        webs = [stack.enter_context(httpx.Client(base_url=program.url)) for _ in range(FLOODERS)]

        def join(client: int, turn: int) -> None:
            body = {"name": f"name {client} {turn}"}
            answer = webs[client].post("/api/join", json=body, timeout=ANSWERED_WITHIN_S)
            webs[client].cookies.clear()
            answers[answer.status_code] += 1

        begun = time.monotonic()
        flood(FLOODERS, JOINS, join)
        most = math.ceil(JOIN_RATE.burst + JOIN_RATE.per_second * (time.monotonic() - begun))
        elsewhere = httpx.HTTPTransport(local_address=NEIGHBOUR)
        with httpx.Client(base_url=program.url, transport=elsewhere) as ana:
            assert ana.post("/api/join", json={"name": "Ana"}).status_code == httpx.codes.OK
    assert set(answers) == {httpx.codes.OK, httpx.codes.TOO_MANY_REQUESTS}
    with figures.of(f"{JOINS} joins from one address, as fast as they go") as seen:
        seen.at_most("let in", most, answers[httpx.codes.OK])
        seen.told("refused with 429", answers[httpx.codes.TOO_MANY_REQUESTS])


def test_requests_that_never_end_keep_nobody_out(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    parts = (
        b"",
        b"G",
        b"GET / HTTP/1.1\r\nX: ",
        b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf",
    )
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(room_without_hub(tmp_path))
        port = urlsplit(program.url).port or 0
        before_mb = memory_of(program)
        clients = [
            stack.enter_context(
                half_open(port, ATTACKERS[number % len(ATTACKERS)], parts[number % len(parts)])
            )
            for number in range(scale.half_open)
        ]
        begun = time.monotonic()
        answer = httpx.get(f"{program.url}/healthz", timeout=ANSWERED_WITHIN_S)
        healthy_s = time.monotonic() - begun
        threads = process_of(program).num_threads()
        grown_mb = memory_of(program) - before_mb
        for client in clients:
            read_to_end(client)
        gone_s = time.monotonic() - begun
    assert answer.status_code == httpx.codes.OK
    with figures.of(f"{scale.half_open} half-open clients") as seen:
        seen.at_most("threads", THREADS, threads)
        seen.within("a healthy GET", HEALTHY_WITHIN_S, healthy_s)
        seen.within("gone", GONE_WITHIN_S, gone_s)
        seen.at_most("memory, MB", MEMORY_OF_HALF_OPEN_MB, round(grown_mb, 1))


def test_the_room_is_closed_and_opened_again_at_its_port(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    ends_s = []
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(room_without_hub(tmp_path))
        port = urlsplit(program.url).port
        for _ in range(scale.stops):
            readers = [open_stream(program.url) for _ in range(5)]
            code, end_s = program.end()
            assert code == 0
            ends_s.append(end_s)
            for reader in readers:
                reader.close()
            program = stack.enter_context(room_without_hub(tmp_path, "--port", str(port)))
            assert urlsplit(program.url).port == port
    with figures.of(f"{scale.stops} stops with streams open, started again at the port") as seen:
        seen.within("stopped, worst", STOPPED_WITHIN_S, max(ends_s))


def half_open(port: int, address: str, part: bytes) -> socket.socket:
    """Connect from an address, say a part of a request, and no more."""
    client = socket.create_connection(("127.0.0.1", port), ANSWERED_WITHIN_S, (address, 0))
    with contextlib.suppress(OSError):  # one too many may be closed already
        client.sendall(part)
    return client


def read_to_end(client: socket.socket) -> None:
    """Wait until the room has closed a connection."""
    client.settimeout(GONE_WITHIN_S + ANSWERED_WITHIN_S)
    with contextlib.suppress(ConnectionResetError):
        while client.recv(4096):
            pass


def open_stream(url: str) -> socket.socket:
    """Follow the room, and return once its stream has begun."""
    target = urlsplit(url)
    client = socket.create_connection((str(target.hostname), target.port or 80), ANSWERED_WITHIN_S)
    client.sendall(f"GET /api/events HTTP/1.1\r\nHost: {target.netloc}\r\n\r\n".encode())
    assert client.recv(15) == b"HTTP/1.1 200 OK"
    return client
