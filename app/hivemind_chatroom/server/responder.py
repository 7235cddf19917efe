"""How a request becomes the app's answer, and how an answer becomes a stream.

A view that answers with an event stream calls `environ["hivemind_chatroom.hand_over"]` with the
mark and the audience, and returns an ordinary response whose body is the backlog. The gateway
sends head and body and then hands the socket to the stream thread, so that no worker stays with
it. A key in the environ, like PEP 3333's `wsgi.file_wrapper`, holds whatever the framework wraps
around the response, needs no import between web and server, and where it is absent (a test client,
another server) the same response is a complete answer: the backlog.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any, Final, Protocol

from cheroot.server import HTTPRequest
from cheroot.wsgi import Gateway_10

from hivemind_chatroom.server.connection import SERVER_NAME
from hivemind_chatroom.server.opening import Opening
from hivemind_chatroom.server.proxies import Caller
from hivemind_chatroom.server.run import Audience, Mark

HAND_OVER: Final = "hivemind_chatroom.hand_over"
"""The key in the WSGI environ; its value is a `HandOver`."""
_KEYS: Final = MappingProxyType(
    {
        b"Content-Length": "CONTENT_LENGTH",
        b"Content-Type": "CONTENT_TYPE",
        b"Accept": "HTTP_ACCEPT",
        b"Accept-Encoding": "HTTP_ACCEPT_ENCODING",
        b"Accept-Language": "HTTP_ACCEPT_LANGUAGE",
        b"Cookie": "HTTP_COOKIE",
        b"Host": "HTTP_HOST",
        b"Origin": "HTTP_ORIGIN",
        b"User-Agent": "HTTP_USER_AGENT",
    }
)
"""The keys of header fields in an environ: two without HTTP_, and those that nearly all send."""
_FRAMING: Final = frozenset({b"connection", b"content-length", b"transfer-encoding"})


class HandOver(Protocol):
    """What a view calls to make its response the beginning of a stream."""

    def __call__(self, mark: Mark, audience: Audience | None) -> None:
        """Follow the run after the response's body.

        It counts when the response is a 200 to anything but HEAD.

        Args:
            mark: Taken before the body was read from the log.
            audience: Whose private chunks the stream gets; None for nobody's.
        """
        ...


class Responder(Gateway_10):
    """Calls the app for one request."""

    def __init__(self, req: HTTPRequest) -> None:
        """Find out whose request it is, and prepare the environ."""
        self._caller: Caller = req.server.proxies.caller(req.conn.remote_addr, req.inheaders)
        req.conn.outlet.address = self._caller.address
        self._course: tuple[Mark, Audience | None] | None = None
        super().__init__(req)

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override] # the stub says None
        """Return the WSGI environ with our key in it, and the visitor in a proxy's stead."""
        request = self.req
        host, port = request.server.bind_addr
        hand_over: HandOver = self._hand_over
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method.decode("ascii"),
            "REQUEST_URI": request.uri.decode("latin-1"),
            "SCRIPT_NAME": "",
            "PATH_INFO": request.path.decode("latin-1"),
            "QUERY_STRING": request.qs.decode("latin-1"),
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": request.request_protocol.decode("ascii"),
            "SERVER_SOFTWARE": request.server.software,
            "REMOTE_ADDR": self._caller.address,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https" if self._caller.is_secure else "http",
            "wsgi.input": request.conn.rfile,  # at the body, all of which is there
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            HAND_OVER: hand_over,
        }
        for name, value in request.inheaders.items():
            key = _KEYS.get(name) or _key_of(name)
            environ[key] = value.decode("latin-1")
        return environ

    def start_response(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: Any = None,  # noqa: ANN401 - PEP 3333's
    ) -> Callable[[bytes], object]:
        """Begin the response (PEP 3333); the usual one without asking each field what it is.

        Raises:
            RuntimeError: It has begun already, and no failure is the reason for another one.
            Exception: The failure in `exc_info`, when its head is sent already.
        """
        if self.started_response or exc_info:
            if exc_info and not self.req.sent_headers:
                self.req.outheaders.clear()  # "set aside", says PEP 3333; cheroot adds to them
            super().start_response(status, headers, exc_info)
            return self.write
        self.started_response = True
        self.req.status = status.encode("latin-1")
        for name, value in headers:
            if name.lower() == "content-length":
                self.remaining_bytes_out = int(value)
            self.req.outheaders.append((name.encode("latin-1"), value.encode("latin-1")))
        return self.write

    def respond(self) -> None:
        """Answer the request."""
        try:
            answer = self.req.server.wsgi_app(self.env, self.start_response)
        except SystemExit as error:  # cheroot would stop the whole server for it
            raise RuntimeError("a view asked the process to exit") from error
        try:
            self._send(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()

    def _send(self, answer: Iterable[bytes]) -> None:
        is_stream = self.req.status[:3] == b"200" and self.req.method != b"HEAD"
        if self._course is not None and is_stream:
            self._begin_stream(b"".join(answer), *self._course)
            return
        try:
            for chunk in filter(None, answer):
                self.write(chunk)
            self.req.ensure_headers_sent()
        finally:
            self.req.conn.outlet.flush()

    def _hand_over(self, mark: Mark, audience: Audience | None) -> None:
        self._course = (mark, audience)

    def _begin_stream(self, backlog: bytes, mark: Mark, audience: Audience | None) -> None:
        """Leave the answer to the stream thread; it ends with the connection (RFC 9112 6.3).

        Raises:
            OSError: Too much is held for clients who don't take it. The connection closes without
                an answer, so that the browser tries again.
        """
        fields = [each for each in self.req.outheaders if each[0].lower() not in _FRAMING]
        fields += [
            (b"Date", self.req.server.date()),
            (b"Server", SERVER_NAME),
            (b"Connection", b"close"),
        ]
        lines = [name + b": " + value for name, value in fields]
        head = b"\r\n".join([b"HTTP/1.1 200 OK", *lines, b"", b""])
        self.req.sent_headers = True
        self.req.close_connection = True
        connection = self.req.conn
        connection.outlet.hold(head + backlog)
        connection.opening = Opening(connection.outlet, mark, audience)


def _key_of(name: bytes) -> str:
    return "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
