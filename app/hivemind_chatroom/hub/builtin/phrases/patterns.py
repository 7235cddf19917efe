"""The small language in which the phrase tables write what the assistant understands.

A pattern is a row of words that must follow one another in what was said:

    time is it              these three words, anywhere
    set|start .. timer      one of two words, later (`..`) another
    guess*                  every word that begins so
    =help                   nothing but this
    !time in                whatever else matches, this is about something else

Words are compared folded (`folding.fold`), so accents, case and punctuation do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from hivemind_chatroom.hub.builtin.phrases.folding import fold

_GAP: Final = ".."
_ALONE: Final = "="
_NEVER: Final = "!"
_BEGINNING: Final = "*"


class Patterns:
    """All the ways to ask for one thing in one language."""

    __slots__ = ("_meant", "_not_meant")

    def __init__(self, patterns: Iterable[str]) -> None:
        """Compile the patterns of one topic; the module's docstring has their syntax."""
        written = tuple(patterns)
        self._meant = _any_of(one for one in written if not one.startswith(_NEVER))
        self._not_meant = _any_of(one[1:] for one in written if one.startswith(_NEVER))

    def match(self, words: str) -> bool:
        """Tell whether the folded words ask for this."""
        return bool(self._meant.search(words)) and not self._not_meant.search(words)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    matches_nothing = r"(?!)"
    return re.compile("|".join(_expression(one) for one in patterns) or matches_nothing)


def _expression(pattern: str) -> str:
    runs = (run.split() for run in pattern.removeprefix(_ALONE).split(_GAP))
    expression = r"\b.*?\b".join(" ".join(_choice(token) for token in run) for run in runs)
    edge_start, edge_end = (r"\A", r"\Z") if pattern.startswith(_ALONE) else (r"\b", r"\b")
    return f"{edge_start}{expression}{edge_end}"


def _choice(token: str) -> str:
    return f"(?:{'|'.join(_word(word) for word in token.split('|'))})"


def _word(word: str) -> str:
    folded = re.escape(fold(word.removesuffix(_BEGINNING)))
    return rf"{folded}\w*" if word.endswith(_BEGINNING) else folded
