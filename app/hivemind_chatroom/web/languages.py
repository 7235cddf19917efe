"""What is known of languages: their tags, and which way they are written."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import langcodes

TAG_MAX: Final = 64
"""Characters in a tag; RFC 5646 4.4.1 finds 35 enough for any without extensions."""

TAGS_MAX: Final = 2_000
"""Different tags looked up as they are; langcodes keeps every tag it has ever seen, so that
without an end to it, a guest could fill the memory with made-up ones."""

_AUTONYMS: Final = MappingProxyType(
    {
        "en": "English",
        "pt-PT": "Português (Portugal)",
        "pt-BR": "Português (Brasil)",
        "fr": "Français",
        "de": "Deutsch",
        "es": "Español",
        "ca": "Català",
        "gl": "Galego",
        "it": "Italiano",
        "nl": "Nederlands",
        "da": "Dansk",
        "ar": "العربية",
    }
)
"""What the offered languages call themselves, as in languages.js."""

_SHAPE: Final = re.compile(
    r"(?P<language>[a-z]{2,3})(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))?"
)
"""Language, script, region and one variant (RFC 5646 2.1), as in zh-Hant-TW or ca-ES-valencia."""

_EXTENSIONS: Final = re.compile(r"-[a-z0-9]-.*")
"""From the first one-letter subtag on: what a phone adds for its calendar or its thermometer."""

_NOBODYS: Final = frozenset({"und", "mul", "zxx", "mis", "art", "root"})
"""Tags for what is no single language (ISO 639-2), and CLDR's name for the lack of one."""

_RIGHT_TO_LEFT: Final = frozenset(
    {"Adlm", "Arab", "Aran", "Gara", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}
)
"""The scripts written from right to left that are in use today (ISO 15924)."""


class KnownLanguages:
    """Knows which tags are languages that somebody speaks; safe to call from any thread."""

    def __init__(self) -> None:
        """Begin with no tag looked up."""
        self._lock = threading.Lock()
        self._standard: dict[str, str | None] = {}
        remember = lru_cache(TAGS_MAX)  # each line that is said asks for two, mostly the same ones
        self._standard_of = remember(self._find_standard)
        self._direction_of = remember(self._find_direction)

    def standard(self, tag: str) -> str | None:
        """Return the standard form of a BCP-47 tag, None when nobody speaks it.

        Extensions are left out: they are about calendars and units, not about the language.

        Args:
            tag: In any spelling, `EN_us` too.
        """
        return self._standard_of(tag) if len(tag) <= TAG_MAX else None

    def direction(self, tag: str) -> str:
        """Return `rtl` when the language is written from right to left, else `ltr`."""
        return self._direction_of(tag) if len(tag) <= TAG_MAX else "ltr"

    def _find_standard(self, tag: str) -> str | None:
        bare = _EXTENSIONS.sub("", tag.strip().lower().replace("_", "-"))
        shape = _SHAPE.fullmatch(bare)
        if shape is None:
            return None
        with self._lock:
            if bare not in self._standard and len(self._standard) >= TAGS_MAX:
                bare = shape["language"]
            if bare not in self._standard:
                self._standard[bare] = _look_up(bare)
            return self._standard[bare]

    def _find_direction(self, tag: str) -> str:
        standard = self.standard(tag)
        with self._lock:
            script = langcodes.get(standard).maximize().script if standard else None
        return "rtl" if script in _RIGHT_TO_LEFT else "ltr"


def autonym(tag: str) -> str:
    """Return what a language calls itself; its tag, where it is none that the page offers."""
    return _AUTONYMS.get(tag, tag)


def _look_up(tag: str) -> str | None:
    if not langcodes.tag_is_valid(tag):
        return None
    standard = langcodes.standardize_tag(tag)
    return None if standard.split("-")[0] in _NOBODYS else standard
