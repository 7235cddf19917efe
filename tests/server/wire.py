"""Both ends of real connections over loopback, with deadlines instead of sleeps."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from hivemind_chatroom.server.allowance import Allowance
from hivemind_chatroom.server.gateway import Gateway
from hivemind_chatroom.server.opening import Opening
from hivemind_chatroom.server.outlet import Outlet
from hivemind_chatroom.server.run import Mark
from hivemind_chatroom.server.stream import Streams

DEADLINE_S = 10.0
"""How long a test waits for what must happen; it never waits for time to pass."""
HERE = "127.0.0.1"
"""The address that a stream goes to, where it is all the same."""

MakeStreams = Callable[..., Streams]
"""Takes `last_id`, `on_change`, what StreamLimits takes, and `start`."""
MakeGateway = Callable[..., Gateway]
"""Takes an app, `streams`, `name` and what Limits takes."""
Connect = Callable[..., "tuple[socket.socket, Reader]"]
"""Takes what `connected` takes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says to one request."""

    status: int
    fields: dict[str, str]
    """Header fields by their names in lower case."""
    body: bytes


class Reader:
    """A client's end of a connection."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(DEADLINE_S)
        self.sock = sock
        self._buffer = bytearray()

    def read_until(self, end: bytes) -> bytes:
        """Return what comes next, up to `end` and with it."""
        searched = 0
        while (found := self._buffer.find(end, searched)) < 0:
            searched = max(0, len(self._buffer) - len(end))
            data = self.sock.recv(1 << 16)
            assert data, f"closed after {bytes(self._buffer[-200:])!r}"
            self._buffer += data
        return self._take(found + len(end))

    def read_to_end(self) -> bytes:
        """Return what comes next, until the other end closes."""
        with contextlib.suppress(ConnectionError):
            while data := self.sock.recv(1 << 16):
                self._buffer += data
        return self._take(len(self._buffer))

    def read_answer(self, *, has_body: bool = True) -> Answer:
        """Return the next answer; without a length it goes on until the connection closes."""
        line, *lines = self.read_until(b"\r\n\r\n").decode("ascii").split("\r\n")[:-2]
        fields = {
            name.lower(): value for name, _, value in (each.partition(": ") for each in lines)
        }
        body = b""
        if has_body and "content-length" not in fields:
            body = self.read_to_end()
        elif has_body:
            size = int(fields["content-length"])
            while len(self._buffer) < size:
                data = self.sock.recv(1 << 16)
                assert data, "closed in the middle of a body"
                self._buffer += data
            body = self._take(size)
        return Answer(int(line.split()[1]), fields, body)

    def say(self, data: bytes) -> None:
        self.sock.sendall(data)

    def close(self) -> None:
        self.sock.close()

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def connected(
    *, send_buffer: int | None = None, receive_buffer: int | None = None
) -> tuple[socket.socket, Reader]:
    """Return the two ends of a TCP connection, the server's first; sizes in bytes."""
    with socket.socket() as listener:
        if send_buffer is not None:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        client = socket.socket()
        if receive_buffer is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.connect(listener.getsockname())
        server, _ = listener.accept()
    return server, Reader(client)


class Site:
    """What cheroot's connection reads of its server."""

    peercreds_enabled = False
    peercreds_resolve_enabled = False


def outlet(sock: socket.socket, address: str = HERE) -> Outlet:
    """Return where answers go that nothing is too much for."""
    return Outlet(sock, address, Allowance(1 << 30, 1 << 30))


def opening(
    sock: socket.socket, head: bytes, mark: Mark, audience: str | None = None, address: str = HERE
) -> Opening:
    """Return how a connection goes on as a stream, whose head is not too much to be held."""
    held = outlet(sock, address)
    if head:
        held.hold(head)
    return Opening(held, mark, audience)


def dial(port: int) -> Reader:
    """Connect to a server on this computer."""
    return Reader(socket.create_connection(("127.0.0.1", port), DEADLINE_S))


class Watch:
    """A value that changes on another thread and that a test waits for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.seen: list[tuple[str, bool]] = []

    def __call__(self, audience: str, present: bool) -> None:  # noqa: FBT001 - the port's shape
        with self._changed:
            self.seen.append((audience, present))
            self._changed.notify_all()

    def wait_for(self, met: Callable[[list[tuple[str, bool]]], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: met(self.seen), DEADLINE_S), self.seen
