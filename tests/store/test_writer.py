"""The one writer and its group commit."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from hivemind_chatroom.errors import NotJoinedError, StorageFullError
from hivemind_chatroom.store.connections import connect
from hivemind_chatroom.store.writer import Writer

WAIT_S = 5.0


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
def writer(connection: sqlite3.Connection) -> Iterator[Writer]:
    writer = Writer(connection)
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


def test_changes_that_wait_together_are_one_commit(
    writer: Writer, connection: sqlite3.Connection, tmp_path: Path
) -> None:
    commits = Commits(connection)
    are_here = threading.Barrier(21)

    def come(number: int) -> None:
        are_here.wait(WAIT_S)
        add(writer, str(number))

    def hold(_: sqlite3.Connection) -> None:
        are_here.wait(WAIT_S)

    with ThreadPoolExecutor(21) as pool:
        everybody = [pool.submit(writer.change, hold)]
        everybody += [pool.submit(come, number) for number in range(20)]
        for each in everybody:
            each.result(WAIT_S)
    assert len(lines(tmp_path)) == 20
    assert commits.count < 20


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
    assert lines(tmp_path) == ["one"]
    connection.execute("PRAGMA max_page_count = 100000")
    add(writer, "two")
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


def add_all(connection: sqlite3.Connection, texts: Sequence[str]) -> Sequence[str]:
    places = ",".join(["(?)"] * len(texts))
    connection.execute(f"INSERT INTO line VALUES {places}", texts)  # noqa: S608 - question marks
    return [text.upper() for text in texts]


def together(writer: Writer, *texts: str) -> list[Future[str]]:
    """Ask for a shared change by many threads, so that all of it waits at the same time."""
    are_asking = threading.Barrier(len(texts) + 1)
    go = threading.Event()

    def hold(_: sqlite3.Connection) -> None:
        assert go.wait(WAIT_S)

    def ask(text: str) -> str:
        are_asking.wait(WAIT_S)
        return writer.change_together(add_all, text)

    with ThreadPoolExecutor(len(texts) + 1) as pool:
        pool.submit(writer.change, hold)
        asked = [pool.submit(ask, text) for text in texts]
        are_asking.wait(WAIT_S)
        go.set()
    return asked


def test_each_of_a_shared_change_gets_its_own_result(writer: Writer, tmp_path: Path) -> None:
    asked = together(writer, "a", "b", "c")
    assert [each.result(WAIT_S) for each in asked] == ["A", "B", "C"]
    assert lines(tmp_path) == ["a", "b", "c"]


def test_a_change_after_many_waits_for_no_company_that_never_comes(
    writer: Writer, tmp_path: Path
) -> None:
    for each in together(writer, "a", "b", "c"):
        each.result(WAIT_S)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(writer.change_together, add_all, "d").result(WAIT_S) == "D"
    assert lines(tmp_path) == ["a", "b", "c", "d"]


def test_what_fails_in_a_shared_change_fails_alone(writer: Writer, tmp_path: Path) -> None:
    add(writer, "b")
    asked = together(writer, "a", "b", "c")
    assert [type(each.exception(WAIT_S)) for each in asked] == [
        type(None),
        sqlite3.IntegrityError,
        type(None),
    ]
    assert lines(tmp_path) == ["a", "b", "c"]


def test_a_shared_change_that_the_disk_refuses_is_not_acknowledged(
    writer: Writer, connection: sqlite3.Connection, tmp_path: Path
) -> None:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFullError):
        writer.change_together(add_all, "x" * 100_000)
    connection.execute("PRAGMA max_page_count = 100000")
    assert writer.change_together(add_all, "two") == "TWO"
    assert lines(tmp_path) == ["two"]
