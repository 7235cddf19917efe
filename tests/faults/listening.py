"""A browser's event source on a network that breaks (WHATWG HTML, 9.2)."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import AsyncIterator, Sequence

_RESET_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER with no time at all: a close becomes a reset, and nothing is waited for."""

_AWAY_S = (0.0, 0.3)
"""How long a browser is away before it comes back."""

_LINE_MAX = 1 << 20

Place = tuple[int, str]
"""A port of loopback, and what the room there calls itself."""


class Listener:
    """Hears the room from its first message, and comes back by itself with `Last-Event-ID`."""

    def __init__(
        self,
        places: Sequence[Place],
        chance: random.Random,
        *,
        patience_s: float | None = None,
        after: int = 0,
    ) -> None:
        """Listen at one of these places at a time.

        Args:
            places: One is chosen anew for each stream.
            chance: Chooses.
            patience_s: How long a stream may be silent before it counts as lost, in seconds; None
                for as long as it likes.
            after: The number of the last message before the first one that it shall hear.
        """
        self.ids: list[int] = []
        """The number of every message heard, in the order of hearing."""
        self.resets = 0
        """How often it was told to begin anew."""
        self.losses = 0
        """How often a stream of its ended."""
        self.goal: int | None = None
        """The number of the last message; None while nobody knows."""
        self._places = places
        self._chance = chance
        self._patience_s = patience_s
        self._after = after
        self._last_id = ""
        self._stream: asyncio.StreamWriter | None = None

    @property
    def is_connected(self) -> bool:
        """Whether it has a stream now."""
        return self._stream is not None

    async def listen(self) -> None:
        """Listen until the message that is the goal has come."""
        while not self._is_done:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._hear_one_stream()
            if self._stream:
                self._stream.transport.abort()
                self._stream = None
            if not self._is_done:
                self.losses += 1
                await asyncio.sleep(self._chance.uniform(*_AWAY_S))

    def drop(self) -> None:
        """Reset the connection, as a phone does that loses its network."""
        if self._stream:
            connection: socket.socket = self._stream.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
            self._stream.transport.abort()
            self._stream = None

    @property
    def _is_done(self) -> bool:
        return self.goal is not None and bool(self.ids) and self.ids[-1] >= self.goal

    async def _hear_one_stream(self) -> None:
        port, host = self._chance.choice(self._places)
        async with asyncio.timeout(self._patience_s) as patience:
            reader, self._stream = await asyncio.open_connection("127.0.0.1", port, limit=_LINE_MAX)
            resume = f"Last-Event-ID: {self._last_id}\r\n" if self._last_id else ""
            request = (
                f"GET /api/events?after={self._after} HTTP/1.1\r\nHost: {host}\r\n{resume}\r\n"
            )
            self._stream.write(request.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"HTTP/1.1 503"):
                return  # the room's memory is away
            assert head.startswith(b"HTTP/1.1 200"), head
            assert b"chunked" not in head.lower()
            async for _ in self._events(reader):
                if self._patience_s is not None:
                    patience.reschedule(asyncio.get_running_loop().time() + self._patience_s)

    async def _events(self, reader: asyncio.StreamReader) -> AsyncIterator[str]:
        """Take note of each event once it is whole, until the goal is reached."""
        kind, last_id = "", self._last_id
        while not self._is_done:
            line = (await reader.readuntil(b"\n")).decode().rstrip("\n")
            field, _, value = line.partition(": ")
            if field == "id":
                last_id = value
            elif field == "event":
                kind = value
            elif not line:
                self._last_id = last_id
                self.resets += kind == "reset"
                if kind == "message":
                    self.ids.append(int(last_id))
                yield kind
                kind = ""
