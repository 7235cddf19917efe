"""The one writer: every change goes through its thread, all that wait in one commit.

SQLite lets go of Python's lock several times a statement, and on a busy server it takes a while to
get it back: what a commit costs is the number of its statements. So what most people do at the same
time, to post, is one statement for all of them, and it commits by itself.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from hivemind_chatroom.errors import StorageFullError
from hivemind_chatroom.store.connections import WAIT_MS
from hivemind_chatroom.store.promise import Promise

_log = logging.getLogger(__name__)

_BATCH_MAX = 256
"""Changes in one commit, so that the first of them does not wait for ever."""

GATHER_S = 0.003
"""How long a commit waits for as much company as the one before it had, in seconds."""

_STOP_S = 3.0
"""How long a stop waits for what is being written, in seconds."""

_READERS_WAIT_MS = 50
"""How long people wait for whoever reads, a backup perhaps, when the journal is to be emptied."""

_AGAIN_S = 1.0
"""When a journal that a reader held is tried again, in seconds: no event tells of its end."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
Change = Callable[[sqlite3.Connection], _Result]
SharedChange = Callable[[sqlite3.Connection, Sequence[_Item]], Sequence[_Result]]


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to do, and whom to tell."""

    change: Change[Any] | None
    """None empties the journal, which no transaction can."""
    done: Promise[Any]


@dataclass(frozen=True, slots=True)
class _SharedJob:
    """Something to do with all that wait for the same."""

    change: SharedChange[Any, Any]
    item: Any
    done: Promise[Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a job."""

    done: Promise[Any]
    result: Any = None
    failure: Exception | None = None

    def tell(self) -> None:
        """Wake whoever waits for it."""
        if self.failure is None:
            self.done.keep(self.result)
        else:
            self.done.fail(self.failure)


