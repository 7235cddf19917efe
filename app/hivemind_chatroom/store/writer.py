"""The one writer: every change goes through its thread, all that wait in one commit."""

from __future__ import annotations

import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from hivemind_chatroom.errors import StorageFullError

_log = logging.getLogger(__name__)

_BATCH_MAX = 256
"""Changes in one commit, so that the first of them does not wait for ever."""

_STOP_S = 3.0
"""How long a stop waits for what is being written, in seconds."""

_FULL = "The room's memory is full. Nothing was sent; try again later."
_CLOSED = "The room is closing. Nothing was sent; try again later."

_Result = TypeVar("_Result")
Change = Callable[[sqlite3.Connection], _Result]
_Outcome = tuple[Any, Exception | None]


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to do, and whom to tell."""

    done: Future[Any]
    change: Change[Any] | None = None
    """None empties the journal, which no transaction can."""


class Writer:
    """Runs changes one after another and commits at once those that came together.

    A change is acknowledged only after its commit has reached the disk. One that fails is undone
    alone; a commit that fails (a full disk) undoes all of them and acknowledges none.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Write through `connection`: in autocommit mode, and the writer's own from now on."""
        self._connection = connection
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._is_open = True
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def change(self, change: Change[_Result]) -> _Result:
        """Run `change` inside a transaction and wait until it is on the disk.

        Raises:
            StorageFullError: The disk did not take it; nothing was changed.
            ChatroomError: What `change` itself raised; nothing was changed.
        """
        done: Future[_Result] = Future()
        self._put(_Job(done, change))
        return done.result()

    def empty_journal(self) -> bool:
        """Move the write-ahead log into the database and cut it to nothing.

        What was overwritten or removed stands in it until then.

        Returns:
            False when a reader held it; the next time will do.
        """
        done: Future[bool] = Future()
        self._put(_Job(done))
        return done.result()

    def stop(self) -> None:
        """Finish what waits, then close the connection; a second stop does nothing."""
        with self._lock:
            if self._is_open:
                self._is_open = False
                self._jobs.put(None)
        self._thread.join(_STOP_S)

    def _put(self, job: _Job) -> None:
        with self._lock:
            if not self._is_open:
                raise StorageFullError(_CLOSED)
            self._jobs.put(job)

    def _run(self) -> None:
        going = True
        while going:
            batch = [self._jobs.get()]
            while len(batch) < _BATCH_MAX and not self._jobs.empty():
                batch.append(self._jobs.get())
            going = None not in batch
            jobs = [job for job in batch if job is not None]
            self._commit([(job.change, job.done) for job in jobs if job.change])
            for job in jobs:
                if not job.change:
                    job.done.set_result(self._checkpoint())
        self._connection.close()

    def _commit(self, jobs: list[tuple[Change[Any], Future[Any]]]) -> None:
        if not jobs:
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._attempt(change) for change, _ in jobs]
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - a thread's loop: who waits must be told
            self._undo(error)
            outcomes = [(None, _in_our_words(error)) for _ in jobs]
        for (_, done), (result, failure) in zip(jobs, outcomes, strict=True):
            if failure is None:
                done.set_result(result)
            else:
                done.set_exception(failure)

    def _attempt(self, change: Change[Any]) -> _Outcome:
        """Run one change so that its failure undoes nothing but itself.

        Raises:
            sqlite3.Error: SQLite has ended the whole transaction, as it does on a full disk.
        """
        self._connection.execute("SAVEPOINT change")
        try:
            result = change(self._connection)
        except Exception as error:
            if not self._connection.in_transaction:
                raise
            self._connection.execute("ROLLBACK TO change")
            self._connection.execute("RELEASE change")
            return None, _in_our_words(error)
        self._connection.execute("RELEASE change")
        return result, None

    def _undo(self, error: Exception) -> None:
        _log.error("nothing was kept: %s", name_of(error))
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        # On a full disk this makes room: the log is often larger than what it brings.
        self._checkpoint()

    def _checkpoint(self) -> bool:
        try:
            busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            _log.warning("the journal could not be emptied: %s", name_of(error))
            return False
        return not busy


def name_of(error: Exception) -> str:
    """Return what SQLite or Python calls an error; its sentence may hold people's words."""
    return getattr(error, "sqlite_errorname", None) or type(error).__name__


def _in_our_words(error: Exception) -> Exception:
    """Tell the disk's failures from ours, which stay what they are."""
    if isinstance(error, sqlite3.OperationalError):
        full = StorageFullError(_FULL)
        full.__cause__ = error
        return full
    return error
