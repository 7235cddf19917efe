"""The one writer and its group commit."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hivemind_chatroom.errors import NotJoinedError, StorageFullError
from hivemind_chatroom.store import writer as writer_module
from hivemind_chatroom.store.connections import connect
from hivemind_chatroom.store.writer import Writer

WAIT_S = 5.0


class WatchedWriter(Writer):
    """A writer that tells when something has come to wait for it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.has_come = threading.Semaphore(0)
        super().__init__(connection)

    def _put(self, job: Any) -> None:  # noqa: ANN401 - a job is the writer's own matter
        super()._put(job)
        self.has_come.release()

    def forget_who_came(self) -> None:
        """Tell from now on."""
        while self.has_come.acquire(blocking=False):
            pass

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Let it be busy with something, so that whatever comes has to wait."""
        self.forget_who_came()
        is_held, goes_on = threading.Event(), threading.Event()

        def hold(_: sqlite3.Connection) -> None:
            is_held.set()
            assert goes_on.wait(WAIT_S)

        with ThreadPoolExecutor(1) as pool:
            holding = pool.submit(self.change, hold)
            assert self.has_come.acquire(timeout=WAIT_S)
            assert is_held.wait(WAIT_S)
            try:
                yield
            finally:
                goes_on.set()
            holding.result(WAIT_S)


class Commits:
    """Counts the commits of a connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.count = 0
        connection.set_trace_callback(self._see)

    def _see(self, statement: str) -> None:
        self.count += statement == "COMMIT"


@pytest.fixture
def connection(tmp_path: Path) -> sqlite3.Connection:
    connection = connect(tmp_path / "some.db")
    connection.execute("CREATE TABLE line (text TEXT UNIQUE)")
    return connection


@pytest.fixture
def writer(connection: sqlite3.Connection) -> Iterator[WatchedWriter]:
    writer = WatchedWriter(connection)
    yield writer
    writer.stop()


def add(writer: Writer, text: str) -> None:
    writer.change(lambda connection: connection.execute("INSERT INTO line VALUES (?)", (text,)))


def lines(tmp_path: Path) -> list[str]:
    reader = connect(tmp_path / "some.db")
    try:
        return [row[0] for row in reader.execute("SELECT text FROM line ORDER BY text")]
    finally:
        reader.close()


def test_what_a_change_returns_comes_back_after_it_was_kept(writer: Writer, tmp_path: Path) -> None:
    assert writer.change(lambda _: 7) == 7
    add(writer, "one")
    assert lines(tmp_path) == ["one"]


def one_by_one(writer: WatchedWriter, asks: Sequence[Callable[[], str]]) -> list[Future[str]]:
    """Ask by a thread each, one after the other, and go on when all have been told."""
    with ThreadPoolExecutor(len(asks)) as pool:
        asked = []
        for ask in asks:
            asked.append(pool.submit(ask))
            assert writer.has_come.acquire(timeout=WAIT_S)
    return asked


def test_changes_that_wait_together_are_one_commit(
    writer: WatchedWriter, connection: sqlite3.Connection, tmp_path: Path
) -> None:
    commits = Commits(connection)
    with ThreadPoolExecutor(20) as pool:
        with writer.held():
            adding = [pool.submit(add, writer, str(number)) for number in range(20)]
            for _ in adding:
                assert writer.has_come.acquire(timeout=WAIT_S)
        for each in adding:
            each.result(WAIT_S)
    assert len(lines(tmp_path)) == 20
    assert commits.count == 2  # what held it, and all that came meanwhile


def test_a_change_that_fails_is_undone_alone(writer: Writer, tmp_path: Path) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO line VALUES ('half')")
        raise NotJoinedError("Join first.")

    with pytest.raises(NotJoinedError):
        writer.change(fail)
    add(writer, "one")
    assert lines(tmp_path) == ["one"]


def test_a_mistake_of_ours_is_not_called_a_full_disk(writer: Writer) -> None:
    add(writer, "one")
    with pytest.raises(sqlite3.IntegrityError):
        add(writer, "one")
    add(writer, "two")


def test_a_full_database_acknowledges_nothing_and_goes_on_when_there_is_room(
    writer: Writer, connection: sqlite3.Connection, tmp_path: Path
) -> None:
    add(writer, "one")
    writer.change(lambda connection: connection.execute("SELECT 1"))
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFullError):
        add(writer, "x" * 100_000)
    assert writer.empty_journal()
    assert writer.is_full
    assert lines(tmp_path) == ["one"]
    connection.execute("PRAGMA max_page_count = 100000")
    add(writer, "two")
    assert [writer.is_full] == [False]
    assert lines(tmp_path) == ["one", "two"]


def test_after_a_stop_nothing_is_taken_and_nobody_waits_for_ever(
    writer: Writer, tmp_path: Path
) -> None:
    add(writer, "one")
    writer.stop()
    writer.stop()
    with pytest.raises(StorageFullError):
        add(writer, "two")
    assert lines(tmp_path) == ["one"]


