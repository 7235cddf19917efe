"""Names that a reader may take for another one, by what Unicode has to write it with."""

from __future__ import annotations

from collections.abc import Iterator

from room.test_names import ONE_NAME

# What passes for a letter in the common fonts: Cyrillic, Greek, Latin, digits.
CONFUSABLES = {"a": "аαɑ", "e": "еε", "o": "оο0", "i": "іι1", "p": "рρ", "b": "ь", "m": "м"}
ACCENTS = "\u0300\u0301\u0302\u0303\u0308\u030a\u0323\u0327"
UNSEEN = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u3164\u200e\u200f\u202a\u202d\u202e\u2066\u2069"
)
SPACES = " \u00a0\u2003\u3000\t._-"
ALPHABETS = (0xFF21, 0x1D400, 0x1D434, 0x1D4D0, 0x1D5A0, 0x1D670)
"""Where wide letters begin, and bold, slanted, written, plain and typed ones of mathematics."""


def look_alikes(name: str) -> Iterator[str]:
    """Yield what a reader may take for a name of Latin letters."""
    yield from (other for one, other in ONE_NAME if one == name)
    yield from (name.lower(), name.upper(), name.swapcase())
    yield from (in_alphabet(name, first) for first in ALPHABETS)
    for at, letter in enumerate(name, 1):
        before, after = name[:at], name[at:]
        yield from (before + sign + after for sign in ACCENTS + UNSEEN)
        yield from (before[:-1] + twin + after for twin in CONFUSABLES.get(letter, ""))
        if after:
            yield from (before + space + after for space in SPACES)


def in_alphabet(name: str, first: int) -> str:
    """Write a name in other letters of Unicode that are the same ones by NFKC."""
    small = first + 32 if first == ALPHABETS[0] else first + 26
    return "".join(chr((small - 97 if c.islower() else first - 65) + ord(c)) for c in name)
