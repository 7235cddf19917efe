"""Numbers in digits and in words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hivemind_chatroom.hub.builtin.phrases.folding import fold

_DIGITS: Final = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
"""Nine digits are more than any timer or guess needs, and keep arithmetic cheap."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that somebody said."""

    value: float
    end: int
    """Position of the first word after it."""
    is_article: bool
    """Whether it is "one" as a word: in most of our languages that also means "a"."""


class NumberWords:
    """The number words of one language, for reading folded text word by word."""

    __slots__ = ("_glue", "_larger", "_longest", "_values")

    def __init__(
        self,
        words: Sequence[str],
        fractions: Mapping[str, float],
        glue: str | None,
        larger: str,
    ) -> None:
        """Take the tables of one language.

        Args:
            words: the words for 0, 1, 2 ... in order. " / " stands between spellings of a number,
                "|" between words that may take one another's place in it.
            fractions: values such as 0.5 by the words in front of a unit ("half an").
            glue: the word for "and", where it is written together with the next word (Arabic).
            larger: words that only occur in numbers larger than those, with "|" between them; "*"
                stands for any letters.
        """
        spelled = {
            choice: float(value) for value, row in enumerate(words) for choice in _spellings(row)
        }
        spelled |= {choice: value for row, value in fractions.items() for choice in _spellings(row)}
        self._values = spelled
        self._longest = max(choice.count(" ") + 1 for choice in spelled)
        self._glue = glue
        self._larger = re.compile("|".join(map(_pattern, larger.split("|"))))

    def read(self, words: Sequence[str], start: int) -> Number | None:
        """Read the longest number that begins at a position.

        Args:
            words: folded words.
            start: position of the first word to read, less than `len(words)`.
        """
        if _DIGITS.fullmatch(words[start]):
            return Number(float(words[start]), start + 1, is_article=False)
        for first in (words[start], self.unglued(words[start])):
            for length in range(min(self._longest, len(words) - start), 0, -1):
                spoken = " ".join((first, *words[start + 1 : start + length]))
                if spoken in self._values:
                    value = self._values[spoken]
                    return Number(value, start + length, is_article=value == 1)
        return None

    def read_all(self, words: Sequence[str]) -> list[Number]:
        """Read every number of a text, in its order."""
        found = []
        position = 0
        while position < len(words):
            number = self.read(words, position)
            position = number.end if number else position + 1
            if number:
                found.append(number)
        return found

    def is_larger(self, word: str) -> bool:
        """Tell whether a word belongs to a number that is too large to be read."""
        return any(self._larger.fullmatch(each) for each in (word, self.unglued(word)))

    def unglued(self, word: str) -> str:
        """Take the "and" off the front of a word in languages that write them together."""
        return word.removeprefix(self._glue) if self._glue else word


def _pattern(word: str) -> str:
    return r"\w*".join(fold(part) for part in word.split("*"))


def _spellings(row: str) -> Iterator[str]:
    for spelling in row.split("/"):
        for words in itertools.product(*(word.split("|") for word in spelling.split())):
            yield fold(" ".join(words))
