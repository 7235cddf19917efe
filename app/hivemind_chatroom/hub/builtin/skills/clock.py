"""Tells the time and the date where the member is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hivemind_chatroom.hub.builtin.ask import Answer, Ask
from hivemind_chatroom.hub.builtin.phrases.book import Calendar

_HALF_DAY_HOURS: Final = 12


def tell_time(ask: Ask) -> Answer | None:
    """Answer "what time is it?"."""
    if not ask.book.hears("time", ask.words):
        return None
    now = ask.asker.now
    is_half_day = ask.asker.clock_hours == _HALF_DAY_HOURS
    hour = (now.hour - 1) % _HALF_DAY_HOURS + 1 if is_half_day else now.hour
    calendar = ask.book.calendar
    clock = calendar.clock_12 if is_half_day else calendar.clock_24
    time = clock.format(hour=hour, minute=now.minute, period=_day_period(calendar, now.hour))
    return ask.answer(ask.book.say("time_at_one" if hour == 1 else "time", time=time))


def tell_date(ask: Ask) -> Answer | None:
    """Answer "what day is it?"."""
    if not ask.book.hears("date", ask.words):
        return None
    phrase = ask.book.say(
        "date_month_first" if ask.asker.month_first else "date",
        **_spelled_date(ask.book.calendar, ask.asker.now),
    )
    return ask.answer(phrase)


def _day_period(calendar: Calendar, hour: int) -> str:
    return next(name for start, name in reversed(calendar.day_periods) if hour >= start)


def _spelled_date(calendar: Calendar, now: datetime) -> dict[str, object]:
    return {
        "weekday": calendar.weekdays[now.weekday()],
        "day": calendar.first_day if now.day == 1 else now.day,
        "month": calendar.months[now.month - 1],
        "year": now.year,
    }
