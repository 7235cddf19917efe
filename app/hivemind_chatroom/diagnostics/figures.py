"""Today's figures: how much was asked and answered, by how many people and how quickly.

What happens is counted as it happens. What an earlier run has had today is counted over the log
when somebody first wants to know: the start doesn't wait for it.
"""

from __future__ import annotations

import statistics
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

from hivemind_chatroom.errors import StorageAwayError
from hivemind_chatroom.room.feed import Event, MessagePosted, MessageUpdated, UtteranceQueued
from hivemind_chatroom.room.model import Delivery, Kind, Message, MessageId
from hivemind_chatroom.room.operating import Today
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.tally import Question, Tally
from hivemind_chatroom.room.underway import UnderWay

_HOURS = 24
_MS = timedelta(milliseconds=1)

_TIMES_MAX = 500
"""Answers of an hour whose times are remembered, the newest: a median of more says no more."""

_PEOPLE_MAX = 10_000
"""People who are told apart."""


class Past(Protocol):
    """What the room was told before it was opened."""

    def tally(self, since: datetime) -> Tally:
        """Count over what was said from a moment on, and is in the log still."""
        ...


@dataclass(slots=True)
class _Hour:
    """What is counted of an hour."""

    asked: int = 0
    answered: int = 0
    times_ms: deque[int] = field(default_factory=lambda: deque(maxlen=_TIMES_MAX))


class Figures:
    """Listens to the room's feed and counts since midnight; safe from any thread.

    What it remembers is bounded, however much is said in a day.
    """

    def __init__(self, clock: Clock, past: Past, zone: tzinfo | None = None) -> None:
        """Begin at nothing.

        Args:
            clock: Tells the day and how long an answer takes.
            past: What was said before this moment.
            zone: Where midnight is; None for where this computer is.
        """
        self._clock = clock
        self._past = past
        self._zone = zone
        self._lock = threading.Lock()
        self._recalling = threading.Lock()
        """Held while the past is read."""
        self._is_past_counted = False
        self._began = clock.now()
        self._under_way = UnderWay(clock)
        self._begin(self._here().date())

    def note(self, event: Event) -> None:
        """Count what is to be counted; never waits."""
        match event:
            case UtteranceQueued(message_id):
                with self._lock:
                    self._asked(message_id)
            case MessageUpdated(message) if message.delivery is Delivery.ANSWERED:
                with self._lock:
                    self._answered(message)
            case MessagePosted(message) if message.draft.kind is Kind.PERSON:
                with self._lock:
                    self._said(message)
            case _:
                """Nothing that is counted."""

    def today(self) -> Today:
        """Count since midnight here."""
        with self._recalling:
            self._recall()
        with self._lock:
            self._now()
            return Today(
                asked=sum(hour.asked for hour in self._hours),
                answered=sum(hour.answered for hour in self._hours),
                people=len(self._people),
                median_ms=_median(ms for hour in self._hours for ms in hour.times_ms),
                asked_by_hour=tuple(hour.asked for hour in self._hours),
                answered_by_hour=tuple(hour.answered for hour in self._hours),
                median_ms_by_hour=tuple(_median(hour.times_ms) for hour in self._hours),
            )

    def _recall(self) -> None:
        """Count, once, what an earlier run was told today."""
        midnight = self._midnight()
        if self._is_past_counted or midnight >= self._began:
            return
        try:
            tally = self._past.tally(midnight)
        except StorageAwayError:  # counted the next time
            return
        with self._lock:
            self._is_past_counted = True
            if self._midnight() == midnight:
                self._add(tally)

    def _add(self, tally: Tally) -> None:
        self._now()
        for spoken in tally.spoken:
            if spoken.at < self._began:
                self._note_person(spoken.by)
        for question in tally.questions:
            if question.asked_at < self._began:
                self._add_question(question)

    def _add_question(self, question: Question) -> None:
        self._hour_of(question.asked_at).asked += 1
        at = question.answered_at or question.asked_at
        if not question.is_answered or at >= self._began:  # then it was counted as it came
            return
        hour = self._hour_of(at)
        hour.answered += 1
        if question.asked_at < at:  # a clock that was set back tells no time
            hour.times_ms.append((at - question.asked_at) // _MS)

    def _asked(self, message_id: MessageId) -> None:
        self._now().asked += 1
        self._under_way.begin(message_id)

    def _answered(self, message: Message) -> None:
        hour = self._now()
        hour.answered += 1
        ms = self._under_way.ms(message.id)
        if ms is not None:  # else an earlier run has asked it
            hour.times_ms.append(ms)

    def _said(self, message: Message) -> None:
        self._now()
        self._note_person(message.draft.author.id)

    def _note_person(self, member_id: str) -> None:
        if len(self._people) < _PEOPLE_MAX:
            self._people.add(member_id)

    def _now(self) -> _Hour:
        """Return the hour it is, of a new day if one has begun."""
        here = self._here()
        if here.date() != self._day:
            self._begin(here.date())
        return self._hours[here.hour]

    def _begin(self, day: date) -> None:
        self._day = day
        self._hours = tuple(_Hour() for _ in range(_HOURS))
        self._people: set[str] = set()

    def _here(self) -> datetime:
        return self._clock.now().astimezone(self._zone)

    def _midnight(self) -> datetime:
        begins = datetime.combine(self._here().date(), time(), self._zone)
        return begins.astimezone(UTC)

    def _hour_of(self, moment: datetime) -> _Hour:
        return self._hours[moment.astimezone(self._zone).hour]


def _median(times_ms: Iterable[int]) -> int | None:
    times = list(times_ms)
    return round(statistics.median(times)) if times else None
