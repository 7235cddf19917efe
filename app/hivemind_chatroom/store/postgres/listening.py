"""Listening: one thread with a connection of its own, on which the database hints at news."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Final

import psycopg

from hivemind_chatroom.errors import StorageError, traced
from hivemind_chatroom.store.postgres.connecting import Connection
from hivemind_chatroom.store.postgres.connections import Connections
from hivemind_chatroom.store.postgres.failures import name_of
from hivemind_chatroom.store.postgres.waking import Waking

_log = logging.getLogger(__name__)

_LISTEN: Final = "LISTEN hivemind_chatroom"

_LOOK_S: Final = 5.0
"""How long nobody looks for news where nothing hints at any, in seconds."""

_OWN_LOOK_S: Final = 1.0
"""How long after a hint at one's own doings, in seconds: some may be kept that nobody heard of."""

_BREATH_S: Final = 0.002
"""How long after a look or a hint nobody listens, in seconds: where much is said, hints add up."""

_ANSWER_S: Final = 2.0
"""How long the database may be silent when it was asked something, in seconds."""

_REST_S: Final = 0.5
"""How long after a connection was lost nobody makes another one, in seconds."""

_STOP_S: Final = 1.0
"""How long a stop waits for the thread, in seconds."""


class Listening:
    """Tells when there may be news: at each hint of others, after each loss, and every few seconds.

    The database hints at what is committed from `LISTEN` on, so that comes before the first look.
    Hints that come while somebody looks are one.
    """

    def __init__(self, connections: Connections, tell: Callable[[], None]) -> None:
        """Listen to nothing yet.

        Args:
            connections: Make the connection, and say which hints are not of others.
            tell: Called on the thread; may wait for the database.
        """
        self._connections = connections
        self._tell = tell
        self._is_heard = True
        """Whether a loss would be news."""
        self._is_stopping = threading.Event()
        self._waking = Waking()
        self._thread = threading.Thread(target=self._run, name="db-listen", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after the look it is at; a second stop does nothing."""
        self._is_stopping.set()
        self._waking.wake()
        if self._thread.ident is not None:
            self._thread.join(_STOP_S)
        else:
            self._waking.close()

    def _run(self) -> None:
        with contextlib.closing(self._waking):
            while not self._is_stopping.is_set():
                try:
                    with contextlib.closing(self._connections.own(_ANSWER_S)) as connection:
                        self._listen(connection)
                except psycopg.Error as error:
                    if self._is_heard:
                        _log.warning("no hints of the database: %s", name_of(error))
                    self._is_heard = False
                    self._is_stopping.wait(_REST_S)

    def _listen(self, connection: Connection) -> None:
        connection.execute(_LISTEN)
        self._is_heard = True
        schema = connection.execute("SELECT current_schema() AS name").fetchone()
        ours = f"{schema['name'] if schema else ''} "
        while not self._is_stopping.is_set():
            self._look()
            self._is_stopping.wait(_BREATH_S)
            self._wait(connection, ours)

    def _look(self) -> None:
        try:
            self._tell()
        except StorageError:
            pass  # it says so itself, and whoever waits looks again
        except Exception as error:  # noqa: BLE001 - a thread's loop: the next look may be better
            _log.error("what others did can't be told: %s", traced(error))

    def _wait(self, connection: Connection, ours: str) -> None:
        """Wait for a hint at the doings of others, but not for ever.

        Raises:
            psycopg.OperationalError: The connection is lost, or as good as lost.
        """
        begun_s = time.monotonic()
        ends_s = begun_s + _LOOK_S
        while (rest_s := ends_s - time.monotonic()) > 0 and not self._is_stopping.is_set():
            if not self._waking.rest(connection, rest_s):
                break
            for hint in self._hints(connection):
                schema, _, instance = hint.rpartition(" ")
                if f"{schema} " != ours:
                    continue
                if instance != self._connections.instance:
                    return
                ends_s = min(ends_s, begun_s + _OWN_LOOK_S)
            self._is_stopping.wait(_BREATH_S)
        else:
            return
        connection.execute("SELECT")  # silence may be that of a connection that is dead

    @staticmethod
    def _hints(connection: Connection) -> list[str]:
        """Return the hints that have come.

        Raises:
            psycopg.OperationalError: The connection is lost.
        """
        connection.pgconn.consume_input()
        hints = []
        while (hint := connection.pgconn.notifies()) is not None:
            hints.append(hint.extra.decode())
        return hints
