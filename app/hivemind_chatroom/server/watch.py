"""The watch: which sockets one thread waits for, and what each is to be ready for."""

from __future__ import annotations

import selectors
import socket
from typing import Final, Protocol

from hivemind_chatroom.server.bell import Bell

NOTHING: Final = 0


class Watched(Protocol):
    """Somebody with a socket."""

    socket: socket.socket
    watched_for: int
    """Set here: the selector's events, `NOTHING` for one who is not watched."""


class Watch:
    """A selector that asks the system for no more than has changed; for one thread alone."""

    def __init__(self) -> None:
        """Watch nobody."""
        self._selector = selectors.DefaultSelector()

    def listen(self, to: socket.socket | Bell) -> None:
        """Watch for newcomers, or for who rings."""
        self._selector.register(to, selectors.EVENT_READ)

    def listen_no_more(self, to: socket.socket) -> None:
        """Leave newcomers to the system."""
        self._selector.unregister(to)

    def expect(self, watched: Watched, events: int) -> None:
        """Watch somebody for these events from now on."""
        if events == watched.watched_for:
            return
        if events == NOTHING:
            self._selector.unregister(watched.socket)
        elif watched.watched_for == NOTHING:
            self._selector.register(watched.socket, events, watched)
        else:
            self._selector.modify(watched.socket, events, watched)
        watched.watched_for = events

    def ready(self, timeout_s: float | None) -> list[selectors.SelectorKey]:
        """Wait until somebody is ready, so many seconds at most; None for as long as it takes."""
        return [key for key, _ in self._selector.select(timeout_s)]

    def close(self) -> None:
        """Let go of all."""
        self._selector.close()
