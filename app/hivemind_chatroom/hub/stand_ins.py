"""What the library's client is given in the place of its own parts."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

_SESSION_BYTES = 8


class NoBus:
    """Stands where the library wants a bus inside this process; there is nobody on it."""

    def __init__(self) -> None:
        """Name the session of the satellite itself, which no member ever speaks in."""
        self.session_id = secrets.token_hex(_SESSION_BYTES)

    def on(self, _topic: str, _listener: object) -> None:
        """Keep no listener."""

    def emit(self, _message: object) -> None:
        """Tell nobody."""


class CallingEvent(threading.Event):
    """An event that calls when it is set: the library has no callback for a done handshake."""

    def __init__(self, call: Callable[[], None]) -> None:
        """Call `call` on the thread that sets the event, each time."""
        super().__init__()
        self._call = call

    def set(self) -> None:
        """Set the event, then call."""
        super().set()
        self._call()
