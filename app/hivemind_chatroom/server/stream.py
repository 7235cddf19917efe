"""The stream thread: it owns every open event stream and sends each new byte to all of them.

It knows bytes, positions and audiences, and nothing of events or members. What is published goes
into one run of bytes (`run.py`); each stream follows it from a position of its own (`follower.py`,
`fanout.py`).
"""

from __future__ import annotations

import selectors
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass
from typing import Final

from hivemind_chatroom.server.audiences import Audiences, OnChange
from hivemind_chatroom.server.bell import Bell
from hivemind_chatroom.server.fanout import Fanout
from hivemind_chatroom.server.follower import SEND_BYTES, Follower
from hivemind_chatroom.server.limits import StreamLimits, sockets_at_most
from hivemind_chatroom.server.loop import repeat
from hivemind_chatroom.server.opening import Opening
from hivemind_chatroom.server.pace import rest_s
from hivemind_chatroom.server.run import Audience, Mark, Run

COMMENT: Final = b":\n\n"
"""A comment in text/event-stream (WHATWG HTML 9.2.6): browsers skip it."""


@dataclass(frozen=True, slots=True)
class _Join:
    position: int
    follower: Follower


@dataclass(frozen=True, slots=True)
class _Close:
    position: int
    audience: Audience


class Streams:
    """The open event streams of one listener and the thread that serves them.

    Any thread may call any method; only `stop` waits.
    """

    def __init__(
        self,
        *,
        last_id: int = 0,
        limits: StreamLimits | None = None,
        on_change: OnChange | None = None,
        name: str = "stream",
    ) -> None:
        """Make an empty set of streams; `start` sets them going.

        Args:
            last_id: The newest message number in the log, which nobody will publish again.
            limits: How many there may be, and what they may take; None for the usual.
            on_change: Told (audience, True) when an audience gets its first stream and
                (audience, False) when it has lost its last. Called on the stream thread: it must
                not wait. Not called for the streams that `stop` closes.
            name: What the thread is called.
        """
        self._limits = limits or StreamLimits()
        self._max_streams = sockets_at_most(self._limits.streams)
        self._run = Run(last_id)
        self._bell = Bell()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._lock = threading.Lock()
        """For the three below; no other part is called while it is held."""
        self._is_stopping = threading.Event()
        self._counts: Counter[str] = Counter()
        """By address."""
        self._orders: deque[_Join | _Close] = deque()

        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._audiences = Audiences(on_change)
        self._fanout = Fanout(
            self._run,
            self._selector,
            self._audiences,
            self._limits,
            on_close=self._uncount,
        )
        self._heartbeat_at = 0.0

    def publish(
        self, chunk: bytes, *, last_id: int | None = None, audience: Audience | None = None
    ) -> None:
        """Send a chunk to every stream, or to those of one audience, after all earlier chunks.

        Args:
            chunk: Whole events, encoded.
            last_id: The number of the message in the chunk, if it is one.
            audience: Whose streams alone get it; None for everybody's.
        """
        if not self._is_stopping.is_set():
            end = self._run.append(chunk, audience, last_id)
            # To nobody there is nothing to send, until there are orders, which ring too.
            if self._fanout or end - self._fanout.front > SEND_BYTES:
                self._bell.ring()

    def mark(self) -> Mark:
        """Return the point from which a stream that is accepted with it follows.

        Whoever opens a stream takes the mark first, finds out who asks and reads the log up to its
        `last_id` second and calls `accept` third: what is published meanwhile comes out of the
        run, so that nothing is missing and nothing comes twice.
        """
        return self._run.mark()

    def accept(self, opening: Opening) -> None:
        """Take over a connected socket and stream into it until it closes.

        Beyond a limit of streams, or after `stop`, the socket is closed without an answer: an
        EventSource tries again after a lost connection, and gives up for good after a 503 (WHATWG
        HTML 9.2.3).

        Args:
            opening: The socket (TCP, plain or TLS, blocking or not; nobody else uses it from now
                on), what goes into it first, and where in the run it goes on.
        """
        follower = Follower(opening)
        with self._lock:
            welcome = not self._is_stopping.is_set() and self._has_room_for(follower.address)
            if welcome:
                self._counts[follower.address] += 1
                self._orders.append(_Join(follower.position, follower))
        if welcome:
            self._bell.ring()
        else:
            follower.close()

    def close_audience(self, audience: Audience) -> None:
        """Close the streams an audience has, after what was published so far.

        A stream whose mark was taken before is closed too, though it is accepted later: whoever
        opens one takes the mark first and then finds out who asks. A comment of its own gives the
        closing a place in the run, which every earlier mark is before.
        """
        with self._lock:
            if not self._is_stopping.is_set():
                position = self._run.append(COMMENT, audience, None)
                self._orders.append(_Close(position, audience))
        self._bell.ring()

    def count(self) -> int:
        """Return how many streams are open, those just accepted included."""
        with self._lock:
            return self._counts.total()

    def audiences(self) -> frozenset[Audience]:
        """Return the audiences that have at least one open stream."""
        return self._audiences.present()

    def start(self) -> None:
        """Start the thread; once in the life of these streams."""
        self._thread.start()

    def stop(self) -> None:
        """Send what is published, as far as there is room, and close all."""
        with self._lock:
            was_open = not self._is_stopping.is_set()
            self._is_stopping.set()
        self._bell.ring()
        if self._thread.ident is not None:
            self._thread.join()
        elif was_open:
            self._end()

    def _serve(self) -> None:
        repeat(self._turn, until=self._is_stopping)
        self._end()

    def _turn(self) -> None:
        for key, events in self._selector.select(self._patience_s()):
            if key.data is None:
                self._bell.quiet()
            else:
                self._fanout.attend(key.data, events)
        if self._fanout and time.monotonic() >= self._heartbeat_at:
            self._heartbeat_at = time.monotonic() + self._limits.heartbeat_s
            self._run.append(COMMENT, None, None)
        begun_at = time.monotonic()
        self._fanout.send_on()
        spent_s = time.monotonic() - begun_at
        self._fanout.close_late()
        self._carry_out_orders()
        if rest := rest_s(spent_s, self._run.end - self._fanout.front):
            self._is_stopping.wait(rest)

    def _patience_s(self) -> float | None:
        """Return how long there will be nothing to do unless the bell or a socket says so."""
        if self._fanout.front < self._run.end:
            return 0.0
        if not self._fanout:
            return None
        heartbeat_in_s = max(0.0, self._heartbeat_at - time.monotonic())
        late_in_s = self._fanout.next_late_in_s()
        return heartbeat_in_s if late_in_s is None else min(heartbeat_in_s, late_in_s)

    def _carry_out_orders(self) -> None:
        """Let in and close, in the order asked, as far as the front has come.

        A stream may be marked ahead of the front, by bytes that are published and not yet sent
        on: it waits until they are, or it would get them twice.
        """
        while self._orders and self._orders[0].position <= self._fanout.front:
            match self._orders.popleft():
                case _Join(follower=follower):
                    if not self._fanout:
                        self._heartbeat_at = time.monotonic() + self._limits.heartbeat_s
                    self._fanout.let_in(follower)
                case _Close(position=position, audience=audience):
                    self._fanout.close(audience, position)

    def _has_room_for(self, address: str) -> bool:
        return (
            self._counts.total() < self._max_streams
            and self._counts[address] < self._limits.streams_per_address
        )

    def _uncount(self, follower: Follower) -> None:
        with self._lock:
            self._counts[follower.address] -= 1
            if not self._counts[follower.address]:
                del self._counts[follower.address]

    def _end(self) -> None:
        self._audiences.hush()
        while self._fanout.front < self._run.end:
            self._fanout.send_on()
        self._carry_out_orders()  # who has just come is told the last word, too
        self._fanout.close_all()
        self._selector.close()
        self._bell.close()
