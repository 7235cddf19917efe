"""Posting over HTTP: many connections, as many posts as the room takes."""

from __future__ import annotations

import json
import selectors
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

_RECEIVE_BYTES = 65_536
_ANSWER_WITHIN_S = 30.0
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"
_CREATED = b"HTTP/1.1 201 "

JOIN = {"lang": "en", "site_id": "bench"}


def join(url: str, name: str) -> str:
    """Join the room at `url`, and return the cookie."""
    answer = httpx.post(f"{url}/api/join", json={"name": name, **JOIN}, headers={"Origin": url})
    answer.raise_for_status()
    return str(answer.cookies["room_session"])


@dataclass(slots=True)
class _Line:
    """One member's connection, kept alive."""

    connection: socket.socket
    head: bytes
    """Of every request, up to the number of bytes in its body."""
    heard: bytearray = field(default_factory=bytearray)
    posts: int = 0

    def say(self, name: str) -> None:
        """Post the next line."""
        self.posts += 1
        mark = f"{name}-{self.posts}"
        said = {"client_id": mark, "text": f"Can you hear me? This is line {mark}."}
        body = json.dumps(said).encode()
        self.connection.sendall(b"%s%d\r\n\r\n%s" % (self.head, len(body), body))

    def hear(self) -> bool:
        """Take what has come; tell whether the answer is complete.

        Raises:
            RuntimeError: The room did not keep the line.
        """
        received = self.connection.recv(_RECEIVE_BYTES)
        self.heard += received
        end = self.heard.find(_END_OF_HEAD)
        if end < 0:
            if not received:
                raise RuntimeError("the room has hung up")
            return False
        head = bytes(self.heard[:end])
        length = int(head.lower().partition(_LENGTH)[2].partition(b"\r\n")[0])
        if len(self.heard) < end + len(_END_OF_HEAD) + length:
            return False
        if not head.startswith(_CREATED):
            raise RuntimeError(head.partition(b"\r\n")[0].decode())
        self.heard.clear()
        return True


class Crowd:
    """Members who each post again as soon as they are answered."""

    def __init__(self, url: str, connections: int) -> None:
        """Let them join, each over a connection of its own."""
        address = urlsplit(url)
        assert address.hostname
        assert address.port
        self._selector = selectors.DefaultSelector()
        self._lines: dict[str, _Line] = {}
        for number in range(connections):
            name = f"member {number}"
            connection = socket.create_connection((address.hostname, address.port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            head = (
                f"POST /api/messages HTTP/1.1\r\nHost: {address.netloc}\r\nOrigin: {url}\r\n"
                f"Cookie: room_session={join(url, name)}\r\n"
                "Content-Type: application/json\r\nContent-Length: "
            )
            self._lines[name] = _Line(connection, head.encode())
            self._selector.register(connection, selectors.EVENT_READ, name)

    def posts_a_second(self, for_s: float) -> float:
        """Post for some seconds, and return how many were acknowledged in each."""
        for name, line in self._lines.items():
            line.say(name)
        begun = time.perf_counter()
        answered, waiting = 0, len(self._lines)
        while waiting:
            is_over = time.perf_counter() - begun > for_s
            ready = self._selector.select(_ANSWER_WITHIN_S)
            if not ready:
                raise TimeoutError("the room does not answer")
            for key, _ in ready:
                line = self._lines[key.data]
                if line.hear():
                    answered += 1
                    if is_over:
                        waiting -= 1
                    else:
                        line.say(key.data)
        return answered / (time.perf_counter() - begun)

    def close(self) -> None:
        """Hang up."""
        self._selector.close()
        for line in self._lines.values():
            line.connection.close()
