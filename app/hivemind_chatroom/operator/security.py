"""Who may call the operator's listener, and what every answer of it carries.

A web page of anybody's can make this computer's browser send requests to 127.0.0.1. What stops it:
the token, which no browser sends by itself and no other page can read; the name the request calls
us by, which is foreign where a name was bent to 127.0.0.1 (DNS rebinding); the origin.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from flask import Flask, Response, request

from hivemind_chatroom.errors import (
    BodyTooLargeError,
    HostUnknownError,
    MediaTypeError,
    OriginWrongError,
    TokenWrongError,
)

TOKEN_HEADER: Final = "X-Operator-Token"  # noqa: S105 - the header's name

BODY_MAX_BYTES: Final = 64 * 1024
"""The largest body but that of a restore; what a hub prints has a tenth of it."""

BACKUP_MAX_BYTES: Final = 64 << 20
"""The largest backup that is taken back here; a room of 100,000 messages has a quarter of it."""

RESTORE: Final = frozenset({"/api/restore", "/api/restore/check"})

HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",  # 127.0.0.1 is trustworthy without TLS
        # Only what Qt's browser knows too: it complains of other names on every page's console.
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    }
)
"""On every response: pages, errors and files."""

_API: Final = "/api/"
_JSON: Final = "application/json"
_ZIP: Final = "application/zip"
_READING: Final = frozenset({"GET", "HEAD"})


def body_limit(token: str) -> Callable[[Mapping[bytes, bytes]], int]:
    """Return what tells the most bytes of a request's body by its header fields.

    Only who has the token may send a backup: any page's requests come as far as the listener, and
    it would keep their bodies in memory.

    Args:
        token: The secret of this launch.
    """
    right, field = token.encode("utf-8"), TOKEN_HEADER.encode("ascii")

    def most(fields: Mapping[bytes, bytes]) -> int:
        is_right = hmac.compare_digest(fields.get(field, b""), right)
        return BACKUP_MAX_BYTES if is_right else BODY_MAX_BYTES

    return most


class Guard:
    """Refuses whatever is not the operator's own page or script."""

    def __init__(self, token: str, port: Callable[[], int]) -> None:
        """Let those in who have `token`.

        Args:
            token: The secret of this launch.
            port: Returns the port of the listener, which has none yet when the app is made.
        """
        self._token = token.encode("utf-8")
        self._port = port

    def install(self, app: Flask) -> None:
        """Stand before and behind every route of `app`."""
        app.before_request(self.check)
        app.after_request(add_headers)

    def check(self) -> None:
        """Let a request pass, or say why not.

        Raises:
            HostUnknownError: It calls us by another name than the one we are to be called by.
            OriginWrongError: It comes from a page that isn't ours.
            TokenWrongError: It is for the API and has not the token.
            BodyTooLargeError: Its body is larger than the route's may be.
            MediaTypeError: Its body is of another kind than the route takes.
        """
        host = request.environ.get("HTTP_HOST", "")
        if host not in self._names():
            raise HostUnknownError("The operator's page isn't called that.")
        if request.headers.get("Origin", f"http://{host}") != f"http://{host}":
            raise OriginWrongError("This can only be asked from the operator's own page.")
        if not request.path.startswith(_API):
            return
        given = request.headers.get(TOKEN_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._token):
            raise TokenWrongError("Open the operator's page from the program: its key is new.")
        _check_body()

    def _names(self) -> tuple[str, str]:
        port = self._port()
        return f"127.0.0.1:{port}", f"localhost:{port}"


def add_headers(response: Response) -> Response:
    """Put the protective headers on a response."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _check_body() -> None:
    is_restore = request.path in RESTORE
    most = BACKUP_MAX_BYTES if is_restore else BODY_MAX_BYTES
    if (request.content_length or 0) > most:
        raise BodyTooLargeError("That is more than a request may hold.")
    wanted = _ZIP if is_restore else _JSON
    if request.method not in _READING and request.mimetype != wanted:
        raise MediaTypeError(f"The body is sent as {wanted}.")
