"""The run: all the bytes that streams are sent, in one order, kept as long as somebody may lag."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

Audience = str
"""Whose private bytes these are: an opaque key, for example a member's id."""

SPAN_BYTES = 65_536
"""Neighbouring chunks of one audience are kept as one span up to this size, so that lists stay
short and one read finds much to send."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in the run: what is before it is in the log, what is after it is to be sent."""

    position: int
    """Bytes published before this point, everybody's and each audience's together."""
    last_id: int
    """The highest message number published before this point."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that stand next to each other in the run and are for the same ears."""

    start: int
    audience: Audience | None
    """None: for everybody."""
    data: bytes

    @property
    def end(self) -> int:
        """Return the position after the last byte."""
        return self.start + len(self.data)


@dataclass(slots=True)
class _Span:
    start: int
    audience: Audience | None
    data: bytearray = field(default_factory=bytearray)


class Run:
    """A growing run of bytes, safe to use from any thread; the oldest are forgotten on demand."""

    def __init__(self, last_id: int) -> None:
        """Begin empty, behind the log's newest number `last_id`."""
        self._lock = threading.Lock()
        self._spans: list[_Span] = []
        self._end = 0
        self._last_id = last_id

    @property
    def end(self) -> int:
        """Return the position after the newest byte."""
        return self._end

    def append(self, chunk: bytes, audience: Audience | None, last_id: int | None) -> int:
        """Put a chunk at the end, and return the position after it.

        Args:
            chunk: Whole events, encoded.
            audience: Who alone may have it; None for everybody.
            last_id: The number of the message in it, if it is one.
        """
        with self._lock:
            last = self._spans[-1] if self._spans else None
            if last is None or last.audience != audience or len(last.data) >= SPAN_BYTES:
                last = _Span(self._end, audience)
                self._spans.append(last)
            last.data += chunk
            self._end += len(chunk)
            if last_id is not None and last_id > self._last_id:
                self._last_id = last_id
            return self._end

    def mark(self) -> Mark:
        """Return the point after everything published so far."""
        with self._lock:
            return Mark(self._end, self._last_id)

    def between(self, start: int, stop: int) -> list[Piece]:
        """Return what was published from position `start` up to `stop`, in order.

        `start` must not be older than what `forget` has left.
        """
        pieces: list[Piece] = []
        with self._lock:
            first = bisect_right(self._spans, start, key=_start_of) - 1
            for span in self._spans[max(first, 0) :]:
                if span.start >= stop:
                    break
                skip = max(start - span.start, 0)
                data = bytes(span.data[skip : stop - span.start])
                if data:
                    pieces.append(Piece(span.start + skip, span.audience, data))
        return pieces

    def forget(self, before: int) -> None:
        """Give back the memory of what lies wholly before a position."""
        with self._lock:
            old = 0
            for span in self._spans:
                if span.start + len(span.data) > before:
                    break
                old += 1
            del self._spans[:old]


def heard_by(audience: Audience | None, pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces that are for everybody or for this audience."""
    return [piece for piece in pieces if piece.audience is None or piece.audience == audience]


def joined(pieces: Iterable[Piece]) -> bytes:
    """Return the bytes of the pieces as one, for one send."""
    return b"".join([piece.data for piece in pieces])


def position_after(pieces: Iterable[Piece], sent: int, *, otherwise: int) -> int:
    """Return the position of the first byte not sent, after `sent` bytes of the joined pieces.

    Args:
        pieces: What was joined and offered.
        sent: How many of its bytes were taken.
        otherwise: The answer when all of them were.
    """
    for piece in pieces:
        if sent < len(piece.data):
            return piece.start + sent
        sent -= len(piece.data)
    return otherwise


def _start_of(span: _Span) -> int:
    return span.start
