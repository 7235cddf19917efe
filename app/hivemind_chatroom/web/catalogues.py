"""The words of the pages in the languages of their readers: gettext's catalogues.

English is the source: its sentences stand in the templates, the scripts and the errors, and are
what a translation is found by.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from types import MappingProxyType
from typing import Final

import langcodes
from flask import render_template
from markupsafe import Markup, escape

from hivemind_chatroom.web.bundles import Words
from hivemind_chatroom.web.languages import KnownLanguages

FOLDER: Final = Path(__file__).parents[1] / "locale"
"""<tag>/LC_MESSAGES/ holds what translators write (chatroom.po), and what packaging/catalogues.py
makes of it: the words of the server (chatroom.mo) and of the scripts (chatroom.json)."""

SOURCE: Final = "en"

_MADE: Final = "*/LC_MESSAGES/chatroom.mo"

_INDENT: Final = re.compile(r"\n\s+")

_NO_WORDS: Final[Words] = MappingProxyType({})


class Catalogue:
    """The words of one language."""

    def __init__(
        self,
        tag: str,
        direction: str,
        translations: NullTranslations,
        script_words: Words = _NO_WORDS,
    ) -> None:
        """Speak a language.

        Args:
            tag: BCP-47.
            direction: `ltr` or `rtl`.
            translations: What templates and errors say.
            script_words: What the page's scripts say.
        """
        self.tag = tag
        self.direction = direction
        self._translations = translations
        self.script_words = script_words

    def text(self, sentence: str, **values: object) -> str:
        """Return a sentence as plain text, with `values` in its holes."""
        if not sentence:
            return ""  # gettext would return the head of the catalogue
        translated = self._translations.gettext(sentence)
        return translated.format(**values) if values else translated

    def markup(self, sentence: str, **values: object) -> Markup:
        """Return a sentence for a template; of its `values` only `Markup` is taken as such."""
        return escape(self._translations.gettext(sentence)).format(**values)

    def count(self, one: str, many: str, count: int, **values: object) -> Markup:
        """Return the sentence for so many, with `count` among the `values`."""
        translated = self._translations.ngettext(one, many, count)
        return escape(translated).format(count=count, **values)

    def page(self, template: str, **values: object) -> str:
        """Return a page; in its template `_` and `n` say everything.

        The template's indents are for those who read it, and 4 % of what the page weighs.
        """
        page = render_template(template, words=self, _=self.markup, n=self.count, **values)
        return _INDENT.sub("\n", page)


class Catalogues:
    """All languages that the pages speak."""

    def __init__(self, folder: Path, known: KnownLanguages) -> None:
        """Read the catalogues in a folder; `known` tells which way they are written."""
        made = {path.parts[-3]: path for path in sorted(folder.glob(_MADE))}
        self._catalogues = {
            SOURCE: Catalogue(SOURCE, known.direction(SOURCE), NullTranslations()),
            **{tag: _read(tag, known.direction(tag), path) for tag, path in made.items()},
        }

    @property
    def tags(self) -> tuple[str, ...]:
        """The languages, as BCP-47 tags."""
        return tuple(self._catalogues)

    @property
    def script_words(self) -> Mapping[str, Words]:
        """What the page's scripts say, by the same tags."""
        return {tag: catalogue.script_words for tag, catalogue in self._catalogues.items()}

    def closest(self, wanted: Iterable[str]) -> Catalogue:
        """Return the catalogue for the first language that any of them serves, else English.

        Args:
            wanted: Standard tags, the most wanted first. Who reads `pt-BR` reads `pt-PT` too, who
                reads Catalan reads Spanish (CLDR's language matching).
        """
        for tag in wanted:
            found = langcodes.closest_match(tag, self.tags)[0]
            if found in self._catalogues:
                return self._catalogues[found]
        return self._catalogues[SOURCE]


def later(sentence: str) -> str:
    """Mark a sentence for the catalogues that is said elsewhere."""
    return sentence


def _read(tag: str, direction: str, made: Path) -> Catalogue:
    with made.open("rb") as file:
        translations = GNUTranslations(file)
    script_words: Words = json.loads(made.with_suffix(".json").read_text(encoding="utf-8"))
    return Catalogue(tag, direction, translations, script_words)
