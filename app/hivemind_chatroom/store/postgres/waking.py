"""A thread's rest beside a connection: until it is woken, or the database says something."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading

from hivemind_chatroom.store.postgres.connecting import Connection, Selector


class Waking:
    """Lets one thread rest and any other wake it."""

    def __init__(self) -> None:
        """Nobody rests yet; a wake before the rest counts."""
        self._own, self._others = socket.socketpair()
        self._own.settimeout(0)
        self._others.settimeout(0)
        self._is_used = threading.Lock()
        """So that no wake goes to a socket's number that is somebody else's by then."""

    def wake(self) -> None:
        """End the rest, or the next one; never waits."""
        with self._is_used, contextlib.suppress(OSError):  # it is full of wakes, or closed
            self._others.send(b"\0")

    def rest(self, connection: Connection | None, rest_s: float) -> bool:
        """Wait for a wake, for what the database says, or for the time to pass.

        Args:
            connection: Read by nobody else meanwhile; None when there is none.
            rest_s: Seconds.

        Returns:
            Whether something came before the time had passed.
        """
        with Selector() as selector:
            selector.register(self._own, selectors.EVENT_READ)
            if connection is not None and not connection.closed:
                selector.register(connection.fileno(), selectors.EVENT_READ)
            has_come = bool(selector.select(rest_s))
        with contextlib.suppress(BlockingIOError):
            while self._own.recv(1024):
                pass
        return has_come

    def close(self) -> None:
        """Let go of the sockets; nobody rests any more, and a wake does nothing."""
        with self._is_used:
            self._own.close()
            self._others.close()
