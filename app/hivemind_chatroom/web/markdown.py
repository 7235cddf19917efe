"""The assistant's Markdown as HTML that may be shown to anybody."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_SIGNS: Final = frozenset("*_`#~<>&\\-+=[]1234567890\n")
"""Without any of these a text is the same with Markdown as without, and need not be read for it."""

_TAGS: Final = frozenset(
    {"p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
)
_ATTRIBUTES: Final = {"*": frozenset(), "a": frozenset({"href"}), "ol": frozenset({"start"})}
"""The star: nh3 would let a title pass everywhere."""

_SCHEMES: Final = frozenset({"http", "https"})

_PLAIN_BLOCKS: Final = frozenset({"paragraph_open", "inline", "paragraph_close"})
_PLAIN_PARTS: Final = frozenset({"text", "softbreak"})

_SOURCE_MAX: Final = 6_000
"""Characters of a text that is read at all. A hub may say six times as much, and messages are told
one by one: the worst text of this length ("[[[[") holds up the others for a tenth of a second."""

_HTML_MAX: Final = 30_000
"""Characters of HTML; a text that swells beyond is shown as it was written."""

_NESTING_MAX: Final = 32
"""Levels at which the parser stops, and leaves out what is deeper without a word."""

_DEPTH_MAX: Final = 16
"""Levels that are shown; deeper than this no line of a phone has room for a word. Far enough from
the parser's own bound that nothing is ever left out."""

_REMEMBERED: Final = 256
"""Texts whose HTML is kept at hand: every reader of the log asks for the same ones."""


class Markdown:
    """Renders what the assistant says; any thread may call.

    CommonMark 0.31 with strikethrough, every line break kept, and no code by indentation, as spoken
    text is indented by accident. HTML in the text stays text, an image is a link to it, and what is
    left goes through an allow-list of elements: two libraries would have to fail at once for a hub
    to put an element of its choosing into the page.
    """

    def __init__(self) -> None:
        """Make a renderer that has rendered nothing."""
        options = {"html": False, "breaks": True, "maxNesting": _NESTING_MAX}
        self._parser = MarkdownIt("commonmark", options)
        self._parser.enable("strikethrough").disable(["image", "code"])
        self._parser.core.ruler.push("headings", _headings_as_paragraphs)
        self._parser.core.ruler.push("images", _images_as_links)
        # The parser makes up its lists of rules at first use, and a second thread would then find
        # them half made.
        self._parser.render("-")
        self._remembered = functools.lru_cache(_REMEMBERED)(self._render)

    def html(self, text: str) -> str | None:
        """Return a text as HTML, None when it is best shown as it is."""
        if len(text) > _SOURCE_MAX or _SIGNS.isdisjoint(text):
            return None
        return self._remembered(text)

    def _render(self, text: str) -> str | None:
        tokens = self._parser.parse(text)
        if _is_plain(tokens) or any(token.level > _DEPTH_MAX for token in tokens):
            return None
        html = nh3.clean(
            self._parser.renderer.render(tokens, self._parser.options, {}),
            tags=set(_TAGS),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            url_schemes=set(_SCHEMES),
            link_rel="noopener noreferrer nofollow",
        )
        return html.strip() if len(html) <= _HTML_MAX else None


def _is_plain(tokens: Iterable[Token]) -> bool:
    """Tell whether the text says the same without Markdown: paragraphs of words alone."""
    return all(
        token.type in _PLAIN_BLOCKS and _is_as_written(token.content, token.children or ())
        for token in tokens
    )


def _is_as_written(source: str, parts: Sequence[Token]) -> bool:
    """Tell whether nothing was made of a paragraph's signs, but for its spaces."""
    if any(part.type not in _PLAIN_PARTS for part in parts):
        return False
    shown = "".join(part.content or "\n" for part in parts)
    return shown.split() == source.split()


def _headings_as_paragraphs(state: StateCore) -> None:
    """Make strong paragraphs of headings: a page's outline is not the assistant's to write."""
    is_heading = False
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "p"
            is_heading = token.nesting > 0
        elif is_heading and token.children:
            opening, closing = (
                Token("strong_open", "strong", 1),
                Token("strong_close", "strong", -1),
            )
            token.children = [opening, *token.children, closing]


def _images_as_links(state: StateCore) -> None:
    """Finish the links that stand for images: nobody's browser calls elsewhere unasked.

    An image is a link behind an exclamation mark, and may have no words. The parser's own rule for
    images looks through the rest of the text for each mark: "![![" of some thousand letters would
    keep a room waiting for seconds.
    """
    for token in state.tokens:
        parts = token.children or []
        token.children = parts[:1]
        for before, part in pairwise(parts):
            if part.type == "link_open" and part.markup != "autolink" and before.type == "text":
                before.content = before.content.removesuffix("!")
            if before.type == "link_open" and part.type == "link_close":
                address = str(before.attrs["href"])
                token.children.append(Token("text", "", 0, content=address))
            token.children.append(part)
