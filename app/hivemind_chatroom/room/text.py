"""Text from outside, made fit to keep and to show."""

from __future__ import annotations

import re
import unicodedata

_KEPT = "\n\t"
_UNFIT = frozenset({"Cc", "Cs"})
"""Control characters, and halves of surrogate pairs, which JSON can spell and UTF-8 can't carry."""

_HALF_PAIR = re.compile(r"[\ud800-\udfff]")


def clean_text(raw: str) -> str:
    """Return a text with one kind of line end, trimmed, and without what can't be shown."""
    if raw.isprintable():  # nothing of that is in it: nearly every text, in a fortieth of the time
        return raw.strip()
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    kept = (char for char in lines if char in _KEPT or unicodedata.category(char) not in _UNFIT)
    return "".join(kept).strip()


def encodable(raw: str) -> str:
    """Return a text as it is, but for halves of surrogate pairs, which become U+FFFD.

    This is for what must be judged as it came (a name, a mark): JSON can spell such halves (RFC
    8259, section 8.2), and the first store or socket would fail on them.
    """
    return _HALF_PAIR.sub("\ufffd", raw)
