"""A browser's event source on a network that breaks (WHATWG HTML, 9.2)."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct

_RESET_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER with no time at all: a close becomes a reset, and nothing is waited for."""

_AWAY_S = (0.0, 0.3)
"""How long a browser is away before it comes back."""

_LINE_MAX = 1 << 20


class Listener:
    """Hears the room from its first message, and comes back by itself with `Last-Event-ID`."""

    def __init__(self, port: int, host: str, chance: random.Random) -> None:
        """Listen through a port of loopback to the room that calls itself `host`."""
        self.ids: list[int] = []
        """The number of every message heard, in the order of hearing."""
        self.resets = 0
        """How often it was told to begin anew."""
        self.losses = 0
        """How often a stream of its ended."""
        self._port = port
        self._host = host
        self._chance = chance
        self._last_id = ""
        self._stream: asyncio.StreamWriter | None = None

    @property
    def is_connected(self) -> bool:
        """Whether it has a stream now."""
        return self._stream is not None

    async def listen(self, until: int) -> None:
        """Listen until this message has come."""
        while until not in self.ids[-1:]:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._hear_one_stream(until)
            if self._stream:
                self._stream.transport.abort()
                self._stream = None
            if until not in self.ids[-1:]:
                self.losses += 1
                await asyncio.sleep(self._chance.uniform(*_AWAY_S))

    def drop(self) -> None:
        """Reset the connection, as a phone does that loses its network."""
        if self._stream:
            connection: socket.socket = self._stream.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
            self._stream.transport.abort()
            self._stream = None

    async def _hear_one_stream(self, until: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=_LINE_MAX)
        self._stream = writer
        resume = f"Last-Event-ID: {self._last_id}\r\n" if self._last_id else ""
        request = f"GET /api/events?after=0 HTTP/1.1\r\nHost: {self._host}\r\n{resume}\r\n"
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        assert b"chunked" not in head.lower()
        kind, last_id = "", self._last_id
        while until not in self.ids[-1:]:
            line = (await reader.readuntil(b"\n")).decode().rstrip("\n")
            field, _, value = line.partition(": ")
            if field == "id":
                last_id = value
            elif field == "event":
                kind = value
            elif not line:  # an event counts once it is whole
                self._last_id = last_id
                self.resets += kind == "reset"
                if kind == "message":
                    self.ids.append(int(last_id))
                kind = ""
