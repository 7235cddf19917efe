"""Who has a page open at which instance, in the database."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final

from hivemind_chatroom.errors import StorageError, traced
from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.store.postgres.connections import Connections

_log = logging.getLogger(__name__)

VOID_S: Final = 30.0
"""How long after an instance has said something last it counts as ended, in seconds."""

_ROUND_S: Final = 10.0
"""How often an instance says something, in seconds."""

_AGAIN_S: Final = 2.0
"""How soon it tries again while the database is away, in seconds."""

_STOP_S: Final = 1.0
"""How long a stop waits for the thread, in seconds."""

_SIGN: Final = """
    INSERT INTO instance VALUES (%s, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
"""
_FORGET_ENDED: Final = """
    DELETE FROM instance WHERE seen_at < clock_timestamp() - make_interval(secs => %s)
"""
_GO: Final = "DELETE FROM presence WHERE instance = %s AND member_id <> ALL(%s)"
_COME: Final = "INSERT INTO presence SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING"
_ELSEWHERE: Final = "SELECT DISTINCT member_id FROM presence WHERE instance <> %s"
_LEAVE: Final = "DELETE FROM instance WHERE id = %s"
_NOTE: Final = "SELECT note_change('presence', '')"


class PostgresElsewhere:
    """An `Elsewhere`: each instance writes its own rows, and removes those of instances that ended.

    The clock that counts is the database's.
    """

    def __init__(self, connections: Connections, clock: Clock) -> None:
        """Say nothing yet."""
        self._connections = connections
        self._clock = clock
        self._said_s: float | None = None
        """When something was said last, on the monotonic clock."""

    def exchange(self, here: AbstractSet[MemberId]) -> frozenset[MemberId]:
        """Say who is here, and return who is at an instance that has said so lately.

        The rows of ended instances go first, as others may be removing them at the same moment;
        after that only our own are touched, and the change is noted last. Whoever could say nothing
        for long itself forgets nobody yet: maybe the database was away for all.
        """
        instance, present, now = self._connections.instance, sorted(here), self._clock.monotonic()
        is_steady = self._said_s is not None and now - self._said_s < VOID_S
        with self._connections.lent() as connection, connection.transaction():
            connection.execute(_SIGN, (instance,))
            changed = connection.execute(_FORGET_ENDED, (VOID_S,)).rowcount if is_steady else 0
            changed += connection.execute(_GO, (instance, present)).rowcount
            changed += connection.execute(_COME, (instance, present)).rowcount
            rows = connection.execute(_ELSEWHERE, (instance,)).fetchall()
            if changed:
                connection.execute(_NOTE)
        self._said_s = now
        return frozenset(MemberId(row["member_id"]) for row in rows)

    def leave(self) -> None:
        """Say that nobody is here any more."""
        with self._connections.lent() as connection, connection.transaction():
            connection.execute(_LEAVE, (self._connections.instance,))
            connection.execute(_NOTE)

    def rounds(self, go: Callable[[], None]) -> ElsewhereRounds:
        """Make what calls `go` often enough for us not to count as ended."""
        return ElsewhereRounds(go, self.leave)


class ElsewhereRounds:
    """Owns the thread on which instances tell each other who is present."""

    def __init__(self, go: Callable[[], None], leave: Callable[[], None]) -> None:
        """Call nobody yet.

        Args:
            go: Called at the start, every few seconds and at each wake; may wait for the database.
            leave: Called at the end; as `go`.
        """
        self._go = go
        self._leave = leave
        self._is_woken = threading.Event()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="db-presence", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wake(self) -> None:
        """Have it done at once; never waits."""
        self._is_woken.set()

    def stop(self) -> None:
        """End the thread, after what it is at; a second stop does nothing."""
        self._is_stopping.set()
        self._is_woken.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            is_told = self._attempt(self._go)
            self._is_woken.wait(_ROUND_S if is_told else _AGAIN_S)
            self._is_woken.clear()  # before the look: no stop is cleared unseen
        self._attempt(self._leave)

    @staticmethod
    def _attempt(deed: Callable[[], None]) -> bool:
        try:
            deed()
        except StorageError:
            return False  # the database says so itself
        except Exception as error:  # noqa: BLE001 - a thread's loop: the next round may be better
            _log.error("who is present can't be told: %s", traced(error))
            return False
        return True
