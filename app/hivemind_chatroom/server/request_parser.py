"""The request parser: bytes in, one request of HTTP/1.1 out (RFC 9112), piece by piece.

It is pure, so that the accepting thread can collect a request without waiting and a worker only
ever gets a whole one. It reads strictly: what two readers may understand in two ways, folded lines,
two lengths, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from hivemind_chatroom.server.limits import Limits

CHUNK_LINE_BYTES: Final = 256
TRAILER_LINES: Final = 32

_CRLF: Final = b"\r\n"
_HEAD_END: Final = b"\r\n\r\n"
_ONCE: Final = frozenset(
    {b"Content-Length", b"Content-Type", b"Host", b"Origin", b"Transfer-Encoding"}
)
"""Fields that decide something: two of them would be two answers to one question."""
_FIELD: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*+([^\x00\r\n]*+)")
"""Nothing that was matched is given back (`*+`): else a field of 16 kB of blanks that is none in
the end would be tried anew from each of them, with Python's lock held for a second."""
_LENGTH: Final = re.compile(rb"[0-9]{1,18}")
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[^\r\n]*)?")


class _RefusedError(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class RequestParser:
    """Collects one request; what comes after it is the next one's."""

    def __init__(self, limits: Limits) -> None:
        """Wait for the first byte."""
        self._limits = limits
        self._buffer = bytearray()
        self._searched = 0
        self._length = 0
        self._body_bytes = limits.body_bytes
        self._trailers = 0
        self._expects_go_ahead = False
        self._read_on: Callable[[], bool] = self._read_head
        self.line = b""
        """The request line, without its end."""
        self._body = bytearray()
        self.fields: dict[bytes, bytes] = {}
        """The header fields by their names in Title-Case; chunks have become a length."""
        self.refusal: HTTPStatus | None = None
        """How to answer instead of the app, when this can't or mustn't become a request."""
        self.is_complete = False
        """Whether there is something to answer: a whole request, or one to refuse."""

    @property
    def has_begun(self) -> bool:
        """Whether any of the request is there."""
        return bool(self._buffer or self.line)

    @property
    def has_more(self) -> bool:
        """Whether something of the next request has come along."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> None:
        """Add what has come in."""
        self._buffer += data
        try:
            while not self.is_complete and self._read_on():
                pass
        except _RefusedError as refused:
            self.refusal = refused.status
            self.is_complete = True

    def wants_go_ahead(self) -> bool:
        """Return whether the client holds its body back for a "100 Continue"; True once."""
        wants = self._expects_go_ahead and not self.is_complete
        self._expects_go_ahead = False
        return wants

    def line_and_body(self) -> bytes:
        """Return the request as cheroot reads it, who gets the fields by themselves."""
        return b"%s\r\n%s" % (self.line, self._body)

    def next(self) -> RequestParser:
        """Return the parser of the following request, with what of it has come already."""
        following = RequestParser(self._limits)
        following.feed(bytes(self._buffer))
        return following

    # Each of these reads one part, if it is all there, and returns whether it was.

    def _read_head(self) -> bool:
        while self._buffer.startswith(_CRLF):  # RFC 9112 2.2: to be ignored before a request
            self._take(2)
        end = self._buffer.find(_HEAD_END, self._searched)
        size = len(self._buffer) if end < 0 else end + len(_HEAD_END)
        if size > self._limits.header_bytes:
            raise _RefusedError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if end < 0:
            line_end = self._buffer.find(b"\n")
            if line_end >= 0 and self._buffer[line_end - 1 : line_end] != b"\r":
                raise _RefusedError(HTTPStatus.BAD_REQUEST)
            self._searched = max(0, size - len(_HEAD_END) + 1)
            return False
        self.line, *lines = self._take(size).split(_CRLF)[:-2]
        self.fields = _fields(lines)
        if self._limits.body_bytes_of:
            self._body_bytes = self._limits.body_bytes_of(self.fields)
        self._expects_go_ahead = self.fields.pop(b"Expect", b"").lower() == b"100-continue"
        self._choose_body()
        return True

    def _choose_body(self) -> None:
        coding = self.fields.pop(b"Transfer-Encoding", None)
        length = self.fields.get(b"Content-Length", b"0")
        if coding is None:
            self._length = int(length)
            if self._length > self._body_bytes:
                raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            self._read_on = self._read_body
        elif coding.lower() != b"chunked":
            raise _RefusedError(HTTPStatus.NOT_IMPLEMENTED)
        elif b"Content-Length" in self.fields or not self.line.endswith(b" HTTP/1.1"):
            raise _RefusedError(HTTPStatus.BAD_REQUEST)  # RFC 9112 6.1: where would it end?
        else:
            self._read_on = self._read_chunk

    def _read_body(self) -> bool:
        if len(self._buffer) < self._length:
            return False
        self._body += self._take(self._length)
        self.is_complete = True
        return True

    def _read_chunk(self) -> bool:
        line = self._peek_line()
        if line is None:
            return False
        found = _CHUNK.fullmatch(line)
        if found is None:
            raise _RefusedError(HTTPStatus.BAD_REQUEST)
        size = int(found[1], 16)
        if len(self._body) + size > self._body_bytes:
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        start = len(line) + 2
        if size == 0:
            self._take(start)
            self._read_on = self._read_trailer
            return True
        if len(self._buffer) < start + size + 2:
            return False
        chunk = self._take(start + size + 2)
        if not chunk.endswith(_CRLF):
            raise _RefusedError(HTTPStatus.BAD_REQUEST)
        self._body += chunk[start:-2]
        return True

    def _read_trailer(self) -> bool:
        line = self._peek_line()
        if line is None:
            return False
        self._take(len(line) + 2)
        self._trailers += 1
        if self._trailers > TRAILER_LINES:
            raise _RefusedError(HTTPStatus.BAD_REQUEST)
        if not line:
            self.fields[b"Content-Length"] = str(len(self._body)).encode("ascii")
            self.is_complete = True
        return True

    def _peek_line(self) -> bytes | None:
        end = self._buffer.find(_CRLF, 0, CHUNK_LINE_BYTES)
        if end < 0 and len(self._buffer) >= CHUNK_LINE_BYTES:
            raise _RefusedError(HTTPStatus.BAD_REQUEST)
        return bytes(self._buffer[:end]) if end >= 0 else None

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def _fields(lines: list[bytes]) -> dict[bytes, bytes]:
    """Return header fields by name; those with an underscore are left out.

    WSGI could not tell X_Forwarded_For from X-Forwarded-For.
    """
    fields: dict[bytes, bytes] = {}
    for line in lines:
        found = _FIELD.fullmatch(line)
        if found is None:
            raise _RefusedError(HTTPStatus.BAD_REQUEST)
        name, value = found[1].title(), found[2].rstrip(b" \t")
        if name not in fields:
            fields[name] = value
        elif name in _ONCE:
            raise _RefusedError(HTTPStatus.BAD_REQUEST)
        else:
            fields[name] += (b"; " if name == b"Cookie" else b", ") + value
    if not _LENGTH.fullmatch(fields.get(b"Content-Length", b"0")):
        raise _RefusedError(HTTPStatus.BAD_REQUEST)
    return {name: value for name, value in fields.items() if b"_" not in name}
