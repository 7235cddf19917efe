"""The search index forgets words by being rewritten, and stays what it is however often that is."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from contract.stores import draft, ids, keep
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.room.model import MessageId
from hivemind_chatroom.store import forgetting
from hivemind_chatroom.store.connections import connect
from hivemind_chatroom.store.forgetting import WordsLeft, forget_messages, forget_words
from hivemind_chatroom.store.sqlite import SqliteStore

pytestmark = pytest.mark.skipif(
    sqlite3.sqlite_version_info >= (3, 42), reason="the index forgets at once"
)

LEVELS_READABLE = 2_000
"""FTS5_MAX_SEGMENT of fts5_index.c."""

SECRET = "Quetzalcoatlus"

LEVELS_EACH = 2
"""Those that a rewriting adds."""

LINES = 300
PATIENCE = 1_000
LONG_AGO = STARTED_AT - timedelta(days=1000)
INSERT = """
    INSERT INTO message (
        id, kind, author_id, author_name, text, lang, sent_at, expects_reply, words
    ) SELECT
        ?1, 'person', 'ana', 'Ana', 'line ' || ?1, 'en', '2026-11-01T12:00:00+00:00', 0,
        'line ' || ?1
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The database of a room in which some lines were said, one after the other."""
    store = SqliteStore(tmp_path / "room.db", FakeClock())
    keep(store, draft(f"the {SECRET} flies"))
    keep(store, *(draft(f"line {number}") for number in range(1, LINES + 1)))
    store.close()
    return tmp_path / "room.db"


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(connect(file)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        # Small pages, as a large index has many: only what takes several steps adds levels.
        connection.execute("INSERT INTO message_words (message_words, rank) VALUES ('pgsz', 64)")
        yield connection


def found(file: Path, word: str) -> list[int]:
    """Return the numbers of the messages that a search finds in a later run."""
    store = SqliteStore(file, FakeClock())
    numbers = ids(store.page(None, words=word).messages)
    store.close()
    return numbers


def check_index(connection: sqlite3.Connection) -> None:
    """Have SQLite compare the index with the messages; it raises if they differ."""
    check = "INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)"
    connection.execute(check)


def test_an_index_of_which_more_was_removed_than_it_can_have_levels_is_read_and_written(
    file: Path, connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "_PAGES_AT_ONCE", 8)
    for number in range(LINES + 2, LINES + LEVELS_READABLE // LEVELS_EACH + 100):
        connection.execute(INSERT, (number,))
        forget_messages(connection, [number - 100])
        while forget_words(connection).is_going:
            pass
    connection.execute("UPDATE room SET last_id = ?", (number,))
    check_index(connection)
    assert found(file, f"line {number}") == [number]
    assert found(file, f"line {number - 100}") == []


def test_what_is_removed_while_the_index_is_rewritten_does_not_have_it_begin_anew(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "_PAGES_AT_ONCE", 1)
    passes = 0
    for number in range(1, 200):
        forget_messages(connection, [number])
        passes += forget_words(connection) is WordsLeft.SOME
    assert 0 < passes < 100
    while forget_words(connection) is not WordsLeft.NONE:
        pass
    check_index(connection)


def test_a_purge_ends_though_people_go_on_talking(
    file: Path, connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "_PAGES_AT_ONCE", 1)
    with contextlib.closing(SqliteStore(file, FakeClock())) as store:
        turns = itertools.count()
        while store.purge(sent_before=LONG_AGO, most=LINES // 2).is_more:
            turn = next(turns)
            assert turn < PATIENCE
            if turn % 3 == 0:
                keep(store, draft("hello"))
    [left] = connection.execute("SELECT words_left FROM room").fetchone()
    assert left == WordsLeft.SOME
    check_index(connection)


def test_what_goes_in_any_case_is_gone_though_a_rewriting_was_under_way(
    file: Path, connection: sqlite3.Connection
) -> None:
    forget_messages(connection, [2])
    connection.execute("UPDATE room SET words_left = ?", (WordsLeft.GOING,))
    with contextlib.closing(SqliteStore(file, FakeClock())) as store:
        while store.purge(sent_before=LONG_AGO, most=LINES, through=MessageId(1)).is_more:
            pass
    [left] = connection.execute("SELECT words_left FROM room").fetchone()
    assert left == WordsLeft.NONE
    assert b"quetzal" not in file.read_bytes()
