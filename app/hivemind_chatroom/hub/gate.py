"""The send gate: it holds the one cipher and the one socket that belong together.

A message goes out only through a gate, and a gate exists only once a handshake is done. It never
looks up the current cipher or the current socket: should the connection drop and another one open
while a message is on its way through, the old cipher writes to the old, dead socket. Nothing that
people say can leave as plain text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

_BINARY_FRAME = 0x2
"""The websocket opcode of a binary frame (RFC 6455, 5.2)."""


class NotSentError(Exception):
    """No byte of the message has left; it may be sent again."""


class UnsureError(Exception):
    """Some bytes may have left; the hub may have the message or not."""


class Cipher(Protocol):
    """One established Noise session."""

    def send_message(self, payload: str, raw_send: Callable[[bytes], None]) -> None:
        """Encrypt a message and hand its frames over, one after the other."""
        ...


class Socket(Protocol):
    """One websocket; it is never opened a second time."""

    connected: bool

    def send(self, payload: bytes, opcode: int) -> object:
        """Write one frame, or raise."""
        ...


class Gate:
    """The way out of one encrypted connection."""

    def __init__(self, cipher: Cipher, websocket: Socket) -> None:
        """Bind a cipher to the only socket its frames may go to."""
        self._cipher = cipher
        self._websocket = websocket

    def send(self, payload: str) -> None:
        """Send one message, encrypted.

        Raises:
            NotSentError: The connection was gone before the first byte.
            UnsureError: It went, or stalled, in the middle.
        """
        frames_begun = 0

        def write(frame: bytes) -> None:
            nonlocal frames_begun
            if not self._websocket.connected:
                raise NotSentError
            frames_begun += 1
            self._websocket.send(frame, _BINARY_FRAME)

        try:
            self._cipher.send_message(payload, write)
        except Exception:  # noqa: BLE001 - any failure of the libraries, and their words may hold the message
            raise (UnsureError if frames_begun else NotSentError) from None
