"""Retention: what is too old or too much is forgotten, at the start and every hour."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta

from hivemind_chatroom.room.ports import Clock, MessageLog

_log = logging.getLogger(__name__)

_PAUSE_S = 3_600.0
"""How long between two looks, in seconds."""

_STOP_S = 3.0
"""How long a stop waits for the thread, in seconds."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How much of the log is kept."""

    days: int
    messages: int


class Retention:
    """Owns the thread that forgets."""

    def __init__(self, log: MessageLog, keep: Keep, clock: Clock) -> None:
        """Forget nothing yet.

        The day is taken from `clock` now and counted on by its monotonic side: a wall clock that
        jumps years ahead must not empty the room.
        """
        self._log = log
        self._keep = keep
        self._clock = clock
        self._began = clock.now()
        self._began_s = clock.monotonic()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-retention", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._is_stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def forget(self) -> None:
        """Forget what is too old or too much now."""
        today = self._began + timedelta(seconds=self._clock.monotonic() - self._began_s)
        oldest = today - timedelta(days=self._keep.days)
        if gone := self._log.purge(sent_before=oldest, most=self._keep.messages):
            _log.info("%d old messages are forgotten", gone)

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            try:
                self.forget()
            except Exception as error:  # noqa: BLE001 - a thread's loop: the next hour may be better
                _log.warning("old messages can't be forgotten: %s", type(error).__name__)
            self._is_stopping.wait(_PAUSE_S)
