"""The outlet of a connection: an answer goes out as fast as its client takes it, and nobody waits.

A worker writes what the socket takes at once. The rest stays here, and the lobby sends it on when
there is room: a reader who is slow costs memory, which is counted, and no thread. The beginning of
a stream is held here too, and the stream thread sends it on.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections import deque
from typing import Final

from hivemind_chatroom.server.allowance import Allowance

NOT_NOW: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""What a socket raises that has no room or nothing to read."""


class Outlet:
    """A client's socket, and what we still have for it; used by one thread at a time."""

    def __init__(self, sock: socket.socket, address: str, allowance: Allowance) -> None:
        """Write to a socket that does not block.

        Args:
            sock: Where to.
            address: The client's network address; a proxy's, until it says for whom it asks.
            allowance: Says how much may be held for it.
        """
        self.sock = sock
        self.address = address
        self._allowance = allowance
        self._rest: deque[tuple[int, memoryview]] = deque()
        """The sizes of chunks, and what was not sent of them."""
        self._awaits_head = False
        self._head = b""
        """What goes out with the next chunk."""

    @property
    def is_empty(self) -> bool:
        """Whether all that was written was sent."""
        return not self._rest

    def write(self, data: bytes) -> None:
        """Send a chunk, or hold what there is no room for; cheroot's way to answer.

        Raises:
            OSError: The client has left, or leaves too much to us.
        """
        if self._awaits_head:
            self._awaits_head = False
            self._head = data
            return
        if self._head:
            self._head, data = b"", self._head + data
        rest = memoryview(data)
        if not self._rest:
            rest = rest[self._send(rest) :]
        if rest:
            self._hold(len(data), rest)

    def keep_next(self) -> None:
        """Keep what is written next, to send it along with what is written after it."""
        self._awaits_head = True

    def flush(self) -> None:
        """Send what was kept, as nothing is written after it.

        Raises:
            OSError: The client has left, or leaves too much to us.
        """
        self._awaits_head = False
        if self._head:
            self.write(b"")

    def hold(self, data: bytes) -> None:
        """Hold a chunk that `send_on` is to begin with.

        Raises:
            OSError: That would be too much for us.
        """
        self._hold(len(data), memoryview(data))

    def send_on(self) -> None:
        """Send as much of what is held as there is room for.

        Raises:
            OSError: The client has left.
        """
        while self._rest:
            size, rest = self._rest[0]
            rest = rest[self._send(rest) :]
            if rest:
                self._rest[0] = (size, rest)
                return
            self._let_go()

    def drop(self) -> None:
        """Forget what is held."""
        while self._rest:
            self._let_go()

    def _hold(self, size: int, rest: memoryview) -> None:
        # The whole chunk is counted, as a part of it keeps all of it in memory.
        if not self._allowance.take(self.address, size):
            self.drop()
            raise ConnectionAbortedError(errno.ECONNABORTED, "too much is held for this address")
        self._rest.append((size, rest))

    def _let_go(self) -> None:
        whole, _ = self._rest.popleft()
        self._allowance.give_back(self.address, whole)

    def _send(self, data: memoryview) -> int:
        try:
            return self.sock.send(data)
        except NOT_NOW:
            return 0
