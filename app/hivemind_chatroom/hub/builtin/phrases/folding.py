"""Spelling differences that do not change what somebody means."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import Final

_DROPPED: Final = frozenset({"Mn", "Cf"})
"""Unicode categories without a sound: accents, Arabic vowel marks, direction marks."""

_SAME_LETTER: Final = MappingProxyType(
    str.maketrans({"ى": "ي", "ة": "ه", "ٱ": "ا", "ـ": None}),
)
"""Arabic letters that people exchange when they type, and the stretching line."""

_DECIMAL_MARK: Final = re.compile(r"(?<=\d)[.,٫](?=\d)")
_BETWEEN_WORDS: Final = re.compile(r"(?:(?<!\d)\.|\.(?!\d)|[^\w.]|_)+")
_DIGIT_MEETS_LETTER: Final = re.compile(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)")


def fold(text: str) -> str:
    """Reduce a text to lower-case words without accents, one space between them.

    Digits of every script become 0-9, a decimal comma becomes a point, and a number that touches a
    word is set apart ("1h30" becomes "1 h 30").
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", plain)
    letters = "".join(
        _ascii_digit(character)
        for character in decomposed
        if unicodedata.category(character) not in _DROPPED
    )
    spelled = _DECIMAL_MARK.sub(".", letters.translate(_SAME_LETTER))
    apart = _DIGIT_MEETS_LETTER.sub(" ", _BETWEEN_WORDS.sub(" ", spelled))
    return " ".join(apart.split())


def _ascii_digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
