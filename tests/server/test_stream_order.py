"""The contract of a stream, under everything at once.

Many threads publish, readers come late, read slowly, are dropped and resume; each of them must end
up with every message it may see, once and in order.
"""

from __future__ import annotations

import random
import selectors
import socket
import threading
from dataclasses import dataclass, field

import pytest

from hivemind_chatroom.server.stream import Streams
from server.wire import DEADLINE_S, MakeStreams, connected, opening

PUBLISHERS = 4
MESSAGES_EACH = 150
READERS = 24
POSTS_A_ROUND = 5
SLOW_READERS_BREAK_BELOW = 100_000
"""Bytes of lag: a slow reader is some 500,000 behind when the publishers are done."""
AUDIENCES = ("ana", "ben", "eva")


class Log:
    """The room's log and feed in little: numbers messages, and publishes them in that order."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._lock = threading.Lock()
        self._lines: list[tuple[str | None, bytes]] = []

    def post(self, audience: str | None, size: int) -> None:
        with self._lock:
            number = len(self._lines) + 1
            line = b"%d %s\n" % (number, b"x" * size)
            self._lines.append((audience, line))
            self._streams.publish(line, last_id=number, audience=audience)

    def read(self, audience: str | None, after: int, up_to: int) -> bytes:
        with self._lock:
            part = self._lines[after:up_to]
        return b"".join(line for ears, line in part if ears in {None, audience})

    def numbers_for(self, audience: str | None) -> list[int]:
        return [n for n, (ears, _) in enumerate(self._lines, 1) if ears in {None, audience}]


@dataclass(eq=False)
class Browser:
    """A reader that opens its stream again where it was when the stream breaks."""

    audience: str | None
    appetite: int
    """The most bytes it reads at a time."""
    buffer: int | None
    heard: list[int] = field(default_factory=list)
    breaks: int = -1
    sock: socket.socket = field(default_factory=socket.socket)
    rest: bytes = b""

    def open(self, streams: Streams, log: Log) -> None:
        self.sock.close()
        server, reader = connected(send_buffer=self.buffer, receive_buffer=self.buffer)
        self.sock = reader.sock
        self.rest = b""
        self.breaks += 1
        mark = streams.mark()
        backlog = log.read(self.audience, self.heard[-1] if self.heard else 0, mark.last_id)
        streams.accept(opening(server, backlog, mark, self.audience))

    def read(self) -> bool:
        """Read a little; False when the stream is broken."""
        try:
            data = self.sock.recv(self.appetite)
        except ConnectionError:
            return False
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.heard += [int(line.split()[0]) for line in lines]
        return bool(data)


def read_all(
    browsers: list[Browser], streams: Streams, log: Log, last: int, pace: threading.Semaphore
) -> None:
    """Let everybody read, and come in one after the other, until all have heard `last`.

    Each round lets the publishers go on a little, so that they are neither done before the
    readers come nor waited for.
    """
    with selectors.DefaultSelector() as selector:
        coming = list(browsers)
        behind = set(browsers)
        while behind:
            pace.release(POSTS_A_ROUND)
            if coming:
                browser = coming.pop()
                browser.open(streams, log)
                selector.register(browser.sock, selectors.EVENT_READ, browser)
            ready = selector.select(0 if coming else DEADLINE_S)
            assert ready or coming, [(each.audience, each.heard[-3:]) for each in behind]
            for key, _ in ready:
                browser = key.data
                if not browser.read():
                    selector.unregister(browser.sock)
                    browser.open(streams, log)
                    selector.register(browser.sock, selectors.EVENT_READ, browser)
                if browser.heard and browser.heard[-1] == last:
                    behind.discard(browser)


def start_publishing(log: Log, pace: threading.Semaphore, seed: int) -> list[threading.Thread]:
    """Let several threads post at random at a pace, and one of them the last message."""
    done = threading.Barrier(PUBLISHERS)

    def publish(own: random.Random) -> None:
        for _ in range(MESSAGES_EACH):
            pace.acquire()
            log.post(own.choice((None, None, *AUDIENCES)), own.choice((1, 200, 5_000)))
        if done.wait() == 0:
            log.post(None, 1)  # the last one, for everybody

    publishers = [
        threading.Thread(target=publish, args=[random.Random(seed * 100 + n)])  # noqa: S311
        for n in range(PUBLISHERS)
    ]
    for publisher in publishers:
        publisher.start()
    return publishers


@pytest.mark.parametrize(
    ("seed", "keep_bytes"), [(1, 1 << 20), (2, 1 << 20), (3, 20_000), (4, 20_000), (5, 1)]
)
def test_everybody_hears_all_that_is_for_them_once_and_in_order(
    make_streams: MakeStreams, seed: int, keep_bytes: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable mix, not a secret
    streams = make_streams(keep_bytes=keep_bytes)
    log = Log(streams)
    browsers = [
        Browser(
            audience=chance.choice((None, *AUDIENCES)),
            appetite=chance.choice((100, 3_000, 1 << 16)),
            buffer=chance.choice((None, 4_096)),
        )
        for _ in range(READERS)
    ]

    pace = threading.Semaphore(0)
    publishers = start_publishing(log, pace, seed)
    try:
        read_all(browsers, streams, log, PUBLISHERS * MESSAGES_EACH + 1, pace)
    finally:
        pace.release(PUBLISHERS * MESSAGES_EACH)
        for publisher in publishers:
            publisher.join()
        for browser in browsers:
            browser.sock.close()
    for browser in browsers:
        assert browser.heard == log.numbers_for(browser.audience)
    if keep_bytes < SLOW_READERS_BREAK_BELOW:
        assert sum(browser.breaks for browser in browsers) > 0
