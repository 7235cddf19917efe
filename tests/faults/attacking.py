"""Clients that mean no good, and what they cost the room."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

import httpx
import psutil

from e2e.program import Program

ANSWERED_WITHIN_S = 15.0
"""When a client gives up; no bar is that high."""

ASKS_EVERY_S = 0.02
"""How often a neighbour asks while somebody floods the room: as a page that is used."""

_PIECE: Final = b"x" * 65_536


def process_of(program: Program) -> psutil.Process:
    """Return the room's process."""
    assert program.process
    return psutil.Process(program.process.pid)


def memory_of(program: Program) -> float:
    """Return how much memory the room's process has, in MB."""
    return float(process_of(program).memory_info().rss) / 1e6


@dataclass(frozen=True, slots=True)
class Refusal:
    """What became of a request that was too large."""

    status: int
    after_s: float
    """From the first byte of the request to the answer's."""


def send_body(url: str, size: int, *, chunked: bool = False) -> Refusal:
    """Post so many bytes as a message, and go on sending whatever the room says.

    Args:
        url: Of the room.
        size: How many bytes, at most: a room that has closed takes no more.
        chunked: Whether the room isn't told how many.
    """
    target = urlsplit(url)
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
    head = f"POST /api/messages HTTP/1.1\r\nHost: {target.netloc}\r\n{length}\r\n"
    begun = time.monotonic()
    with socket.create_connection((str(target.hostname), target.port or 80)) as client:
        client.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode())
        answers_at = _send_while_taken(client, _pieces(size, chunked=chunked))
        client.settimeout(ANSWERED_WITHIN_S)
        answer = client.recv(4096)
        after_s = (answers_at or time.monotonic()) - begun
    return Refusal(int(answer.split(b" ")[1]), after_s)


def _pieces(size: int, *, chunked: bool) -> Iterator[bytes]:
    for begin in range(0, size, len(_PIECE)):
        piece = _PIECE[: size - begin]
        yield b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece
    if chunked:
        yield b"0\r\n\r\n"


def _send_while_taken(client: socket.socket, pieces: Iterator[bytes]) -> float | None:
    """Send all that is taken, and return when there was an answer; None if not before the end."""
    answers_at = None
    try:
        for piece in pieces:
            if answers_at is None and select.select([client], [], [], 0)[0]:
                answers_at = time.monotonic()
            client.sendall(piece)
            if answers_at is not None and time.monotonic() - answers_at > 1:
                break
    except (BrokenPipeError, ConnectionResetError):
        pass
    return answers_at


class Neighbour(threading.Thread):
    """A visitor who goes on reading while others misbehave, and takes the time of it."""

    def __init__(self, url: str, address: str) -> None:
        """Ask the room at `url` from one of this computer's other addresses."""
        super().__init__(name="neighbour", daemon=True)
        self._web = httpx.Client(
            base_url=url,
            transport=httpx.HTTPTransport(local_address=address),
            timeout=ANSWERED_WITHIN_S,
        )
        self._is_over = threading.Event()
        self._waited_s: list[float] = []
        self.refused = 0
        """Answers other than 200."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self.join(ANSWERED_WITHIN_S)
        self._web.close()

    def run(self) -> None:
        while not self._is_over.wait(ASKS_EVERY_S):
            begun = time.monotonic()
            answer = self._web.get("/api/messages?limit=20")
            self._waited_s.append(time.monotonic() - begun)
            self.refused += answer.status_code != httpx.codes.OK

    def p99_s(self) -> float:
        """Return the time that 99 of 100 answers came within."""
        return sorted(self._waited_s)[int(len(self._waited_s) * 0.99)]


def flood(clients: int, times: int, act: Callable[[int, int], None]) -> None:
    """Have clients act so often together, as fast as they can.

    Args:
        clients: How many threads.
        times: How often all of them together.
        act: Called with a client's number and how often it has acted.
    """

    def run(client: int) -> None:
        for turn in range(times // clients):
            act(client, turn)

    threads = [threading.Thread(target=run, args=(n,), daemon=True) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
