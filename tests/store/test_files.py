"""The database file: made, locked, or set aside."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from contract.stores import draft, ids, keep, purge
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.errors import (
    DatabaseForeignError,
    DatabaseNewerError,
    FolderInUseError,
    FolderUnusableError,
)
from hivemind_chatroom.store.schema import APPLICATION_ID, current_schema
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
def test_what_is_no_database_is_set_aside_in_our_own_place_and_a_new_one_begun(
    file: Path, clock: FakeClock, content: bytes
) -> None:
    file.write_bytes(content)
    store = SqliteStore(file, clock, is_own_place=True)
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


@pytest.mark.parametrize("version", [0, 1, 99])
def test_the_database_of_another_program_is_set_aside_in_our_own_place(
    file: Path, clock: FakeClock, version: int
) -> None:
    other = sqlite3.connect(file)
    other.executescript(f"CREATE TABLE songs (title TEXT); PRAGMA user_version = {version};")
    other.close()
    content = file.read_bytes()
    store = SqliteStore(file, clock, is_own_place=True)
    store.close()
    assert store.set_aside is not None
    assert store.set_aside.read_bytes() == content


def test_what_was_set_aside_before_is_never_replaced(file: Path, clock: FakeClock) -> None:
    for number in range(3):
        file.write_text(f"no database {number}" * 100)
        SqliteStore(file, clock, is_own_place=True).close()
    named = sorted(path.name for path in file.parent.glob("room-broken-*.db"))
    stem = "room-broken-20260314-150926"
    assert named == [f"{stem}-2.db", f"{stem}-3.db", f"{stem}.db"]


def test_a_damaged_header_is_set_aside_where_a_room_has_been(file: Path, clock: FakeClock) -> None:
    kept(file, clock, "hello")
    content = b"\xa5" * 100 + file.read_bytes()[100:]
    file.write_bytes(content)
    store = SqliteStore(file, clock)
    store.close()
    assert store.set_aside is not None
    assert store.set_aside.read_bytes() == content


def test_a_database_says_whose_it_is(file: Path, clock: FakeClock) -> None:
    kept(file, clock, "hello")
    assert int.from_bytes(file.read_bytes()[68:72], "big") == APPLICATION_ID


def test_a_link_is_followed_to_the_rooms_own_file(
    file: Path, tmp_path: Path, clock: FakeClock
) -> None:
    (tmp_path / "disk").mkdir()
    real = tmp_path / "disk" / "real.db"
    file.symlink_to(real)
    first = SqliteStore(file, clock, is_own_place=True)
    with pytest.raises(FolderInUseError):
        SqliteStore(real, clock)
    keep(first, draft("hello"))
    first.close()
    assert file.is_symlink()
    second = SqliteStore(real, clock)
    assert ids(second.page(None).messages) == [1]
    second.close()


def test_a_link_in_our_own_place_does_not_make_a_foreign_file_ours(
    file: Path, tmp_path: Path, clock: FakeClock
) -> None:
    diary = tmp_path / "diary.txt"
    diary.write_text("dear diary")
    file.symlink_to(diary)
    with pytest.raises(DatabaseForeignError, match=r"diary\.txt is not this room's database"):
        SqliteStore(file, clock, is_own_place=True)
    assert sorted(tmp_path.glob("*.*")) == [diary, file]


def test_a_database_without_one_of_its_tables_is_set_aside(file: Path, clock: FakeClock) -> None:
    kept(file, clock, "hello")
    damaged = sqlite3.connect(file)
    damaged.execute("DROP TABLE cookie")
    damaged.close()
    store = SqliteStore(file, clock)
    store.close()
    assert store.set_aside is not None


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM room",
        "UPDATE room SET last_id = 0",
        "UPDATE room SET first_id = 9",
        "UPDATE room SET id = ''",
    ],
)
def test_a_database_that_could_number_no_message_is_set_aside(
    file: Path, clock: FakeClock, damage: str
) -> None:
    kept(file, clock, "hello")
    damaged = sqlite3.connect(file)
    damaged.execute(damage)
    damaged.commit()
    damaged.close()
    store = SqliteStore(file, clock)
    assert store.set_aside is not None
    assert store.last_id() == 0
    store.close()


def test_a_room_of_which_everything_was_forgotten_is_sound(file: Path, clock: FakeClock) -> None:
    store = SqliteStore(file, clock)
    keep(store, draft(), draft())
    purge(store, sent_before=STARTED_AT, most=0)
    store.close()
    again = SqliteStore(file, clock)
    assert again.set_aside is None
    assert (again.first_id(), again.last_id()) == (3, 2)
    again.close()


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
    older.execute(f"PRAGMA user_version = {current_schema().version}")
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


@pytest.mark.parametrize("is_own_place", [True, False])
def test_a_folder_in_the_place_of_the_file_is_left_alone(
    file: Path, clock: FakeClock, *, is_own_place: bool
) -> None:
    file.mkdir(mode=0o755)
    mode = file.stat().st_mode
    with pytest.raises(DatabaseForeignError, match=r"room\.db is a folder\. Name another"):
        SqliteStore(file, clock, is_own_place=is_own_place)
    assert file.stat().st_mode == mode
    assert not [path for path in file.parent.glob("room*") if path != file]


@pytest.mark.parametrize("folder", ["nowhere", "no-folder"])
def test_a_folder_that_is_not_there_is_not_made(
    tmp_path: Path, clock: FakeClock, folder: str
) -> None:
    (tmp_path / "no-folder").touch()
    with pytest.raises(FolderUnusableError, match=f"{folder} can't be used: there is none"):
        SqliteStore(tmp_path / folder / "room.db", clock)
    assert not (tmp_path / "nowhere").exists()


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
