"""What every request must have and every response carries; docs/http-api.md says it in words."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask import Flask, Request

from hivemind_chatroom.errors import (
    BodyTooLargeError,
    HostUnknownError,
    MediaTypeError,
    OriginForeignError,
)
from hivemind_chatroom.room.limits import TokenBuckets
from hivemind_chatroom.web.lean import BODY_MAX_BYTES, asked
from hivemind_chatroom.web.visitors import COOKIE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "media-src http: https:; connect-src 'self'; worker-src 'self'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
            # shared.js vouches by one for the address of our worker, markdown.js by the other for
            # HTML that it reads and never puts into the page.
            "trusted-types worker markdown"
        ),
        "X-Content-Type-Options": "nosniff",
        # Not no-referrer: under it, browsers call our own form's origin "null" (Fetch, 3.1), and
        # the page without scripts could not post.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    }
)
"""On every response of the app: pages, errors, redirects and static files."""

_FIELDS: Final = tuple(
    (name.lower(), (name, value))
    for name, value in (*HEADERS.items(), ("Cache-Control", "no-store"))
)
"""By the lower case of their names: whatever is added to a response that hasn't its own."""

_Fields = list[tuple[str, str]]

_ISOLATION: Final = ("Cross-Origin-Opener-Policy", "same-origin")
"""Over HTTPS only: elsewhere browsers ignore it, and say so on every page's console."""

_FILES: Final = "/static/"
"""Not counted: they cost next to nothing, a school opens thousands at once from one address, and a
page that misses one of its modules is no page."""

_HEALTH: Final = "/healthz"
"""Asked by the other rooms of the LAN every few seconds: no visitor."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""The methods that change nothing (RFC 9110, 9.2.1)."""

_HOST: Final = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[^\[\]:@/?#\s]+))(?::[0-9]*)?")
_PORT: Final = re.compile(r":([0-9]{1,5})$")
_DEFAULT_PORTS: Final = MappingProxyType({"http": 80, "https": 443})

Hosts = Callable[[], AbstractSet[str]]
"""Returns the names and addresses of this room: lower case, without ports and brackets."""


class Guard:
    """Refuses what no page of ours and no honest script would send."""

    def __init__(
        self, hosts: Hosts, addresses: TokenBuckets, on_visit: Callable[[str], None]
    ) -> None:
        """Guard a room.

        Args:
            hosts: What it is called.
            addresses: How fast each may ask.
            on_visit: Told the address of each request that calls the room by its name, but of none
                that asks whether it is there.
        """
        self._hosts = hosts
        self._addresses = addresses
        self._on_visit = on_visit

    def install(self, app: Flask) -> None:
        """Stand before and behind every route of `app`."""
        app.before_request(self.check)
        # Not after_request: Flask's own way to put fields on a response costs as much as the guard.
        app.wsgi_app = Protected(app.wsgi_app)  # type: ignore[method-assign] # as Flask documents

    def check(self) -> None:
        """Let a request pass, or say why not.

        The body is read first: what a refusal leaves unread in a connection would be taken for
        the next request.

        Raises:
            BodyTooLargeError: Its body is larger than `BODY_MAX_BYTES`.
            HostUnknownError: It calls us by a name that isn't ours (DNS rebinding).
            TooFastError: Too many come from its address.
            OriginForeignError: Another site's page wants to change something.
            MediaTypeError: It wants to change something by a body that a foreign form could send.
        """
        request = asked()
        if len(request.get_data()) > BODY_MAX_BYTES:
            raise BodyTooLargeError("That is more than a request may hold.")
        if not is_ours(request.environ.get("HTTP_HOST", ""), self._hosts()):
            raise HostUnknownError("This room isn't called that. Use the address on the host.")
        address = request.remote_addr or ""
        path = request.path
        if path != _HEALTH:
            self._on_visit(address)
        if not path.startswith(_FILES):
            self._addresses.take(address)
        if request.method not in _SAFE:
            _check_origin(request)
            _check_media_type(request)


class Protected:
    """An app with the protective headers on every response; one that it has of its own stays."""

    def __init__(self, app: WSGIApplication) -> None:
        """Protect what `app` answers."""
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        is_secure = environ["wsgi.url_scheme"] == "https"

        def start(status: str, headers: _Fields, *failure: Any) -> Callable[[bytes], object]:  # noqa: ANN401 - PEP 3333's exc_info
            own = {name.lower() for name, _ in headers}
            headers += [field for key, field in _FIELDS if key not in own]
            if is_secure:
                headers.append(_ISOLATION)
            return start_response(status, headers, *failure)

        return self._app(environ, start)


def host_of(header: str) -> str | None:
    """Return the name or address in a Host header, in one spelling; None when it has none.

    Args:
        header: As it came: any case, with or without port, brackets and a final dot.
    """
    found = _HOST.fullmatch(header.lower())
    if found is None:
        return None
    name = found["v6"] or found["name"].removesuffix(".")
    try:
        return ipaddress.ip_address(name).compressed
    except ValueError:
        return None if found["v6"] else name


def is_ours(header: str, hosts: AbstractSet[str]) -> bool:
    """Tell whether a Host header names this room."""
    found = _HOST.fullmatch(header.lower())
    # Nearly always it is spelled as we spell it, and need not be read as an address first.
    return found is not None and (found["name"] in hosts or host_of(header) in hosts)


def is_same_origin(origin: str, scheme: str, host_header: str) -> bool:
    """Tell whether an Origin header is that of the page a request was sent to.

    Args:
        origin: The header; `null` is nobody's origin.
        scheme: How the request came, `http` or `https`.
        host_header: Its Host header.
    """
    if origin == f"{scheme}://{host_header}" and _HOST.fullmatch(host_header):
        return True  # as browsers spell it
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    if parts.path or parts.query or parts.fragment:
        return False
    ours = (scheme, host_of(host_header), _port_of(scheme, host_header))
    return (parts.scheme, host_of(parts.netloc), _port_of(parts.scheme, parts.netloc)) == ours


def _port_of(scheme: str, host_header: str) -> int | None:
    found = _PORT.search(host_header)
    return int(found[1]) if found else _DEFAULT_PORTS.get(scheme)


def _check_origin(request: Request) -> None:
    origin = request.environ.get("HTTP_ORIGIN")
    if origin is None:
        # A script has no Origin; with a cookie it would be a browser's, and browsers have one.
        trusted = COOKIE not in request.cookies
    else:
        trusted = is_same_origin(origin, request.scheme, request.environ.get("HTTP_HOST", ""))
    if not trusted:
        raise OriginForeignError("This can only be asked from the room's own page.")


def _check_media_type(request: Request) -> None:
    if not request.path.startswith("/api/"):
        return
    if request.method == "DELETE" and not request.get_data():
        return
    if request.mimetype != "application/json":
        raise MediaTypeError("The body is sent as application/json.")