def test_an_emptied_journal_has_no_bytes(writer: Writer, tmp_path: Path) -> None:
    add(writer, "one")
    journal = tmp_path / "some.db-wal"
    assert journal.stat().st_size > 0
    assert writer.empty_journal()
    assert journal.stat().st_size == 0


@contextlib.contextmanager
def reading(file: Path) -> Iterator[None]:
    """Read as long as it lasts, so that the journal can't be emptied."""
    with contextlib.closing(connect(file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM line").fetchall()
        yield


def test_a_journal_that_a_reader_held_is_emptied_though_there_is_always_more_to_write(
    writer: WatchedWriter, tmp_path: Path
) -> None:
    with reading(tmp_path / "some.db"):
        add(writer, "one")
        assert not writer.empty_journal()
    journal = tmp_path / "some.db-wal"
    held, deadline = journal.stat().st_size, time.monotonic() + WAIT_S
    is_over = threading.Event()

    def add_while_the_next_comes(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO line VALUES (NULL)")
        if journal.stat().st_size >= held and time.monotonic() < deadline:
            come_next()
        else:
            is_over.set()

    def come_next() -> None:
        pool.submit(writer.change, add_while_the_next_comes)
        assert writer.has_come.acquire(timeout=WAIT_S)

    writer.forget_who_came()
    with ThreadPoolExecutor() as pool:
        come_next()
        assert is_over.wait(2 * WAIT_S)
    assert journal.stat().st_size < held


def test_a_journal_that_a_reader_held_is_emptied_when_nothing_more_is_written(
    writer: Writer, tmp_path: Path
) -> None:
    with reading(tmp_path / "some.db"):
        add(writer, "one")
        assert not writer.empty_journal()
    journal, deadline = tmp_path / "some.db-wal", time.monotonic() + WAIT_S
    is_over = threading.Event()
    while journal.stat().st_size:
        assert time.monotonic() < deadline
        is_over.wait(0.05)  # nobody tells when a file has shrunk


class Lines:
    """A shared change, and how many came together each time that it was run."""

    def __init__(self) -> None:
        self.together: list[int] = []

    def add(self, connection: sqlite3.Connection, texts: Sequence[str]) -> Sequence[str]:
        self.together.append(len(texts))
        places = ",".join(["(?)"] * len(texts))
        connection.execute(f"INSERT INTO line VALUES {places}", texts)  # noqa: S608 - question marks
        return [text.upper() for text in texts]


@pytest.fixture
def shared() -> Lines:
    return Lines()


def together(writer: WatchedWriter, shared: Lines, *texts: str) -> list[Future[str]]:
    """Ask for a shared change by a thread each, and go on when all of them wait."""
    with ThreadPoolExecutor(len(texts)) as pool, writer.held():
        asked = [pool.submit(writer.change_together, shared.add, text) for text in texts]
        for _ in asked:
            assert writer.has_come.acquire(timeout=WAIT_S)
    return asked


def test_what_waits_for_a_shared_change_is_one_statement_and_each_gets_its_own_result(
    writer: WatchedWriter, shared: Lines, tmp_path: Path
) -> None:
    asked = together(writer, shared, "a", "b", "c")
    assert [each.result(WAIT_S) for each in asked] == ["A", "B", "C"]
    assert shared.together == [3]
    assert lines(tmp_path) == ["a", "b", "c"]


def test_after_company_a_commit_waits_for_as_many_again(
    writer: WatchedWriter, shared: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "GATHER_S", WAIT_S)
    together(writer, shared, "a", "b", "c")
    one_by_one(writer, [partial(writer.change_together, shared.add, text) for text in "def"])
    assert shared.together == [3, 3]


def test_who_comes_alone_after_company_waits_for_it_once_and_not_for_ever(
    writer: WatchedWriter, shared: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    together(writer, shared, "a", "b", "c")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(writer.change_together, shared.add, "d").result(WAIT_S) == "D"
        monkeypatch.setattr(writer_module, "GATHER_S", 2 * WAIT_S)
        assert pool.submit(writer.change_together, shared.add, "e").result(WAIT_S) == "E"
    assert shared.together == [3, 1, 1]


def test_what_fails_in_a_shared_change_fails_alone(
    writer: WatchedWriter, shared: Lines, tmp_path: Path
) -> None:
    add(writer, "b")
    asked = together(writer, shared, "a", "b", "c")
    assert [type(each.exception(WAIT_S)) for each in asked] == [
        type(None),
        sqlite3.IntegrityError,
        type(None),
    ]
    assert shared.together == [3, 1, 1, 1]
    assert lines(tmp_path) == ["a", "b", "c"]


def test_a_shared_change_that_the_disk_refuses_is_not_acknowledged(
    writer: Writer, shared: Lines, connection: sqlite3.Connection, tmp_path: Path
) -> None:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFullError):
        writer.change_together(shared.add, "x" * 100_000)
    connection.execute("PRAGMA max_page_count = 100000")
    assert writer.change_together(shared.add, "two") == "TWO"
    assert lines(tmp_path) == ["two"]
