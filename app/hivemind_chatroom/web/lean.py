"""Flask without what the room has no use for: what is left out here is a third of what it costs."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO, Any, Final

from flask import Flask, Request, request
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.routing import MapAdapter
from werkzeug.utils import cached_property

BODY_MAX_BYTES: Final = 16 * 1024
"""The largest body; the longest message with its JSON around it is less than half of it."""


class LeanRequest(Request):
    """A request whose body is small, and read at once."""

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body, of one that is too large a byte more than may be.

        Werkzeug's stream reads in steps of 64 kB, and clears as much memory for each.
        """
        return io.BytesIO(self.environ["wsgi.input"].read(BODY_MAX_BYTES + 1))


class _NoSessions(SessionInterface):
    """Flask's sessions, which nobody uses: who asks is known by `visitors.py`."""

    def __init__(self) -> None:
        self._none: Final = self.null_session_class()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:  # noqa: ARG002
        return self._none


class LeanFlask(Flask):
    """A Flask whose views are plain functions, on one host, without sessions."""

    request_class: type[Request] = LeanRequest
    session_interface: SessionInterface = _NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a view or a hook as it is: none of ours is a coroutine."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what finds the route of a request.

        Flask looks at the Host field here, for apps whose routes depend on it. Ours don't, and
        what a request may call us is looked at by the guard, which comes before every route.
        """
        if request is None:
            return super().create_url_adapter(None)
        return MapAdapter(
            self.url_map,
            server_name=request.environ.get("HTTP_HOST", ""),
            script_name="/",
            subdomain="",
            url_scheme=request.scheme,
            path_info=request.environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
            default_method=request.method,
            query_args=request.environ.get("QUERY_STRING", ""),
        )


def asked() -> Request:
    """Return the request that is answered now; `flask.request` finds it anew each time."""
    current: Request = request._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - as Flask's documentation does it
    return current
