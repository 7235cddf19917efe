"""A connection and its requests: what cheroot is given to read, and where it writes."""

from __future__ import annotations

import contextlib
import io
import json
import re
import socket
from http import HTTPStatus
from typing import Final

from cheroot.server import HTTPConnection, HTTPRequest

from hivemind_chatroom.errors import BodyTooLargeError
from hivemind_chatroom.server.limits import Limits
from hivemind_chatroom.server.opening import Opening
from hivemind_chatroom.server.outlet import Outlet
from hivemind_chatroom.server.request_parser import RequestParser
from hivemind_chatroom.server.watch import NOTHING

RECEIVE_BYTES: Final = 16_384
SERVER_NAME: Final = b"hivemind-chatroom"
"""The Server field of an answer; no version, which would only help an attacker choose."""
GO_AHEAD: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_USUAL_LINE: Final = re.compile(
    rb"(DELETE|GET|HEAD|PATCH|POST) (/(?!/)[0-9A-Za-z/._~-]*)(?:\?([!\"$-~]*))? HTTP/1\.1"
)
"""A request line as nearly all are: nothing is encoded in its path, and it means one thing."""
_HEAD: Final = b"HTTP/1.1 %s\r\n%s%sDate: %s\r\nServer: %s\r\n\r\n"
_CLOSE: Final = b"Connection: close\r\n"
_CHEROOTS: Final = frozenset({b"connection", b"date", b"server"})
"""Fields that an app may leave to the server, which then has to look at what they say."""
_REFUSAL_FIELDS: Final = (
    "Cache-Control: no-store\r\n"
    "Connection: close\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Content-Type-Options: nosniff\r\n"
)


class Request(HTTPRequest):
    """One request, which has come in whole; cheroot reads its first line."""

    def parse_request(self) -> None:
        """Read the request; `ready` says whether it is one for the app."""
        refusal = self.conn.parser.refusal
        if refusal is not None:
            self.refuse(refusal)
            return
        try:
            super().parse_request()
        except ValueError:  # urlsplit of "//[", which cheroot 11.1.2 would answer with a 500
            self.refuse(HTTPStatus.BAD_REQUEST)

    def read_request_line(self) -> bool:
        """Read the first line; the usual one without looking for all that may be odd in others."""
        found = _USUAL_LINE.fullmatch(self.conn.parser.line)
        if found is None:
            return bool(super().read_request_line())  # type: ignore[no-untyped-call]
        self.conn.rfile.readline()
        self.started_request = True
        self.method, self.path, self.qs = found[1], found[2], found[3] or b""
        self.uri = self.conn.parser.line.split(b" ", 2)[1]
        self.authority = b""
        self.request_protocol, self.response_protocol = b"HTTP/1.1", "HTTP/1.1"
        return True

    def header_reader(self, _rfile: object, fields: dict[bytes, bytes]) -> None:
        """Fill in the header fields, which the parser has read."""
        fields.update(self.conn.parser.fields)

    def ensure_headers_sent(self) -> None:
        """Have the head go out along with the body's beginning: one packet and one call less."""
        if not self.sent_headers:
            self.conn.outlet.keep_next()
            super().ensure_headers_sent()

    def send_headers(self) -> None:
        """Send the head; the usual one in one piece."""
        names = {name.lower() for name, _ in self.outheaders}
        if (
            self.response_protocol != "HTTP/1.1"
            or b"content-length" not in names
            or not names.isdisjoint(_CHEROOTS)
        ):
            super().send_headers()
            return
        if not self.server.can_add_keepalive_connection:
            self.close_connection = True
        lines = [b"%s: %s\r\n" % field for field in self.outheaders]
        end = _CLOSE if self.close_connection else b""
        self.conn.wfile.write(
            _HEAD % (self.status, b"".join(lines), end, self.server.date(), SERVER_NAME)
        )

    def simple_response(self, status: str | int, msg: str = "") -> None:  # noqa: ARG002
        """Refuse the request, as cheroot asks; its message may quote the client and stays here."""
        self.refuse(HTTPStatus(int(str(status)[:3])))

    def refuse(self, status: HTTPStatus) -> None:
        """Answer in the app's stead, and close."""
        self.sent_headers = True
        self.close_connection = True
        self.conn.refused = True
        with contextlib.suppress(OSError):
            self.conn.wfile.write(refusal(status))


