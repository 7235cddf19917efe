"""The phrase tables: one JSON file for each language, read once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final, Literal

from hivemind_chatroom.hub.builtin import phrases
from hivemind_chatroom.hub.builtin.phrases.durations import Durations, DurationTable, UnitTable
from hivemind_chatroom.hub.builtin.phrases.numbers import NumberWords
from hivemind_chatroom.hub.builtin.phrases.patterns import Patterns
from hivemind_chatroom.hub.builtin.phrases.plurals import plural_form

FALLBACK_LANG: Final = "en"
_SUFFIX: Final = ".json"

Topic = Literal[
    "date",
    "greeting",
    "guess",
    "help",
    "joke",
    "repeat",
    "stop",
    "thanks",
    "time",
    "timer",
    "timer_cancel",
    "timer_left",
    "tune",
]
"""What somebody may ask for."""

Phrase = Literal[
    "date",
    "date_month_first",
    "fallback",
    "greeting",
    "guess_higher",
    "guess_lower",
    "guess_range",
    "guess_remind",
    "guess_start",
    "guess_stopped",
    "help",
    "repeat_nothing",
    "stop",
    "thanks",
    "time",
    "time_at_one",
    "timer_all_cancelled",
    "timer_cancelled",
    "timer_how_long",
    "timer_left",
    "timer_none",
    "timer_over",
    "timer_set",
    "timer_set_in_private",
    "timer_too_long",
    "timer_too_many",
    "tune",
    "tune_artist",
    "tune_title",
]
"""What the assistant says in one way."""

CountedPhrase = Literal["guess_won"]
"""What it says in several ways, depending on a number."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a language names days and times of day."""

    weekdays: Sequence[str]
    """From Monday."""
    months: Sequence[str]
    first_day: str
    """How the first day of a month is said."""
    clock_24: str
    clock_12: str
    day_periods: Sequence[tuple[int, str]]
    """From which hour on a part of the day has its name, earliest first."""


class Phrasebook:
    """One language: what it hears and says."""

    __slots__ = (
        "_patterns",
        "_say",
        "_say_counted",
        "calendar",
        "durations",
        "jokes",
        "lang",
        "numbers",
    )

    def __init__(self, lang: str, table: Mapping[str, Any]) -> None:
        """Compile a table.

        Args:
            lang: primary language subtag, as "pt".
            table: what the language's file holds.
        """
        hear: Mapping[Topic, Sequence[str]] = table["hear"]
        durations = dict(table["durations"])
        durations["units"] = [UnitTable(**unit) for unit in durations["units"]]
        self._patterns = {topic: Patterns(patterns) for topic, patterns in hear.items()}
        self._say: Mapping[Phrase, str] = table["say"]
        self._say_counted: Mapping[CountedPhrase, Mapping[str, str]] = table["say_counted"]
        self.lang = lang
        self.jokes: Sequence[str] = table["jokes"]
        self.calendar = Calendar(**table["calendar"])
        self.numbers = NumberWords(**table["numbers"])
        self.durations = Durations(lang, DurationTable(**durations), self.numbers)

    def hears(self, topic: Topic, words: str) -> bool:
        """Tell whether folded words ask for a topic."""
        return self._patterns[topic].match(words)

    def say(self, phrase: Phrase, **values: object) -> str:
        """Fill a phrase."""
        return self._say[phrase].format_map(values)

    def say_counted(self, phrase: CountedPhrase, count: int, **values: object) -> str:
        """Fill a phrase that changes its form with `count`, which it may name `{count}`."""
        forms = self._say_counted[phrase]
        return forms[plural_form(self.lang, count)].format_map({"count": count, **values})


class Phrasebooks:
    """All languages the assistant speaks; each is read when it is first spoken."""

    def __init__(self) -> None:
        """Look which tables stand beside this module."""
        self._files = {
            file.name.removesuffix(_SUFFIX): file
            for file in resources.files(phrases).iterdir()
            if file.name.endswith(_SUFFIX)
        }
        self._books: dict[str, Phrasebook] = {}

    def speaks(self, lang: str) -> bool:
        """Tell whether there is a book for a BCP-47 tag, its region aside."""
        return _primary(lang) in self._files

    def choose(self, lang: str) -> Phrasebook:
        """Find the book for a BCP-47 tag, English when there is none."""
        spoken = _primary(lang) if self.speaks(lang) else FALLBACK_LANG
        if spoken not in self._books:
            table = self._files[spoken].read_text("utf-8")
            self._books[spoken] = Phrasebook(spoken, json.loads(table))
        return self._books[spoken]


def _primary(lang: str) -> str:
    return lang.replace("_", "-").split("-")[0].casefold()