class Writer:
    """Runs changes one after another and commits at once those that came together.

    A change is acknowledged only after its commit has reached the disk. One that fails is undone
    alone; a commit that fails (a full disk) undoes all of them and acknowledges none.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Write through `connection`: in autocommit mode, and the writer's own from now on."""
        self._connection = connection
        self._jobs: list[_Job | _SharedJob] = []
        self._lock = threading.Lock()
        self._enough_jobs = threading.Condition(self._lock)
        self._enough = 1
        self._company = 1
        """Jobs that came together the last time."""
        self.is_full = False  # the disk did not take all of the last commit
        self._is_open = True
        self._journal_due_s: float | None = None
        """When it is to be emptied, by the monotonic clock; None as long as nobody is owed that."""
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def change(self, change: Change[_Result]) -> _Result:
        """Run `change` inside a transaction and wait until it is on the disk.

        Raises:
            StorageFullError: The disk did not take it; nothing was changed.
            ChatroomError: What `change` itself raised; nothing was changed.
        """
        done: Promise[_Result] = Promise()
        self._put(_Job(change, done))
        return done.result()

    def change_together(self, change: SharedChange[_Item, _Result], item: _Item) -> _Result:
        """Run `change` once for all items that wait for it, and wait until it is on the disk.

        Args:
            change: Given the items, returns what came of each. It writes by one statement, which
                SQLite makes whole or not at all, and commits by itself when nothing else waits.
                If it fails, it is run again for each item alone.
            item: What this call is about.

        Raises:
            StorageFullError: The disk did not take it; nothing was changed.
            ChatroomError: What `change` itself raised; nothing was changed.
        """
        done: Promise[_Result] = Promise()
        self._put(_SharedJob(change, item, done))
        return done.result()

    def empty_journal(self) -> bool:
        """Move the write-ahead log into the database and cut it to nothing.

        What was overwritten or removed stands in it until then.

        Returns:
            False when a reader holds it: it is emptied within about a second of that one's end.
        """
        done: Promise[bool] = Promise()
        self._put(_Job(None, done))
        return done.result()

    def stop(self) -> None:
        """Finish what waits, then close the connection; a second stop does nothing."""
        with self._lock:
            self._is_open = False
            self._enough_jobs.notify()
        self._thread.join(_STOP_S)

    def _put(self, job: _Job | _SharedJob) -> None:
        with self._lock:
            if not self._is_open:
                raise StorageFullError("The room is closing. Nothing was sent; try again later.")
            self._jobs.append(job)
            if len(self._jobs) == self._enough:
                self._enough_jobs.notify()

    def _run(self) -> None:
        while batch := self._gathered():
            # Whoever waits for one of them waits for no other, so that their order is ours.
            shared = [job for job in batch if isinstance(job, _SharedJob)]
            alone = [job for job in batch if isinstance(job, _Job)]
            self._commit(shared, [job for job in alone if job.change])
            for job in alone:
                if not job.change:
                    job.done.keep(self._checkpoint())
        self._connection.close()

    def _gathered(self) -> Sequence[_Job | _SharedJob]:
        """Return what waits, nothing when the writer is closed and all is done.

        On a quick disk a commit has often ended before the next job is there, and each would be
        alone. So where people come together, a commit waits a moment for as many as last time:
        whoever was acknowledged then is about to come again.
        """
        while (due_in_s := self._journal_due_in_s()) == 0 or not self._are_there(1, due_in_s):
            self._checkpoint()
        if self._company > 1:
            self._are_there(self._company, GATHER_S)
        with self._lock:
            batch, self._jobs = self._jobs[:_BATCH_MAX], self._jobs[_BATCH_MAX:]
        self._company = len(batch)
        return batch

    def _are_there(self, jobs: int, within_s: float | None = None) -> bool:
        """Wait for so many jobs, or for the end."""
        with self._enough_jobs:
            self._enough = jobs
            return self._enough_jobs.wait_for(
                lambda: len(self._jobs) >= jobs or not self._is_open, within_s
            )

    def _commit(self, shared: Sequence[_SharedJob], alone: Sequence[_Job]) -> None:
        try:
            if alone:
                self._connection.execute("BEGIN IMMEDIATE")
            outcomes = self._attempt_shared(shared)
            outcomes += [self._attempt(job) for job in alone]
            if alone:
                self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - a thread's loop: who waits must be told
            self._undo(error)
            failure = _in_our_words(error)
            waiting = [*(job.done for job in shared), *(job.done for job in alone)]
            outcomes = [_Outcome(done, failure=failure) for done in waiting]
        if outcomes:
            self.is_full = any(isinstance(each.failure, StorageFullError) for each in outcomes)
        for outcome in outcomes:
            outcome.tell()

    def _attempt_shared(self, jobs: Sequence[_SharedJob]) -> list[_Outcome]:
        """Run each shared change once, for all jobs that want it.

        Raises:
            sqlite3.Error: SQLite has ended the whole transaction, as it does on a full disk.
        """
        groups: defaultdict[SharedChange[Any, Any], list[_SharedJob]] = defaultdict(list)
        for job in jobs:
            groups[job.change].append(job)
        return [
            outcome
            for change, group in groups.items()
            for outcome in self._attempt_group(change, group)
        ]

    def _attempt_group(
        self, change: SharedChange[Any, Any], group: Sequence[_SharedJob]
    ) -> list[_Outcome]:
        was_in_transaction = self._connection.in_transaction
        try:
            results = change(self._connection, [job.item for job in group])
        except Exception as error:
            if was_in_transaction and not self._connection.in_transaction:
                raise
            if len(group) > 1:
                return [each for job in group for each in self._attempt_group(change, [job])]
            if isinstance(error, sqlite3.Error) and not was_in_transaction:
                self._undo(error)
            return [_Outcome(group[0].done, failure=_in_our_words(error))]
        return [_Outcome(job.done, result) for job, result in zip(group, results, strict=True)]

    def _attempt(self, job: _Job) -> _Outcome:
        """Run one change so that its failure undoes nothing but itself.

        Raises:
            sqlite3.Error: SQLite has ended the whole transaction, as it does on a full disk.
        """
        assert job.change  # noqa: S101 - _run keeps the others apart
        self._connection.execute("SAVEPOINT change")
        try:
            result = job.change(self._connection)
        except Exception as error:
            if not self._connection.in_transaction:
                raise
            self._connection.execute("ROLLBACK TO change")
            self._connection.execute("RELEASE change")
            return _Outcome(job.done, failure=_in_our_words(error))
        self._connection.execute("RELEASE change")
        return _Outcome(job.done, result)

    def _undo(self, error: Exception) -> None:
        _log.error("nothing was kept: %s", name_of(error))
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        # On a full disk this makes room: the log is often larger than what it brings.
        self._checkpoint()

    def _checkpoint(self) -> bool:
        try:
            self._connection.execute(f"PRAGMA busy_timeout = {_READERS_WAIT_MS}")
            busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            if self._journal_due_s is None:  # once, not each second
                _log.warning("the journal could not be emptied: %s", name_of(error))
            busy = True
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
        self._journal_due_s = time.monotonic() + _AGAIN_S if busy else None
        return not busy

    def _journal_due_in_s(self) -> float | None:
        if self._journal_due_s is None:
            return None
        return max(0.0, self._journal_due_s - time.monotonic())


def name_of(error: Exception) -> str:
    """Return what SQLite or Python calls an error; its sentence may hold people's words."""
    return getattr(error, "sqlite_errorname", None) or type(error).__name__


def _in_our_words(error: Exception) -> Exception:
    """Tell the disk's failures from ours, which stay what they are."""
    if isinstance(error, sqlite3.OperationalError):
        full = StorageFullError("The room's memory is full. Nothing was sent; try again later.")
        full.__cause__ = error
        return full
    return error
