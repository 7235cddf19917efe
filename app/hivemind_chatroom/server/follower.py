"""A follower: one open stream, which is a socket and its position in the run."""

from __future__ import annotations

import enum
import socket
from typing import Final

from hivemind_chatroom.server.opening import Opening
from hivemind_chatroom.server.outlet import NOT_NOW
from hivemind_chatroom.server.run import Run, heard_by, joined, position_after

SEND_BYTES: Final = 65_536
"""The most that one send offers, so that a burst is shared out in rounds."""
RECEIVE_BYTES: Final = 16_384
"""A whole TLS record: no decrypted rest stays behind where the selector can't see it."""
CHATTER_BYTES: Final = 65_536
"""What a client may send into its stream, where it has nothing to say, before it is closed."""
USER_TIMEOUT_MS: Final = 20_000
"""How long sent bytes may stay unacknowledged (tcp(7), TCP_USER_TIMEOUT): a client that vanished
without a word is gone this long after the next heartbeat; the system's default is 15 minutes."""


class Progress(enum.Enum):
    """How far a follower has come."""

    IN_STEP = enum.auto()
    """It has everything up to the front."""
    NO_ROOM = enum.auto()
    """Its send buffer is full."""
    GONE = enum.auto()
    """Its client is no longer there."""


class Follower:
    """One client's socket and how much of the run went into it; for the stream thread alone."""

    __slots__ = ("_outlet", "_said", "address", "audience", "awaits_room", "position", "sock")

    def __init__(self, opening: Opening) -> None:
        """Stand at the opening's mark, with what its outlet holds to be sent before the rest."""
        self._outlet = opening.outlet
        self.sock = opening.outlet.sock
        self.address = opening.outlet.address
        self.audience = opening.audience
        self.position = opening.mark.position
        """Up to where the run was sent; out of date while the follower is in step."""
        self.awaits_room = False
        """Whether the selector watches for room in the send buffer."""
        self._said = 0

    @property
    def has_begun(self) -> bool:
        """Whether its beginning is sent, so that nothing is held for it alone any more."""
        return self._outlet.is_empty

    def prepare(self, system_bytes: int | None) -> None:
        """Set the socket up for streaming.

        Args:
            system_bytes: How much the system may hold for a client who does not read; None: as much
                as it likes.

        Raises:
            OSError: The connection is gone already.
        """
        self.sock.settimeout(0)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if system_bytes is not None:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, system_bytes)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT_MS)

    def catch_up(self, run: Run, front: int) -> Progress:
        """Send what is missing up to position `front`, as far as the socket has room.

        What is offered again after a refusal begins with the same bytes and is no shorter, as TLS
        demands (OpenSSL, SSL_write(3)): positions stand still and the run only grows.
        """
        try:
            self._outlet.send_on()
            if not self.has_begun:
                return Progress.NO_ROOM
            while self.position < front:
                stop = min(front, self.position + SEND_BYTES)
                pieces = heard_by(self.audience, run.between(self.position, stop))
                data = joined(pieces)
                sent = self.sock.send(data) if data else 0
                self.position = position_after(pieces, sent, otherwise=stop)
        except NOT_NOW:
            return Progress.NO_ROOM
        except OSError:
            return Progress.GONE
        return Progress.IN_STEP

    def is_there(self) -> bool:
        """Read and forget what the client says; False when it has left or says too much."""
        try:
            heard = len(self.sock.recv(RECEIVE_BYTES))
        except NOT_NOW:
            return True
        except OSError:
            return False
        self._said += heard
        return heard > 0 and self._said <= CHATTER_BYTES

    def close(self) -> None:
        """Forget what is held for the client, and close its socket."""
        self._outlet.drop()
        self.sock.close()
