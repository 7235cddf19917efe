"""Fakes that implement the ports: what tests put in the place of clocks, languages and streams."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hivemind_chatroom.room.feed import Event

STARTED_AT = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
"""When the fake clock begins."""


class FakeClock:
    """A `Clock` that stands still until it is told to go on."""

    def __init__(self) -> None:
        self._monotonic = 1_000.0
        self._now = STARTED_AT

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self._monotonic += seconds
        self._now += timedelta(seconds=seconds)

    def set_back(self, seconds: float) -> None:
        """Correct the wall clock, as NTP or a person does; no time passes."""
        self._now -= timedelta(seconds=seconds)


class FakeLanguages:
    """`Languages` that knows these few."""

    _SPOKEN = ("en", "en-US", "pt", "pt-PT", "ar", "de")

    def standard(self, tag: str) -> str | None:
        by_lower = {spoken.lower(): spoken for spoken in self._SPOKEN}
        return by_lower.get(tag.lower())


class CountedLock:
    """A lock that knows how many have come for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.come = threading.Semaphore(0)

    def __enter__(self) -> None:
        self.come.release()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class FeedRecorder:
    """A listener of the feed that remembers what it was told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Event]) -> list[Event]:
        """Return the events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]


@dataclass(frozen=True, slots=True)
class FakeMark:
    """A point in what was published."""

    position: int
    last_id: int


@dataclass(frozen=True, slots=True)
class Published:
    """One call of `publish`."""

    chunk: bytes
    last_id: int | None
    audience: str | None


class FakeStreams:
    """`Streams` that keep what is published, and know who would hear it."""

    def __init__(self, last_id: int = 0) -> None:
        self.published: list[Published] = []
        self.closed: list[str] = []
        self._last_id = last_id

    def publish(
        self, chunk: bytes, *, last_id: int | None = None, audience: str | None = None
    ) -> None:
        self.published.append(Published(chunk, last_id, audience))
        self._last_id = max(self._last_id, last_id or 0)

    def mark(self) -> FakeMark:
        return FakeMark(len(self.published), self._last_id)

    def close_audience(self, audience: str) -> None:
        self.closed.append(audience)

    def heard_by(self, audience: str | None, since: FakeMark | None = None) -> bytes:
        """Return all that a stream of this audience has been sent since a mark."""
        start = since.position if since else 0
        return b"".join(
            each.chunk
            for each in self.published[start:]
            if each.audience is None or each.audience == audience
        )
