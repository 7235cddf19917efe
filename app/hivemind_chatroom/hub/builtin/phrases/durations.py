"""Lengths of time, heard and said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple, TypeVar

from hivemind_chatroom.hub.builtin.phrases.folding import fold
from hivemind_chatroom.hub.builtin.phrases.numbers import Number, NumberWords
from hivemind_chatroom.hub.builtin.phrases.plurals import plural_form

T = TypeVar("T")

HOUR_S: Final = 3600
MINUTE_S: Final = 60


@dataclass(frozen=True, slots=True)
class UnitTable:
    """The words for one unit of time, each list separated by "|"."""

    seconds: float
    bare: str
    """Words that mean one unit when no number stands before them."""
    dual: str
    """Words that mean two units by themselves (Arabic)."""
    counted: str
    """Words that need a number."""


@dataclass(frozen=True, slots=True)
class DurationTable:
    """How one language speaks of lengths of time."""

    units: Sequence[UnitTable]
    more: Mapping[str, float]
    """Parts of a unit said after the number or the unit: "and a half" is 0.5."""
    hours: Mapping[str, str]
    minutes: Mapping[str, str]
    seconds: Mapping[str, str]
    """How a number of units is said, by plural form; `{n}` is the number."""
    comma: str
    last: str
    """What stands between two parts, and before the last one."""


class Durations:
    """Reads and says lengths of time in one language."""

    __slots__ = ("_lang", "_numbers", "_table", "_vocabulary")

    def __init__(self, lang: str, table: DurationTable, numbers: NumberWords) -> None:
        """Take the tables of one language."""
        self._lang = lang
        self._table = table
        self._numbers = numbers
        units = table.units
        one = _by_word((unit.bare, _Units(unit.seconds, 1)) for unit in units)
        two = _by_word((unit.dual, _Units(unit.seconds, 2)) for unit in units)
        many = _by_word((unit.counted, _Units(unit.seconds, 1)) for unit in units)
        more = _by_word(table.more.items())
        self._vocabulary = _Vocabulary(one | two, one | many, more)

    def read(self, text: str) -> timedelta | None:
        """Find the length of time in a folded text, or nothing.

        A text that is only partly understood has none: "two hundred and five minutes" must not
        become five minutes.
        """
        return _Reading(text.split(), self._numbers, self._vocabulary).total()

    def say(self, duration: timedelta) -> str:
        """Say a length of time in hours, minutes and seconds, rounded to the second."""
        minutes, seconds = divmod(max(1, round(duration.total_seconds())), MINUTE_S)
        hours, minutes = divmod(minutes, MINUTE_S)
        table = self._table
        units = ((hours, table.hours), (minutes, table.minutes), (seconds, table.seconds))
        *first, last = [
            forms[plural_form(self._lang, number)].format(n=number)
            for number, forms in units
            if number
        ]
        return table.last.join((table.comma.join(first), last)) if first else last


class _Units(NamedTuple):
    """What a word for a unit means when it stands alone."""

    seconds: float
    number: int


class _Vocabulary(NamedTuple):
    """The folded words of a language."""

    alone: Mapping[str, _Units]
    counted: Mapping[str, _Units]
    more: Mapping[str, float]
    """Parts of a unit."""


@dataclass(frozen=True, slots=True)
class _Part:
    seconds: float
    unit_s: float
    is_counted: bool


class _Reading:
    """One pass over the words of a text."""

    def __init__(self, words: Sequence[str], numbers: NumberWords, vocabulary: _Vocabulary) -> None:
        self._words = words
        self._numbers = numbers
        self._vocabulary = vocabulary
        self._at = 0
        self._parts: list[_Part] = []

    def total(self) -> timedelta | None:
        while self._at < len(self._words):
            number = self._numbers.read(self._words, self._at)
            if number is None:
                if self._numbers.is_larger(self._words[self._at]):
                    return None
                self._read_lone_unit()
            elif not self._read_counted_unit(number):
                return None
        seconds = sum(part.seconds for part in self._without_noise())
        return timedelta(seconds=seconds) if seconds > 0 else None

    def _without_noise(self) -> Iterable[_Part]:
        """Leave out a lone unit before a larger one: "a second timer for 5 minutes"."""
        for position, part in enumerate(self._parts):
            later = self._parts[position + 1 :]
            if part.is_counted or all(other.unit_s < part.unit_s for other in later):
                yield part

    def _read_lone_unit(self) -> None:
        unit = self._unit(self._vocabulary.alone)
        self._at += 1
        if unit is not None:
            seconds = (unit.number + self._more()) * unit.seconds
            self._parts.append(_Part(seconds, unit.seconds, is_counted=False))

    def _read_counted_unit(self, number: Number) -> bool:
        """Take the unit that belongs to a number; tell whether the number made sense."""
        self._at = number.end
        more = self._more()
        value = number.value + more
        is_article = number.is_article and not more
        unit = self._unit(self._vocabulary.alone if is_article else self._vocabulary.counted)
        if unit is not None:
            self._at += 1
            value += self._more()
            self._parts.append(_Part(value * unit.seconds, unit.seconds, not is_article))
        elif not is_article:
            if not self._follows_hours() or value >= MINUTE_S:
                return False
            self._parts.append(_Part(value * MINUTE_S, MINUTE_S, is_counted=True))
        return True

    def _follows_hours(self) -> bool:
        """Tell whether the number may be the minutes of "1h30"."""
        return bool(self._parts) and self._parts[-1].unit_s == HOUR_S

    def _unit(self, units: Mapping[str, _Units]) -> _Units | None:
        if self._at >= len(self._words):
            return None
        word = self._words[self._at]
        return units.get(word, units.get(self._numbers.unglued(word)))

    def _more(self) -> float:
        for phrase, part in self._vocabulary.more.items():
            words = phrase.split()
            if self._words[self._at : self._at + len(words)] == words:
                self._at += len(words)
                return part
        return 0.0


def _by_word(rows: Iterable[tuple[str, T]]) -> dict[str, T]:
    return {fold(word): value for row, value in rows for word in row.split("|") if word}
