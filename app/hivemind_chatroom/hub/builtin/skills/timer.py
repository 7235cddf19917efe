"""Sets timers; when one is over, everybody hears it who could read that it was set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from hivemind_chatroom.hub.builtin.ask import Answer, Ask, Asker, SessionId
from hivemind_chatroom.hub.builtin.phrases.book import Phrase
from hivemind_chatroom.hub.builtin.sessions import Sessions

LONGEST: Final = timedelta(hours=24)
TIMERS_PER_SESSION_MAX: Final = 5
TIMERS_MAX: Final = 500
"""In the whole room."""

WAITING_MAX: Final = 500
WAITS_FOR: Final = timedelta(minutes=2)
"""How long a bare "5 minutes" still answers "for how long?"."""


class Cancellable(Protocol):
    """Something that will be called later, as asyncio's `TimerHandle`."""

    def cancel(self) -> None:
        """Never call it."""


CallLater = Callable[[float, Callable[[], None]], Cancellable]
"""Calls back after a delay in seconds, as asyncio's `loop.call_later` does."""

Announce = Callable[[str, str, str], None]
"""Tells a line, in a language (BCP-47), to everybody who could read the question of this mark."""


@dataclass(frozen=True, slots=True, eq=False)
class _Running:
    duration: timedelta
    ends_at: datetime
    alarm: Cancellable
    is_private: bool
    """Set by a private question: nobody else hears of it, not even that it is there."""

    def is_known_to(self, asker: Asker) -> bool:
        """Tell whether the answer to this asker may speak of it."""
        return asker.is_private or not self.is_private


class Timers:
    """The timers of all members. They live in memory and end with the process."""

    def __init__(self, call_later: CallLater, announce: Announce) -> None:
        """Begin without a timer.

        Args:
            call_later: calls back when a timer is over, on the thread that also asks.
            announce: says so.
        """
        self._call_later = call_later
        self._announce = announce
        self._running: dict[SessionId, list[_Running]] = {}
        self._asked_how_long = Sessions[bool](WAITING_MAX, WAITS_FOR)

    def take_duration(self, ask: Ask) -> Answer | None:
        """Set the timer whose length was asked for before."""
        if not self._asked_how_long.get(ask.asker):
            return None
        duration = ask.book.durations.read(ask.words)
        return None if duration is None else self._set(ask, duration)

    def answer(self, ask: Ask) -> Answer | None:
        """Answer "set a timer", "how long is left?" and "cancel the timer"."""
        if ask.book.hears("timer_cancel", ask.words):
            return self._cancel(ask)
        if ask.book.hears("timer_left", ask.words):
            return self._tell_left(ask)
        return self._start(ask) if ask.book.hears("timer", ask.words) else None

    def _start(self, ask: Ask) -> Answer:
        duration = ask.book.durations.read(ask.words)
        if duration is not None:
            return self._set(ask, duration)
        self._asked_how_long.set(ask.asker, value=True)
        return ask.answer(ask.book.say("timer_how_long"), expects_reply=True)

    def _set(self, ask: Ask, duration: timedelta) -> Answer:
        self._asked_how_long.forget(ask.asker)
        say = ask.book.say
        spoken = ask.book.durations.say
        if duration > LONGEST:
            return ask.answer(say("timer_too_long", longest=spoken(LONGEST)))
        session_id = ask.asker.session_id
        mine = self._running.get(session_id, [])
        if len(mine) >= TIMERS_PER_SESSION_MAX or self._count() >= TIMERS_MAX:
            return ask.answer(say("timer_too_many"))

        def ring() -> None:
            self._forget(session_id, running)
            line = say("timer_over", duration=spoken(duration))
            self._announce(line, ask.lang, ask.asker.mark)

        alarm = self._call_later(duration.total_seconds(), ring)
        is_private = ask.asker.is_private
        ends_at = ask.asker.now.astimezone(UTC) + duration
        running = _Running(duration, ends_at, alarm, is_private)
        self._running[session_id] = [*mine, running]
        confirmed: Phrase = "timer_set_in_private" if is_private else "timer_set"
        return ask.answer(say(confirmed, duration=spoken(duration)))

    def _tell_left(self, ask: Ask) -> Answer:
        spoken = ask.book.durations.say
        lines = [
            ask.book.say(
                "timer_left",
                duration=spoken(running.duration),
                left=spoken(running.ends_at - ask.asker.now),
            )
            for running in self._known_to(ask.asker)
        ]
        return ask.answer(*(lines or [ask.book.say("timer_none")]))

    def _cancel(self, ask: Ask) -> Answer:
        known = self._known_to(ask.asker)
        for running in known:
            running.alarm.cancel()
            self._forget(ask.asker.session_id, running)
        match known:
            case []:
                return ask.answer(ask.book.say("timer_none"))
            case [only]:
                duration = ask.book.durations.say(only.duration)
                return ask.answer(ask.book.say("timer_cancelled", duration=duration))
            case _:
                return ask.answer(ask.book.say("timer_all_cancelled"))

    def _known_to(self, asker: Asker) -> list[_Running]:
        mine = self._running.get(asker.session_id, [])
        return [running for running in mine if running.is_known_to(asker)]

    def _forget(self, session_id: SessionId, over: _Running) -> None:
        left = [running for running in self._running.pop(session_id, []) if running is not over]
        if left:
            self._running[session_id] = left

    def _count(self) -> int:
        return sum(len(running) for running in self._running.values())
