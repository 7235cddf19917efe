"""The bell: how any thread wakes the one that waits in a selector."""

from __future__ import annotations

import contextlib
import socket

DRAIN_BYTES = 4096
"""More than all the rings that can be waiting: each is one byte, and few threads ring at once."""


class Bell:
    """A socket that turns readable when somebody rings.

    Whoever rings has first put down what there is to do. The one who waits calls `quiet` when the
    bell is readable and then looks for all there is to do.
    """

    def __init__(self) -> None:
        """Hang up the bell, silent."""
        self._inside, self._outside = socket.socketpair()
        self._inside.settimeout(0)
        self._outside.settimeout(0)
        self._ringing = False

    def fileno(self) -> int:
        """Return the descriptor to register for reading."""
        return self._inside.fileno()

    def ring(self) -> None:
        """Wake the one who waits; costs a system call only when the bell is silent."""
        if self._ringing:
            return
        self._ringing = True
        # A full buffer rings already; a closed bell has nobody left to wake.
        with contextlib.suppress(OSError):
            self._outside.send(b"!")

    def quiet(self) -> None:
        """Silence the bell, so that the next ring is heard.

        The bytes go first, the flag second. The other way round, a ring between the two is
        swallowed with the bytes while its flag stays up, and nobody is ever heard again. A ring
        that comes between the two here is not sent, and need not be: what it announces was put
        down before, and is found when the caller looks.
        """
        self._drain()
        self._ringing = False

    def close(self) -> None:
        """Take the bell down; ringing it stays harmless."""
        self._inside.close()
        self._outside.close()

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._inside.recv(DRAIN_BYTES)