class Connection(HTTPConnection):
    """A client's connection, until it closes or becomes a stream.

    The lobby collects a request with `receive`, a worker answers it with `communicate`, the lobby
    sends on what the client did not take at once; they take turns and are never in here together.
    """

    RequestHandlerClass = Request

    def __init__(self, server: object, outlet: Outlet, limits: Limits) -> None:
        """Wrap the socket of an outlet, which was just accepted."""
        sock = outlet.sock
        sock.settimeout(0)
        with contextlib.suppress(OSError):  # the client has left: `receive` will tell
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(server, sock, lambda *_: outlet)
        # cheroot caches these two in the object itself: a cycle, which would keep closed
        # connections in memory until the next garbage collection.
        del self.get_peer_creds, self.resolve_peer_creds
        self.remote_addr = outlet.address
        self.outlet = outlet
        """Where the answer goes, which is also what cheroot knows as `wfile`."""
        self.parser = RequestParser(limits)
        self.refused = False
        """Whether we answered without having read all, so that the client may still be sending."""
        self.stays = True
        """Whether there may be another request after the answer."""
        self.watched_for = NOTHING
        """Which events of its socket wake the lobby."""
        self.is_served = False
        """Whether a worker has it, and it isn't taken in again."""
        self.answered_at = 0.0
        """When a worker or its client was done with the answer, by the clock of those who wait."""
        self.opening: Opening | None = None
        """Set when the answer is a stream: the socket is no longer ours to write to or to close."""

    @property
    def is_settled(self) -> bool:
        """Whether the request is answered and all of it sent, and nothing else has come."""
        is_owed = self.refused or self.opening is not None or self.parser.has_more
        return self.outlet.is_empty and not is_owed

    def receive(self) -> bool:
        """Take what has come in, without waiting; False when the client has left."""
        try:
            data = self.socket.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if self.refused:
            return bool(data)  # the rest of what we have answered already
        self.parser.feed(data)
        if self.parser.wants_go_ahead():
            with contextlib.suppress(OSError):
                self.socket.send(GO_AHEAD)
        return bool(data)

    def communicate(self) -> bool:
        """Answer the request that was received; True when there may be another."""
        self.rfile = io.BytesIO(self.parser.line_and_body())
        return bool(super().communicate())  # type: ignore[no-untyped-call]

    def turn_page(self) -> None:
        """Begin with the next request."""
        self.parser = self.parser.next()

    def say_no_more(self) -> None:
        """Say that the refusal was all, and go on receiving.

        To close with bytes unread makes the system reset the connection, and the client may lose
        the refusal before it has read it (RFC 9112 9.6).

        Raises:
            OSError: The client has left.
        """
        self.socket.shutdown(socket.SHUT_WR)

    def time_out(self) -> None:
        """Tell a client that has begun a request and not finished it, if it listens."""
        if self.parser.has_begun and not self.refused and self.outlet.is_empty:
            with contextlib.suppress(OSError):
                self.socket.send(refusal(HTTPStatus.REQUEST_TIMEOUT))

    def cut(self) -> None:
        """End whatever a thread waits for at this connection; any thread."""
        if self.opening is None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket, unless it goes on as a stream."""
        if self.opening is None:
            self.cut()
            self.socket.close()
            self.outlet.drop()


def refusal(status: HTTPStatus) -> bytes:
    """Return a whole answer that the app has no part in; 413 is as the API describes it."""
    kind, body = "text/plain; charset=utf-8", f"{status.phrase}.\n"
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        error = {"code": BodyTooLargeError.code, "message": "The request is too large."}
        kind, body = "application/json", json.dumps({"error": error})
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n{_REFUSAL_FIELDS}\r\n"
    )
    return (head + body).encode("ascii")
