"""The lobby: where connections are accepted, and where they stay while no worker serves them.

Here their requests are put together, and here answers are sent on that a client does not take at
once. So a client that says or takes nothing, or a byte now and then, costs a descriptor and no
thread: a worker gets a connection when there is something to answer.

A connection stays watched while a worker has it. When that one is done and nothing is left to do,
nobody is woken: the next request will be what wakes the lobby, which then takes the connection in
first. Each wake-up is a change of threads, and each change of what is watched gives Python's lock
away: together they cost as much as reading the request.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable

from hivemind_chatroom.server.bell import Bell
from hivemind_chatroom.server.connection import Connection
from hivemind_chatroom.server.crowd import Crowd
from hivemind_chatroom.server.limits import Limits
from hivemind_chatroom.server.loop import repeat
from hivemind_chatroom.server.newcomers import Newcomers
from hivemind_chatroom.server.opening import Opening
from hivemind_chatroom.server.waiting import Waiting
from hivemind_chatroom.server.watch import NOTHING, Watch


class Lobby:
    """The thread that accepts, and the connections that nobody serves at the moment."""

    def __init__(  # noqa: PLR0913 - by name
        self,
        listener: socket.socket,
        name: str,
        limits: Limits,
        *,
        wrap: Callable[[socket.socket, str], Connection],
        serve: Callable[[Connection], None],
        hand_over: Callable[[Opening], None],
    ) -> None:
        """Prepare to accept; `start` begins.

        Args:
            listener: A listening socket that does not block; closed by `stop`.
            name: What the thread is called.
            limits: How many may come and how long they may wait.
            wrap: Makes a connection of a new socket and the address it comes from.
            serve: Passes a connection with something to answer to a worker; must not wait.
            hand_over: Goes on with a connection that has become a stream; must not wait.
        """
        self._limits = limits
        self._crowd = Crowd(limits)
        self._wrap = wrap
        self._serve = serve
        self._hand_over = hand_over
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._bell = Bell()
        self._lock = threading.Lock()
        """For the three below; no other part is called while it is held."""
        self._is_stopping = threading.Event()
        self._is_drained = False
        self._returned: deque[Connection] = deque()

        # For the accepting thread alone.
        self._watch = Watch()
        self._watch.listen(self._bell)
        self._newcomers = Newcomers(listener, self._watch)
        self._listener = listener
        self._served = 0
        """Connections that workers have, or had when we looked last."""
        self._waiting: Waiting[Connection] = Waiting()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, free the port and close every connection that waits for a request.

        Answers that are not sent yet are left to `drain`.
        """
        with self._lock:
            was_open = not self._is_stopping.is_set()
            self._is_stopping.set()
        self._bell.ring()
        if self._thread.ident is not None:
            self._thread.join()
        elif was_open:
            self._shut()

    def drain(self, deadline: float) -> None:
        """Send the answers that remain, and close everything; on the caller's thread, after `stop`.

        Args:
            deadline: Until when to wait for clients to take them, on the monotonic clock.
        """
        if self._is_drained:
            return
        try:
            while (self._returned or self._waiting.everybody()) and time.monotonic() < deadline:
                self._turn(deadline)
        finally:
            self._end()

    def count(self) -> int:
        """Return how many connections are open, here and with the workers."""
        return self._crowd.count()

    def take_back(self, connection: Connection, *, keep: bool) -> None:
        """Take a connection from a worker that is done with it; any thread.

        Args:
            connection: Not to be used by the worker any more.
            keep: Whether there may be another request.
        """
        connection.stays = keep
        connection.answered_at = self._waiting.now()
        may_rest = keep and connection.is_settled and not self._is_stopping.is_set()
        with self._lock:
            welcome = not self._is_drained
            if welcome:
                self._returned.append(connection)
        if not welcome:
            self._let_go(connection)
        # It is put down first and looked at second, by the lobby the other way round: so one of us
        # sees what the other has done, and none that isn't watched any more is left to itself.
        elif not may_rest or connection.watched_for != selectors.EVENT_READ:
            self._bell.ring()

    def _run(self) -> None:
        repeat(self._turn, until=self._is_stopping)
        self._shut()

    def _turn(self, deadline: float | None = None) -> None:
        ready = self._watch.ready(self._patience_s(deadline))
        self._take_in()
        for key in ready:
            if key.fileobj is self._bell:
                self._bell.quiet()
            elif key.fileobj is self._listener:
                for sock, address in self._newcomers.accepted():
                    self._welcome(sock, address)
            else:
                self._attend(key.data)
        self._take_in()
        self._send_away()

    def _take_in(self) -> None:
        """Take in the connections that workers are done with."""
        while self._returned:
            connection = self._returned.popleft()
            connection.is_served = False
            self._served -= 1
            self._receive(connection)

    def _patience_s(self, deadline: float | None) -> float | None:
        """Return how long there will be nothing to do unless the bell or a socket says so."""
        now = time.monotonic()
        ends_s = [due - now for due in (deadline, self._newcomers.again_at) if due is not None]
        if (next_in_s := self._waiting.next_in_s()) is not None:
            ends_s.append(next_in_s)
        if self._served:  # they come back without a word, and may then be idle so long
            ends_s.append(self._limits.idle_s)
        return max(0.0, min(ends_s)) if ends_s else None

    def _welcome(self, sock: socket.socket, address: str) -> None:
        if self._crowd.admit(address) or self._is_room_made_for(address):
            self._await(self._wrap(sock, address), self._limits.request_s)
        else:
            sock.close()

    def _is_room_made_for(self, address: str) -> bool:
        """Close the one that has waited longest of whoever has the most; tell whether it helped."""
        greedy = self._crowd.who_makes_room(address)
        for connection in self._waiting.everybody() if greedy else ():
            if connection.remote_addr == greedy and connection.outlet.is_empty:
                self._close(connection)
                return self._crowd.admit(address)
        return False

    def _await(self, connection: Connection, patience_s: float, since: float | None = None) -> None:
        events = selectors.EVENT_READ if connection.outlet.is_empty else selectors.EVENT_WRITE
        self._watch.expect(connection, events)
        self._waiting.add(connection, patience_s, since)

    def _attend(self, connection: Connection) -> None:
        """Send on what a connection is owed, or take in what it has to say."""
        if connection.is_served or connection.watched_for == NOTHING:
            # What it says now is for later; or it was closed since the system has named it.
            self._watch.expect(connection, NOTHING)
            return
        if not connection.outlet.is_empty:
            connection.answered_at = self._waiting.now()
            self._receive(connection)
            return
        had_begun = connection.parser.has_begun
        if not connection.receive():
            self._close(connection)
        elif connection.parser.is_complete and not connection.refused:
            self._pass_on(connection)
        elif connection.parser.has_begun and not had_begun:
            self._await(connection, self._limits.request_s)

    def _pass_on(self, connection: Connection) -> None:
        """Leave a connection to a worker."""
        self._waiting.remove(connection)
        connection.is_served = True
        self._served += 1
        self._serve(connection)

    def _receive(self, connection: Connection) -> None:
        """Let a connection that was answered take its answer, and then wait for what is next."""
        if connection.opening is not None:
            self._close(connection)
            return
        try:
            connection.outlet.send_on()
        except OSError:
            self._close(connection)
            return
        if not connection.outlet.is_empty:
            self._await(connection, self._limits.answer_s)
        elif connection.refused:
            self._hear_out(connection)
        elif not connection.stays or self._is_stopping.is_set():
            self._close(connection)
        else:
            self._begin_anew(connection)

    def _hear_out(self, connection: Connection) -> None:
        """Let a refused client read why, though it may still be sending."""
        try:
            connection.say_no_more()
        except OSError:
            self._close(connection)
        else:
            self._await(connection, self._limits.linger_s)

    def _begin_anew(self, connection: Connection) -> None:
        """Wait for the next request, or serve it if it came along with the last."""
        connection.turn_page()
        if connection.parser.is_complete:
            self._pass_on(connection)
        elif connection.parser.has_begun:
            self._await(connection, self._limits.request_s)
        else:
            self._await(connection, self._limits.idle_s, connection.answered_at)

    def _send_away(self) -> None:
        """Close who has waited too long, and accept again after a pause."""
        for connection in self._waiting.take_overdue():
            connection.time_out()
            self._close(connection)
        self._newcomers.come_again()

    def _close(self, connection: Connection) -> None:
        self._watch.expect(connection, NOTHING)
        self._waiting.remove(connection)
        self._let_go(connection)

    def _let_go(self, connection: Connection) -> None:
        """Close a connection, or hand it over as a stream; on any thread once all is drained."""
        self._crowd.leave(connection.remote_addr)
        connection.close()
        if connection.opening is not None:
            self._hand_over(connection.opening)

    def _shut(self) -> None:
        """Free the port, and close whoever has no answer to come."""
        self._newcomers.close()
        for connection in self._waiting.everybody():
            if connection.outlet.is_empty:
                self._close(connection)

    def _end(self) -> None:
        with self._lock:
            self._is_drained = True
        for connection in self._waiting.everybody():
            self._close(connection)
        while self._returned:
            self._close(self._returned.popleft())
        self._watch.close()
        self._bell.close()
