"""Live status: the windows that are open hear whatever happens, four times a second at most."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from hivemind_chatroom.errors import traced
from hivemind_chatroom.operator.answer import encoded
from hivemind_chatroom.operator.ports import Json, Streams
from hivemind_chatroom.room.ports import Clock

PAUSE_S = 0.25
"""Between two snapshots, in seconds: what happens meanwhile is in the second one."""

REFRESH_S = 15.0
"""How old a snapshot gets while a window is open, in seconds: the disk tells nobody when its space
changes."""

_STOP_S = 1.0

_log = logging.getLogger(__name__)


class Live:
    """Owns the thread that makes snapshots and publishes them; idle while no window is open."""

    def __init__(
        self,
        snapshot: Callable[[], Json],
        next_end: Callable[[], datetime | None],
        streams: Streams,
        clock: Clock,
    ) -> None:
        """Publish nothing yet.

        Args:
            snapshot: Returns how all stands.
            next_end: Returns when something ends by time alone, an undo or a mute; None: nothing.
            streams: Where the windows listen.
            clock: Both clocks.
        """
        self._snapshot = snapshot
        self._next_end = next_end
        self._streams = streams
        self._clock = clock
        self._is_stopping = threading.Event()
        self._is_watched = threading.Event()
        self._has_news = threading.Event()
        self._thread = threading.Thread(target=self._run, name="operator-live", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._is_stopping.set()
        self._has_news.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def touch(self, *_: object) -> None:
        """Say that something is otherwise than before; any thread, never waits.

        As a listener it takes the event and looks no further: a snapshot has it all.
        """
        if self._is_watched.is_set():
            self._has_news.set()

    def watch(self, *, is_watched: bool) -> None:
        """Say that the first window listens, or that the last one is gone; never waits.

        What happened between a window's own snapshot and its listening is told with the first.
        """
        if is_watched:
            self._is_watched.set()
            self._has_news.set()
        else:
            self._is_watched.clear()

    def frame(self) -> bytes:
        """Return how all stands now, as an event of the stream (WHATWG HTML, 9.2.6)."""
        return b"event: status\ndata: %s\n\n" % encoded(self._snapshot())

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            try:
                self._turn()
            except Exception as error:  # noqa: BLE001 - a thread's loop: the next one may be better
                _log.error("the status can't be told: %s", traced(error))
                self._is_stopping.wait(PAUSE_S)

    def _turn(self) -> None:
        """Wait until there may be something to tell, and tell it."""
        self._has_news.wait(self._patience_s())
        self._has_news.clear()
        if self._is_watched.is_set() and not self._is_stopping.is_set():
            self._streams.publish(self.frame())
            self._is_stopping.wait(PAUSE_S)

    def _patience_s(self) -> float | None:
        """Return how long nothing will change unless somebody says so; None for ever."""
        if not self._is_watched.is_set():
            return None
        end = self._next_end()
        if end is None:
            return REFRESH_S
        ends_in_s = (end - self._clock.now()).total_seconds()
        return min(max(ends_in_s, PAUSE_S), REFRESH_S)
