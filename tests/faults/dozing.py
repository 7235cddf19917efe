"""Browsers that stop reading their streams, and what becomes of them."""

from __future__ import annotations

import contextlib
import socket
from typing import Final
from urllib.parse import urlsplit

from faults.attacking import ANSWERED_WITHIN_S

_READ_BYTES: Final = 1 << 16

_HOLDS_BYTES: Final = 1 << 16
"""What its system holds for it: a phone's in truth, and here of the memory that is looked at."""


class Dozer:
    """Opens a stream, reads nothing of it, and reads all that has come when it wakes."""

    def __init__(self, url: str, address: str, *, patience_s: float = ANSWERED_WITHIN_S) -> None:
        """Come from one of this computer's addresses; nothing is opened yet.

        Args:
            url: The room's.
            address: Where it comes from.
            patience_s: How long the room may be silent, in seconds.
        """
        self._patience_s = patience_s
        self._place = urlsplit(url)
        self._address = address
        self._stream: socket.socket | None = None
        self._got = b""
        self._is_afresh = False
        self.last_id = 0
        """The number of the last message heard whole."""
        self.gaps = 0
        self.repeats = 0
        self.resets = 0

    @property
    def peer(self) -> tuple[str, int]:
        """The address and the port that its stream comes from, as the room sees it."""
        assert self._stream
        address, port = self._stream.getsockname()
        return str(address), int(port)

    def follow(self) -> None:
        """Open the stream where the last one ended, and hear that it has begun."""
        place = (str(self._place.hostname), self._place.port or 80)
        stream = socket.socket()
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _HOLDS_BYTES)
        stream.settimeout(self._patience_s)
        stream.bind((self._address, 0))
        stream.connect(place)
        self.leave()
        request = f"GET /api/events?after=0 HTTP/1.1\r\nHost: {self._place.netloc}\r\n"
        resume = f"Last-Event-ID: {self.last_id}\r\n" if self.last_id else ""
        stream.sendall(f"{request}{resume}\r\n".encode())
        self._stream, self._got = stream, b""
        head, _, self._got = self._read_to(b"\r\n\r\n").partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head

    def hear(self, until: int) -> None:
        """Read until a message has come."""
        while self.last_id < until:
            event, _, self._got = self._read_to(b"\n\n").partition(b"\n\n")
            self._take(event.decode())

    def wake(self) -> bool:
        """Read all that has come, and return whether the room has closed the stream."""
        assert self._stream
        try:
            while more := self._stream.recv(_READ_BYTES):
                self._got += more
        except TimeoutError:
            return False
        except ConnectionResetError:
            pass
        self.leave()
        *events, _ = self._got.split(b"\n\n")  # what is not whole doesn't count
        for event in events:
            self._take(event.decode())
        return True

    def leave(self) -> None:
        """Close the stream."""
        if self._stream:
            with contextlib.suppress(OSError):
                self._stream.close()

    def _read_to(self, end: bytes) -> bytes:
        assert self._stream
        while end not in self._got:
            more = self._stream.recv(_READ_BYTES)
            assert more, "the stream has ended"
            self._got += more
        return self._got

    def _take(self, event: str) -> None:
        fields = dict(line.partition(": ")[::2] for line in event.splitlines() if line[0] != ":")
        number, kind = int(fields.get("id", 0)), fields.get("event")
        if kind == "reset":  # the page is empty then, and what comes next is its first line
            self.resets += 1
            self._is_afresh = True
        elif kind == "message":
            self.gaps += number > self.last_id + 1 and not self._is_afresh
            self.repeats += number <= self.last_id
            self.last_id = number
            self._is_afresh = False
