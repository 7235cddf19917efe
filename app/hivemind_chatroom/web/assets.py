"""The static files of the page: what they are, and how long a browser keeps them."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from hivemind_chatroom.web.bundles import (
    Words,
    bundles_of,
    small_script,
    small_sheet,
    translated,
    whole_sheet,
)

VERSION_DIGITS: Final = 12
"""Of the SHA-256 over all files."""

_KEEP: Final = "public, max-age=31536000, immutable"
"""A year (RFC 8246 for the last word); another version has another address."""

_ASK: Final = "no-cache"

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".wav": "audio/wav",
    }
)
"""What is served, and as what. Python would ask the system, and Windows may know .js as text/plain,
which no browser runs."""

_ICON: Final = "icon.svg"
_PAGES: Final = ("door", "main")
"""The modules that a page begins with; they and what comes with them are sent in each language."""
_WORKER: Final = "worker"
"""The module that the worker begins with. It says nothing, and is one for tabs in all languages."""
_COMPRESSED: Final = frozenset({".css", ".js", ".json", ".svg"})
"""The others are compressed already, or played in parts."""


class Assets:
    """The files of a folder, held in memory, under an address that changes when any of them does.

    The version is a part of the path, not of the query: modules import each other by relative
    paths, and so all of them come from the same version.
    """

    def __init__(self, folder: Path, words: Mapping[str, Words]) -> None:
        """Read all files of the kinds that are served.

        Args:
            folder: Where they are.
            words: What the scripts say, by the languages' tags.
        """
        self._files = _read(folder) | _scripts(folder / "js", words) | _sheets(folder / "css")
        self._zipped = {
            name: gzip.compress(data, mtime=0)
            for name, data in self._files.items()
            if PurePosixPath(name).suffix in _COMPRESSED
        }
        self.version = _digest_of(self._files)

    def install(self, app: Flask) -> None:
        """Serve the files; `url_for("static", filename=...)` gives their addresses."""
        app.add_url_rule(f"/static/{self.version}/<path:filename>", "static", self.versioned)
        app.add_url_rule("/static/<path:filename>", "latest", self.latest)
        app.add_url_rule("/favicon.ico", "favicon", self.favicon)

    def versioned(self, filename: str) -> Response:
        """Return a file under an address that will never mean anything else."""
        return self._response(filename, _KEEP)

    def latest(self, filename: str) -> Response:
        """Return a file that the browser asks about anew each time."""
        return self._response(filename, _ASK)

    def favicon(self) -> Response:
        """Return the icon where browsers look that have read no page: beside an error, or JSON."""
        return self.latest(_ICON)

    def _response(self, filename: str, cache_control: str) -> Response:
        plain = self._files.get(filename)
        if plain is None:
            raise NotFound
        zipped = self._zipped.get(filename) if request.accept_encodings["gzip"] else None
        data = plain if zipped is None else zipped
        response = Response(data, content_type=_KINDS[PurePosixPath(filename).suffix])
        response.headers["Cache-Control"] = cache_control
        response.vary.add("Accept-Encoding")
        if zipped is not None:
            response.content_encoding = "gzip"
        response.set_etag(self.version if zipped is None else f"{self.version}-gzip")
        # Safari plays no sound that it can't have in parts.
        response.make_conditional(request, accept_ranges=True, complete_length=len(data))
        return response


def _read(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in _KINDS
    }


def _scripts(folder: Path, words: Mapping[str, Words]) -> dict[str, bytes]:
    """Return each script as it is sent.

    Browsers ask for bundles. Each module is there on its own too: tests try single ones in a page.
    """
    modules = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.js"))}
    sent = {name: small_script(source) for name, source in modules.items()}
    for page in _PAGES:
        files = bundles_of(page, modules, apart=_PAGES)
        sent |= {
            f"{name}.{tag}": translated(script, tag, said)
            for tag, said in words.items()
            for name, script in files.items()
        }
    sent |= bundles_of(_WORKER, modules)
    return {f"js/{name}.js": source.encode() for name, source in sent.items()}


def _sheets(folder: Path) -> dict[str, bytes]:
    sheets = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.css"))}
    return {f"css/{name}.css": small_sheet(whole_sheet(name, sheets)).encode() for name in sheets}


def _digest_of(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in files.items():
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()[:VERSION_DIGITS]
