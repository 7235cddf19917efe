"""The database file: made, locked, or set aside."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from contract.stores import draft, ids, keep
from fakes import FakeClock
from hivemind_chatroom.errors import DatabaseNewerError, FolderInUseError, FolderUnusableError
from hivemind_chatroom.store.sqlite import SqliteStore


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "room.db"


def kept(file: Path, clock: FakeClock, *texts: str) -> None:
    store = SqliteStore(file, clock)
    keep(store, *(draft(text) for text in texts))
    store.close()


def test_every_file_is_its_users_alone(file: Path, clock: FakeClock) -> None:
    store = SqliteStore(file, clock)
    keep(store, draft())
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.glob("room.db*")}
    store.close()
    assert {"room.db", "room.db-wal", "room.db-shm"} <= set(modes)
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    "content",
    [b"no database at all, but long enough to be one" * 100, b"SQLite format 3\0" + b"\xff" * 5000],
)
def test_what_is_no_database_is_set_aside_and_a_new_one_begun(
    file: Path, clock: FakeClock, content: bytes
) -> None:
    file.write_bytes(content)
    store = SqliteStore(file, clock)
    keep(store, draft())
    store.close()
    assert store.set_aside == file.with_name("room-broken-20260314-150926.db")
    assert store.set_aside.read_bytes() == content


def test_a_damaged_database_is_set_aside(file: Path, clock: FakeClock) -> None:
    kept(file, clock, *("line" * 100 for _ in range(100)))
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    file.write_bytes(content)
    store = SqliteStore(file, clock)
    assert store.set_aside is not None
    assert store.last_id() == 0
    store.close()


def test_the_database_of_another_program_is_set_aside(file: Path, clock: FakeClock) -> None:
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    store = SqliteStore(file, clock)
    store.close()
    assert store.set_aside is not None


def test_a_database_without_one_of_its_tables_is_set_aside(file: Path, clock: FakeClock) -> None:
    kept(file, clock, "hello")
    damaged = sqlite3.connect(file)
    damaged.execute("DROP TABLE cookie")
    damaged.close()
    store = SqliteStore(file, clock)
    store.close()
    assert store.set_aside is not None


def test_an_empty_file_is_a_new_room(file: Path, clock: FakeClock) -> None:
    file.touch()
    store = SqliteStore(file, clock)
    store.close()
    assert store.set_aside is None


def test_a_newer_database_is_left_alone(file: Path, clock: FakeClock) -> None:
    kept(file, clock, "hello")
    newer = sqlite3.connect(file)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(DatabaseNewerError, match=r"room\.db is of a newer version"):
        SqliteStore(file, clock)
    older = sqlite3.connect(file)
    older.execute("PRAGMA user_version = 1")
    older.close()
    store = SqliteStore(file, clock)
    assert ids(store.page(None).messages) == [1]
    store.close()


def test_a_second_room_in_the_folder_is_refused_until_the_first_has_closed(
    file: Path, clock: FakeClock
) -> None:
    first = SqliteStore(file, clock)
    with pytest.raises(FolderInUseError, match="Another room uses the folder"):
        SqliteStore(file, clock)
    first.close()
    SqliteStore(file, clock).close()


def test_a_folder_in_the_place_of_the_file_cannot_be_used(file: Path, clock: FakeClock) -> None:
    file.mkdir()
    with pytest.raises(FolderUnusableError):
        SqliteStore(file, clock)


def test_an_index_that_a_newer_library_wrote_is_made_anew(file: Path, clock: FakeClock) -> None:
    kept(file, clock, "hello")
    newer = sqlite3.connect(file)
    newer.execute("UPDATE message_words_config SET v = 5 WHERE k = 'version'")
    newer.commit()
    newer.close()
    store = SqliteStore(file, clock)
    assert store.set_aside is None
    assert ids(store.page(None, words="hel").messages) == [1]
    store.close()
