"""The system lets the room have few files open: it serves as many as it can, and goes on."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from e2e.program import Program
from faults.attacking import ANSWERED_WITHIN_S, process_of
from faults.figures import Figures
from faults.posting import joined, visitor, whole_log

ADDRESSES = [f"127.0.1.{number}" for number in range(1, 9)]
NEWCOMER = "127.0.0.2"
POSTS = 20
WATCHED_S = 2.0
CORE_AT_REST = 5
"""Percent of a core that it may take while nobody says anything."""

BACK_WITHIN_S = 3.0

pytestmark = pytest.mark.skipif(not shutil.which("prlimit"), reason="there is no prlimit")


@pytest.mark.parametrize("descriptors", [128, 256])
def test_with_few_descriptors_the_room_goes_on_and_is_whole_when_they_are_free(
    tmp_path: Path, figures: Figures, descriptors: int
) -> None:
    flags = ("--port", "0", "--hub", "none", "--rate-limit", "off")
    limited = ("prlimit", f"--nofile={descriptors}")
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(Program(tmp_path, *flags, under=limited))
        ana = stack.enter_context(visitor(program.url, joined(program.url, "Ana")))
        crowd = stack.enter_context(contextlib.ExitStack())
        streams = sum(open_one(crowd, program.url, n, "/api/events") for n in range(descriptors))
        pages = sum(open_one(crowd, program.url, n, "/healthz") for n in range(descriptors))
        posted = sum(is_posted(ana, number) for number in range(POSTS))
        new = httpx.HTTPTransport(local_address=NEWCOMER)
        newcomer = stack.enter_context(
            httpx.Client(base_url=program.url, transport=new, follow_redirects=True)
        )
        let_in = newcomer.get("/", timeout=ANSWERED_WITHIN_S).status_code
        open_now, core = process_of(program).num_fds(), core_at_rest(program)
        crowd.close()
        begun = time.monotonic()
        with httpx.stream("GET", f"{program.url}/api/events", timeout=ANSWERED_WITHIN_S) as stream:
            back = stream.status_code
        back_s = time.monotonic() - begun
        kept = len(whole_log(program.url))
    log = next(tmp_path.rglob("flask-chat.log")).read_text("utf-8")
    with figures.of(f"{descriptors} files may be open, {2 * descriptors} connections") as seen:
        seen.told("streams; other connections that stayed", f"{streams}; {pages}")
        seen.at_most("open at once", descriptors, open_now)
        seen.exactly("posts taken meanwhile", POSTS, posted)
        seen.exactly("a newcomer's page", httpx.codes.OK, let_in)
        seen.at_most("of a core at rest, %", CORE_AT_REST, round(core, 1))
        seen.exactly("a stream once they are gone", httpx.codes.OK, back)
        seen.within("which begins", BACK_WITHIN_S, back_s)
        seen.exactly("kept", POSTS, kept)
        seen.at_most("failures in the log", 0, len(re.findall(r"ERROR|EMFILE|Traceback", log)))
    assert "the system lets few files be open" in log


def open_one(crowd: contextlib.ExitStack, url: str, number: int, path: str) -> bool:
    """Ask from one of many addresses and stay connected; return whether there was an answer."""
    target = urlsplit(url)
    place, source = (str(target.hostname), target.port or 80), ADDRESSES[number % len(ADDRESSES)]
    client = crowd.enter_context(socket.create_connection(place, ANSWERED_WITHIN_S, (source, 0)))
    with contextlib.suppress(OSError):
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {target.netloc}\r\n\r\n".encode())
        return client.recv(15) == b"HTTP/1.1 200 OK"
    return False


def is_posted(web: httpx.Client, number: int) -> bool:
    """Post, as a browser that tries again when its connection is closed."""
    body = {"client_id": str(number), "text": "hello"}
    for _ in range(3):
        with contextlib.suppress(httpx.TransportError):
            return web.post("/api/messages", json=body).status_code == httpx.codes.CREATED
    return False


def core_at_rest(program: Program) -> float:
    """Return how many percent of a core the room takes while nobody asks for anything."""
    process = process_of(program)
    before, begun = process.cpu_times(), time.monotonic()
    assert program.process
    with pytest.raises(subprocess.TimeoutExpired):
        program.process.wait(WATCHED_S)
    after, took_s = process.cpu_times(), time.monotonic() - begun
    spent_s = float(after.user + after.system - before.user - before.system)
    return 100 * spent_s / took_s
