"""The newcomers: who connects, and the pause in which nobody can be let in."""

from __future__ import annotations

import errno
import logging
import socket
import time
from collections.abc import Iterator
from typing import Final

from hivemind_chatroom.server.watch import Watch

ACCEPTED_AT_ONCE: Final = 128
"""New connections taken in before those that wait are looked after again."""
ACCEPT_PAUSE_S: Final = 1.0
"""How long newcomers stay with the system when we are out of descriptors or memory."""

_EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

_log = logging.getLogger(__name__)


class Newcomers:
    """Those who wait at a listening socket; for the accepting thread alone."""

    def __init__(self, listener: socket.socket, watch: Watch) -> None:
        """Have the watch say when somebody comes to `listener`, which does not block."""
        self._listener = listener
        self._watch = watch
        self.again_at: float | None = None
        """When a pause ends, on the monotonic clock; None without one."""
        watch.listen(listener)

    def accepted(self) -> Iterator[tuple[socket.socket, str]]:
        """Accept some, each with the address it comes from."""
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                sock, peer = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    self._pause(error)
                    return
                continue  # this client has left while it waited
            yield sock, peer[0].removeprefix("::ffff:")

    def come_again(self) -> None:
        """Accept again if a pause is over."""
        if self.again_at is not None and self.again_at <= time.monotonic():
            self.again_at = None
            self._watch.listen(self._listener)

    def close(self) -> None:
        """Free the port."""
        if self.again_at is None:
            self._watch.listen_no_more(self._listener)
        self.again_at = None
        self._listener.close()

    def _pause(self, error: OSError) -> None:
        """Leave newcomers to the system: its readable listener would keep this thread spinning."""
        _log.warning("accepting pauses: %s", errno.errorcode.get(error.errno or 0))
        self._watch.listen_no_more(self._listener)
        self.again_at = time.monotonic() + ACCEPT_PAUSE_S
