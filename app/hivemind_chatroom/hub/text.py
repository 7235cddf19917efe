"""Text from the hub, made fit to keep and to show."""

from __future__ import annotations

import unicodedata

_KEPT = "\n\t"


def clean(value: object, length: int) -> str:
    """Return a text without control characters and not longer than `length`, empty for no text.

    Lone surrogates, which JSON can carry and UTF-8 can't, go too.
    """
    if not isinstance(value, str):
        return ""
    lines = value[: length * 2].replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in _KEPT or unicodedata.category(c) not in {"Cc", "Cs"})
    return kept.strip()[:length].rstrip()
