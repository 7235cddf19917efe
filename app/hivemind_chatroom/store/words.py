"""The words of a text as a search knows them; every store folds them alike."""

from __future__ import annotations

import re
import unicodedata

_EXTRA = frozenset({"Mc", "So"})
"""Vowel signs of Indic scripts, and emoji: part of words though no letters."""

_ASCII_WORDS = re.compile("[0-9a-z]+")


def folded_words(text: str) -> list[str]:
    """Return the words of a text in their order, without case and accents.

    A word is a run of letters, digits, vowel signs and emoji. Scripts that write no spaces have a
    word where a line of theirs begins.
    """
    if text.isascii():  # the same, twenty times as fast
        return _ASCII_WORDS.findall(text.lower())
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (c for c in decomposed if unicodedata.category(c) not in {"Mn", "Me", "Cf"})
    return "".join(c if _is_part(c) else " " for c in kept).split()


def _is_part(character: str) -> bool:
    return character.isalnum() or (
        not character.isascii() and unicodedata.category(character) in _EXTRA
    )
