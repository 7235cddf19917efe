"""The fan-out: who is in step with the run and who is behind, and how the next bytes reach all.

A follower is in step when it has everything up to the front, which nearly all are nearly always:
for those, whatever was published since is joined and offered in one `send` each. One whose socket
does not take it all falls behind and is served from the run when its socket has room, until it is
in step again, or too far behind: then it is closed, and resumes from the log. Whoever takes nothing
of its beginning falls behind nobody in a quiet room, and is closed after a while.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable
from typing import Final

from hivemind_chatroom.server.audiences import Audiences
from hivemind_chatroom.server.follower import SEND_BYTES, Follower, Progress
from hivemind_chatroom.server.limits import StreamLimits
from hivemind_chatroom.server.outlet import NOT_NOW
from hivemind_chatroom.server.run import Audience, Run, heard_by, joined, position_after
from hivemind_chatroom.server.waiting import Waiting

_GONE: Final = -1


class Fanout:
    """All followers that have been let in; for the stream thread alone."""

    def __init__(
        self,
        run: Run,
        selector: selectors.BaseSelector,
        audiences: Audiences,
        limits: StreamLimits,
        *,
        on_close: Callable[[Follower], None],
    ) -> None:
        """Begin without followers, at the start of the run.

        Args:
            run: What there is to send.
            selector: Where the followers' sockets are watched.
            audiences: Where it is kept who follows for whom.
            limits: How far behind the front a follower may be, also in the system's memory, and how
                long it may take to begin.
            on_close: Called for every follower that is closed.
        """
        self._run = run
        self._selector = selector
        self._audiences = audiences
        self._limits = limits
        self._on_close = on_close
        self._in_step: dict[Follower, Callable[[bytes], int]] = {}
        self._behind: set[Follower] = set()
        self._beginners: Waiting[Follower] = Waiting()
        """Those of them who have not taken their beginning."""
        self._closings: dict[Audience | None, int] = {}
        """The positions at which audiences were closed, as long as a mark may be before them."""
        self.front = 0
        """The position up to which the run was offered to everybody."""

    def __len__(self) -> int:
        return len(self._in_step) + len(self._behind)

    def let_in(self, follower: Follower) -> None:
        """Take up a follower whose position is at the front or before it."""
        try:
            if follower.position < self._floor:
                raise ConnectionAbortedError  # its bytes may be forgotten; the log has them
            if follower.position < self._closings.get(follower.audience, 0):
                raise ConnectionAbortedError  # it began to open before its audience was closed
            follower.prepare(self._limits.system_bytes)
            self._selector.register(follower.sock, selectors.EVENT_READ, follower)
        except (OSError, ValueError):
            self._turn_away(follower)
            return
        self._behind.add(follower)
        self._audiences.arrive(follower)
        self._catch_up(follower)

    def attend(self, follower: Follower, events: int) -> None:
        """Look after a follower that the selector has named."""
        if events & selectors.EVENT_READ and not follower.is_there():
            self._drop(follower)
        elif events & selectors.EVENT_WRITE:
            self._catch_up(follower)

    def send_on(self) -> None:
        """Offer the next bytes of the run to everybody who is in step."""
        start = self.front
        pieces = self._run.between(start, start + SEND_BYTES)
        if not pieces:
            return
        self.front = pieces[-1].end
        aside = self._take_aside({p.audience for p in pieces if p.audience is not None}, start)

        shared = heard_by(None, pieces)
        chunk = joined(shared)
        for follower, sent in self._offer(chunk) if chunk else ():
            if sent == _GONE:
                self._drop(follower)
            else:
                self._fall_behind(follower, position_after(shared, sent, otherwise=self.front))
                self._await_room(follower, wanted=True)
        for follower in aside:
            self._catch_up(follower)
        self._let_go_of_the_past()

    def close(self, audience: Audience, position: int) -> None:
        """Close the followers of one audience, and those to come that were marked before.

        Args:
            audience: Whose followers.
            position: Where in the run; the front is there or beyond.
        """
        self._closings = {each: at for each, at in self._closings.items() if at >= self._floor}
        self._closings[audience] = position
        for follower in self._audiences.of(audience):
            self._drop(follower)

    def next_late_in_s(self) -> float | None:
        """Return in how many seconds `close_late` has something to do; None for never."""
        return self._beginners.next_in_s()

    def close_late(self) -> None:
        """Close those who have taken nothing of their beginning for too long."""
        for follower in self._beginners.take_overdue():
            self._drop(follower)

    def close_all(self) -> None:
        """Close every follower."""
        for follower in [*self._in_step, *self._behind]:
            self._drop(follower)

    def _turn_away(self, follower: Follower) -> None:
        """Close a follower that was not let in."""
        self._on_close(follower)
        follower.close()

    def _offer(self, chunk: bytes) -> list[tuple[Follower, int]]:
        """Send a chunk to everybody in step; return who took less, and how much."""
        size = len(chunk)
        short: list[tuple[Follower, int]] = []
        # The hot loop: one bound method for each follower, and no other call.
        for follower, send in self._in_step.items():
            try:
                sent = send(chunk)
            except NOT_NOW:
                sent = 0
            except OSError:
                sent = _GONE
            if sent != size:
                short.append((follower, sent))
        return short

    def _take_aside(self, audiences: set[Audience], start: int) -> list[Follower]:
        """Put those who hear something of their own out of step, at `start`, and return them."""
        aside = [
            follower
            for audience in audiences
            for follower in self._audiences.of(audience)
            if follower in self._in_step
        ]
        for follower in aside:
            self._fall_behind(follower, start)
        return aside

    def _fall_behind(self, follower: Follower, position: int) -> None:
        del self._in_step[follower]
        self._behind.add(follower)
        follower.position = position

    def _catch_up(self, follower: Follower) -> None:
        """Serve one who is behind from the run."""
        match follower.catch_up(self._run, self.front):
            case Progress.IN_STEP:
                self._behind.remove(follower)
                self._in_step[follower] = follower.sock.send
                self._await_room(follower, wanted=False)
                self._beginners.remove(follower)
            case Progress.NO_ROOM:
                self._await_room(follower, wanted=True)
                self._await_beginning(follower)
            case Progress.GONE:
                self._drop(follower)

    def _await_room(self, follower: Follower, *, wanted: bool) -> None:
        if follower.awaits_room != wanted:
            follower.awaits_room = wanted
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if wanted else 0)
            self._selector.modify(follower.sock, events, follower)

    def _await_beginning(self, follower: Follower) -> None:
        """Give a follower who has just taken something of its beginning time for the next part."""
        if follower.has_begun:
            self._beginners.remove(follower)
        else:
            self._beginners.add(follower, self._limits.head_s)

    def _let_go_of_the_past(self) -> None:
        """Close who is too far behind, and forget the bytes that nobody waits for any more."""
        for follower in [each for each in self._behind if each.position < self._floor]:
            self._drop(follower)
        self._run.forget(self._floor)

    @property
    def _floor(self) -> int:
        """The position before which the run is forgotten."""
        return self.front - self._limits.keep_bytes

    def _drop(self, follower: Follower) -> None:
        """Close a follower; it is out of all books before its client can notice."""
        self._in_step.pop(follower, None)
        self._behind.discard(follower)
        self._beginners.remove(follower)
        self._selector.unregister(follower.sock)
        self._audiences.depart(follower)
        self._on_close(follower)
        follower.close()
