"""Retention: what is too old or too much is forgotten, at the start and every hour."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hivemind_chatroom.room.ports import Clock, MessageLog

_log = logging.getLogger(__name__)

_PAUSE_S = 3_600.0
"""How long between two looks, in seconds."""

_PUT_RIGHT_S = 1_800.0
"""How long after the start a wrong clock is not believed yet, in seconds."""

_STOP_S = 1.0
"""How long a stop waits for the thread, which does one step at most, in seconds."""

_NEVER = datetime.min.replace(tzinfo=UTC)
"""Nothing was sent before this moment."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How much of the log is kept."""

    days: int
    messages: int


class Retention:
    """Owns the thread that forgets."""

    def __init__(self, log: MessageLog, keep: Keep, clock: Clock) -> None:
        """Forget nothing yet.

        A wall clock that is years ahead must not empty the room. If it jumps there, what it says
        now, counted on by the monotonic clock, is the earlier day and counts. If it is wrong now,
        nothing is found all too old before it had time to be put right.
        """
        self._log = log
        self._keep = keep
        self._clock = clock
        self._began = clock.now()
        self._began_s = clock.monotonic()
        self._is_stopping = threading.Event()
        self._has_news = threading.Event()
        """Set to wake the thread: there is something to do before its time."""
        self._thread = threading.Thread(target=self._run, name="store-retention", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def change(self, keep: Keep) -> None:
        """Keep more or less of the log from now on; what is too much goes at once."""
        self._keep = keep
        self._has_news.set()

    def stop(self) -> None:
        """End the thread, after the step it is at."""
        self._is_stopping.set()
        self._has_news.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def forget(self) -> None:
        """Forget what is too old or too much now; a stop leaves the rest to the next run."""
        keep = self._keep
        oldest = self._oldest(keep)
        gone, is_more = 0, True
        while is_more and not self._is_stopping.is_set():
            purged = self._log.purge(sent_before=oldest, most=keep.messages)
            gone, is_more = gone + purged.messages, purged.is_more
        if gone:
            _log.info("%d old messages are forgotten", gone)

    def _oldest(self, keep: Keep) -> datetime:
        """Tell since when messages are kept, by the more careful of the clocks."""
        ran_s = self._clock.monotonic() - self._began_s
        today = min(self._clock.now(), self._began + timedelta(seconds=ran_s))
        oldest = today - timedelta(days=keep.days)
        newest = self._log.get(self._log.last_id())
        is_all_old = newest is None or newest.draft.sent_at < oldest
        return _NEVER if is_all_old and ran_s < _PUT_RIGHT_S else oldest

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            try:
                self.forget()
            except Exception as error:  # noqa: BLE001 - a thread's loop: the next hour may be better
                _log.warning("old messages can't be forgotten: %s", type(error).__name__)
            self._has_news.wait(_PAUSE_S)
            self._has_news.clear()
