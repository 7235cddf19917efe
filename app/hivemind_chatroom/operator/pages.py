"""The operator's page as files: they hold no secret, so they need no token."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

HERE: Final = Path(__file__).parent

LOCALE: Final = HERE.parent / "locale"
"""<tag>/LC_MESSAGES/operator.json is what packaging/catalogues.py makes for this page."""

SOURCE: Final = "en"
"""The language of the sentences in the scripts; it has no catalogue."""

VERSION_DIGITS: Final = 12
"""Of the SHA-256 over all files."""

_KEEP: Final = "private, max-age=31536000, immutable"
"""A year (RFC 8246 for the last word): another version has another address."""

_SHEETS: Final = (
    "tokens",
    "base",
    "forms",
    "overlays",
    "wizard",
    "connect",
    "dashboard",
    "invitation",
    "cards",
    "people",
    "print",
)
"""In this order: where two rules are equal, the later one wins."""

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
    }
)
"""What is served, and as what: Windows may know .js as text/plain, which no browser runs."""

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
"""Letters written from right to left (Unicode's bidirectional classes)."""


class Pages:
    """The one page of the window, its files and its words."""

    def __init__(
        self, language: Callable[[], str], folder: Path = HERE / "static", locale: Path = LOCALE
    ) -> None:
        """Read all files.

        Args:
            language: Returns the language that the operator has chosen, as a BCP-47 tag; empty
                when nobody has, and then the browser, which has it from the system, decides.
            folder: The page's files.
            locale: The catalogues' folder.
        """
        self._language = language
        self._files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.suffix in _KINDS
        }
        self._version = _digest_of(self._files)
        self._words = {
            path.parent.parent.name: path.read_bytes()
            for path in sorted(locale.glob("*/LC_MESSAGES/operator.json"))
        }
        self._direction = {tag: _direction_of(words) for tag, words in self._words.items()}

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("pages", __name__, template_folder="templates")
        routes.get("/")(self.index)
        routes.get(f"/static/{self._version}/<path:filename>", endpoint="static")(self.file)
        routes.get("/words/<tag>.json")(self.words)
        routes.get("/favicon.ico")(self.favicon)
        return routes

    def index(self) -> ResponseReturnValue:
        """Show the page, in the operator's language."""
        tag = self._tag()
        return render_template(
            "operator.html",
            tag=tag,
            direction=self._direction.get(tag, "ltr"),
            sheets=[f"css/{sheet}.css" for sheet in _SHEETS],
            modules=[name for name in self._files if name.endswith(".js")],
        )

    def file(self, filename: str) -> ResponseReturnValue:
        """Return a file under an address that will never mean anything else.

        Raises:
            NotFound: There is no such file.
        """
        data = self._files.get(filename)
        if data is None:
            raise NotFound
        response = Response(data, content_type=_KINDS[PurePosixPath(filename).suffix])
        response.headers["Cache-Control"] = _KEEP
        return response

    def words(self, tag: str) -> ResponseReturnValue:
        """Return what the scripts say in a language: English sentences and what they are there.

        Raises:
            NotFound: The page doesn't speak it.
        """
        if tag not in self._words:
            raise NotFound
        return Response(self._words[tag], content_type="application/json")

    def favicon(self) -> ResponseReturnValue:
        """Send browsers that look for an icon of their own accord to it."""
        return Response(
            status=308, headers={"Location": url_for("pages.static", filename="icon.svg")}
        )

    def _tag(self) -> str:
        """Return the language of the page: the first that is wanted and that it speaks."""
        accepted = (tag for tag, quality in request.accept_languages if quality > 0)
        for wanted in (self._language(), *accepted):
            for tag in self._close_to(wanted):
                return tag
        return SOURCE

    def _close_to(self, wanted: str) -> Iterator[str]:
        known = (SOURCE, *self._words)
        yield from (tag for tag in known if tag.lower() == wanted.lower())
        yield from (tag for tag in known if _primary(tag) == _primary(wanted))


def _primary(tag: str) -> str:
    return tag.lower().replace("_", "-").partition("-")[0]


def _direction_of(words: bytes) -> str:
    """Return `rtl` for words with any letter that is written from right to left, else `ltr`."""
    classes = (unicodedata.bidirectional(letter) for letter in words.decode())
    return "rtl" if any(kind in _RIGHT_TO_LEFT for kind in classes) else "ltr"


def _digest_of(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in files.items():
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()[:VERSION_DIGITS]
