"""The lobby: where connections are accepted, and where they stay while no worker serves them.

Here their requests are put together, and here answers are sent on that a client does not take at
once. So a client that says or takes nothing, or a byte now and then, costs a descriptor and no
thread: a worker gets a connection when there is something to answer.
"""

from __future__ import annotations

import errno
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from hivemind_chatroom.server.bell import Bell
from hivemind_chatroom.server.connection import Connection
from hivemind_chatroom.server.crowd import Crowd
from hivemind_chatroom.server.limits import Limits
from hivemind_chatroom.server.loop import repeat
from hivemind_chatroom.server.waiting import Waiting

ACCEPTED_AT_ONCE: Final = 128
"""New connections taken in before those that wait are looked after again."""
ACCEPT_PAUSE_S: Final = 1.0
"""How long newcomers stay with the system when we are out of descriptors or memory."""

_EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

_log = logging.getLogger(__name__)


class Lobby:
    """The thread that accepts, and the connections that nobody serves at the moment."""

    def __init__(
        self,
        listener: socket.socket,
        name: str,
        limits: Limits,
        *,
        wrap: Callable[[socket.socket, str], Connection],
        serve: Callable[[Connection], None],
    ) -> None:
        """Prepare to accept; `start` begins.

        Args:
            listener: A listening socket that does not block; closed by `stop`.
            name: What the thread is called.
            limits: How many may come and how long they may wait.
            wrap: Makes a connection of a new socket and the address it comes from.
            serve: Passes a connection with something to answer to a worker; must not wait.
        """
        self._listener = listener
        self._limits = limits
        self._crowd = Crowd(limits)
        self._wrap = wrap
        self._serve = serve
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._bell = Bell()
        self._lock = threading.Lock()
        """For the three below; no other part is called while it is held."""
        self._is_stopping = threading.Event()
        self._is_drained = False
        self._returned: deque[Connection] = deque()

        # For the accepting thread alone.
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._selector.register(listener, selectors.EVENT_READ)
        self._accept_at: float | None = None
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
        is_done = connection.outlet.is_empty and not (keep or connection.refused)
        if connection.opening is not None or is_done:
            self._close(connection)
            return
        with self._lock:
            welcome = not self._is_drained
            if welcome:
                self._returned.append(connection)
        if welcome:
            self._bell.ring()
        else:
            self._close(connection)

    def _run(self) -> None:
        repeat(self._turn, until=self._is_stopping)
        self._shut()

    def _turn(self, deadline: float | None = None) -> None:
        for key, _ in self._selector.select(self._patience_s(deadline)):
            if key.fileobj is self._bell:
                self._bell.quiet()
            elif key.fileobj is self._listener:
                self._accept()
            else:
                self._attend(key.data)
        while self._returned:
            self._receive(self._returned.popleft())
        self._send_away()

    def _patience_s(self, deadline: float | None) -> float | None:
        """Return how long there will be nothing to do unless the bell or a socket says so."""
        now = time.monotonic()
        ends_s = [due - now for due in (deadline, self._accept_at) if due is not None]
        if (next_in_s := self._waiting.next_in_s()) is not None:
            ends_s.append(next_in_s)
        return max(0.0, min(ends_s)) if ends_s else None

    def _accept(self) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                sock, peer = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    self._pause(error)
                    return
                continue  # this client has left while it waited
            self._welcome(sock, peer[0].removeprefix("::ffff:"))

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
                self._release(connection)
                self._close(connection)
                return self._crowd.admit(address)
        return False

    def _pause(self, error: OSError) -> None:
        """Leave newcomers to the system: its readable listener would keep this thread spinning."""
        _log.warning("accepting pauses: %s", errno.errorcode.get(error.errno or 0))
        self._selector.unregister(self._listener)
        self._accept_at = time.monotonic() + ACCEPT_PAUSE_S

    def _await(self, connection: Connection, patience_s: float) -> None:
        events = selectors.EVENT_READ if connection.outlet.is_empty else selectors.EVENT_WRITE
        self._selector.register(connection.socket, events, connection)
        self._waiting.add(connection, patience_s)

    def _attend(self, connection: Connection) -> None:
        """Send on what a connection is owed, or take in what it has to say."""
        if not connection.outlet.is_empty:
            self._release(connection)
            self._receive(connection)
            return
        had_begun = connection.parser.has_begun
        if not connection.receive():
            self._release(connection)
            self._close(connection)
        elif connection.parser.is_complete and not connection.refused:
            self._release(connection)
            self._serve(connection)
        elif connection.parser.has_begun and not had_begun:
            self._release(connection)
            self._await(connection, self._limits.request_s)

    def _receive(self, connection: Connection) -> None:
        """Let a connection that was answered take its answer, and then wait for what is next."""
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
            self._serve(connection)
        else:
            has_begun = connection.parser.has_begun
            self._await(connection, self._limits.request_s if has_begun else self._limits.idle_s)

    def _send_away(self) -> None:
        """Close who has waited too long, and accept again after a pause."""
        for connection in self._waiting.take_overdue():
            connection.time_out()
            self._release(connection)
            self._close(connection)
        if self._accept_at is not None and self._accept_at <= time.monotonic():
            self._accept_at = None
            self._selector.register(self._listener, selectors.EVENT_READ)

    def _release(self, connection: Connection) -> None:
        self._selector.unregister(connection.socket)
        self._waiting.remove(connection)

    def _close(self, connection: Connection) -> None:
        self._crowd.leave(connection.remote_addr)
        connection.close()

    def _shut(self) -> None:
        """Free the port, and close whoever has no answer to come."""
        if self._accept_at is None:
            self._selector.unregister(self._listener)
        self._accept_at = None
        self._listener.close()
        for connection in self._waiting.everybody():
            if connection.outlet.is_empty:
                self._release(connection)
                self._close(connection)

    def _end(self) -> None:
        with self._lock:
            self._is_drained = True
        for connection in self._waiting.everybody():
            self._close(connection)
        while self._returned:
            self._close(self._returned.popleft())
        self._selector.close()
        self._bell.close()
