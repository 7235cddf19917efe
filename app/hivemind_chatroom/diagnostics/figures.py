"""Today's figures: how much was asked and answered, by how many people and how quickly."""

from __future__ import annotations

import statistics
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from hivemind_chatroom.room.feed import Event, MessagePosted, MessageUpdated, UtteranceQueued
from hivemind_chatroom.room.model import Delivery, Kind, Message, MessageId
from hivemind_chatroom.room.operating import Today
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.underway import UnderWay

_HOURS = 24

_TIMES_MAX = 500
"""Answers of an hour whose times are remembered, the newest: a median of more says no more."""

_PEOPLE_MAX = 10_000
"""People who are told apart."""


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

    def __init__(self, clock: Clock, zone: tzinfo | None = None) -> None:
        """Begin at nothing.

        Args:
            clock: Tells the day and how long an answer takes.
            zone: Where midnight is; None for where this computer is.
        """
        self._clock = clock
        self._zone = zone
        self._lock = threading.Lock()
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
        if len(self._people) < _PEOPLE_MAX:
            self._people.add(message.draft.author.id)

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


def _median(times_ms: Iterable[int]) -> int | None:
    times = list(times_ms)
    return round(statistics.median(times)) if times else None
