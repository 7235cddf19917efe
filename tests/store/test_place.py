"""A database as a file: copied, looked over, and put in place of another."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from contract.stores import draft, keep
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.errors import (
    BackupFailedError,
    BackupInvalidError,
    FolderInUseError,
    StorageFullError,
)
from hivemind_chatroom.store.place import DatabasePlace
from hivemind_chatroom.store.schema import current_schema
from hivemind_chatroom.store.sqlite import SqliteStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "room.db"


def made(file: Path, *texts: str) -> Path:
    store = SqliteStore(file, FakeClock())
    keep(store, *(draft(text) for text in texts))
    store.close()
    return file


def copied(file: Path) -> Path:
    copy = file.with_name("copy.db")
    DatabasePlace(file).copy_to(copy)
    return copy


def put_on_another_disk(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """Have the system refuse to rename or link a file, as it does from one disk to another."""
    rename, link = Path.replace, Path.hardlink_to

    def refuse_rename(path: Path, target: Path | str) -> Path:
        if path == file:
            raise OSError(errno.EXDEV, "another disk")
        return rename(path, target)

    def refuse_link(path: Path, target: Path | str) -> None:
        if target == file:
            raise OSError(errno.EXDEV, "another disk")
        link(path, target)

    monkeypatch.setattr(Path, "replace", refuse_rename)
    monkeypatch.setattr(Path, "hardlink_to", refuse_link)


def texts_in(file: Path) -> list[str]:
    store = SqliteStore(file, FakeClock())
    found = [message.draft.text for message in store.page(None).messages]
    store.close()
    return found


def test_a_copy_of_a_room_in_use_is_one_that_can_be_put_in_place(
    file: Path, tmp_path: Path
) -> None:
    store = SqliteStore(file, FakeClock())
    keep(store, draft("one"), draft("two"))
    copy = copied(file)
    store.close()
    before = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    DatabasePlace(file).check(copy)
    assert {path.name: path.stat().st_size for path in tmp_path.iterdir()} == before


def test_where_no_database_is_there_is_none_to_copy(file: Path) -> None:
    with pytest.raises(BackupFailedError):
        copied(file)


def alter(script: str) -> Callable[[Path], None]:
    def change(copy: Path) -> None:
        connection = sqlite3.connect(copy)
        connection.executescript(script)
        connection.close()

    return change


def cut(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:-4096])


def scratch(copy: Path) -> None:
    content = bytearray(copy.read_bytes())
    content[5000:9000] = b"\xff" * 4000
    copy.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda copy: copy.write_bytes(b""), "not a room's"),
        (lambda copy: copy.write_bytes(b"hello " * 1000), "damaged"),
        (cut, "damaged"),
        (scratch, "damaged"),
        (alter("PRAGMA application_id = 7"), "not a room's"),
        (alter(f"PRAGMA user_version = {current_schema().version + 1}"), "newer version"),
        (alter("CREATE TRIGGER x AFTER INSERT ON member BEGIN DELETE FROM room; END"), "not a"),
        (alter("DROP TRIGGER message_words_out"), "not a room's"),
        (alter("DELETE FROM room"), "damaged"),
        (alter("DROP TABLE room"), "damaged"),
    ],
    ids=[
        "empty",
        "no database",
        "cut off",
        "scratched",
        "another program's",
        "newer",
        "a trigger more",
        "a trigger less",
        "no room",
        "no table",
    ],
)
def test_what_is_no_sound_database_of_a_room_is_found_out(
    file: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    copy = copied(made(file, *(f"line {number}" for number in range(100))))
    spoil(copy)
    with pytest.raises(BackupInvalidError, match=reason):
        DatabasePlace(file).check(copy)


def test_a_database_of_an_older_version_is_one_of_ours(file: Path) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript(current_schema().first)
    connection.close()
    DatabasePlace(file).check(file)


@pytest.mark.parametrize("is_on_another_disk", [True, False])
def test_what_was_there_is_set_aside_with_the_date(
    monkeypatch: pytest.MonkeyPatch, file: Path, tmp_path: Path, *, is_on_another_disk: bool
) -> None:
    new = Path(shutil.copy(copied(made(file, "before")), tmp_path / "new.db"))
    made(file, "meanwhile")
    if is_on_another_disk:
        put_on_another_disk(monkeypatch, new)
    DatabasePlace(file).put(new, STARTED_AT)
    assert not new.exists()
    assert not list(tmp_path.glob("*.part"))
    assert texts_in(file) == ["before"]
    assert texts_in(tmp_path / "room-before-restore-20260314-150926.db") == ["before", "meanwhile"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("room*.db")} == {0o600}


def history_of(file: Path) -> str:
    store = SqliteStore(file, FakeClock())
    history = store.history
    store.close()
    return history


def test_each_time_it_is_put_in_place_a_database_begins_another_history(
    file: Path, tmp_path: Path
) -> None:
    copy = copied(made(file, "before"))
    histories = [history_of(file)]
    for name in ("once", "twice"):
        DatabasePlace(file).put(Path(shutil.copy(copy, tmp_path / name)), STARTED_AT)
        histories.append(history_of(file))
    assert len(set(histories)) == 3
    assert history_of(file) == histories[-1]


def test_a_database_of_an_older_version_begins_a_history_as_it_is_put_in_place(
    file: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    connection = sqlite3.connect(old, isolation_level=None)
    connection.executescript(current_schema().first)
    connection.close()
    DatabasePlace(made(file)).put(old, STARTED_AT)
    assert history_of(file) != ""


def test_a_disk_without_space_for_the_new_one_leaves_the_old_one_there(
    monkeypatch: pytest.MonkeyPatch, file: Path, tmp_path: Path
) -> None:
    new = Path(shutil.copy(copied(made(file, "before")), tmp_path / "new.db"))
    made(file, "meanwhile")
    put_on_another_disk(monkeypatch, new)

    def fill(_source: object, target: BinaryIO) -> None:
        target.write(b"half of it")
        raise OSError(errno.ENOSPC, "no space")

    before = sorted(tmp_path.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfileobj", fill)
        with pytest.raises(OSError, match="no space"):
            DatabasePlace(file).put(new, STARTED_AT)
    assert sorted(tmp_path.iterdir()) == before
    assert texts_in(file) == ["before", "meanwhile"]


@pytest.mark.parametrize("refused", ["new.db", "room.db-wal"])
def test_a_rename_that_is_refused_leaves_the_old_one_there_with_all_beside_it(
    monkeypatch: pytest.MonkeyPatch, file: Path, tmp_path: Path, refused: str
) -> None:
    new = Path(shutil.copy(copied(made(file, "before")), tmp_path / "new.db"))
    (tmp_path / "room.db-wal").write_bytes(b"")
    rename = Path.replace

    def refuse(path: Path, target: Path | str) -> Path:
        if path.name == refused:
            raise PermissionError(errno.EACCES, "held by another program")
        return rename(path, target)

    before = sorted(tmp_path.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(PermissionError):
            DatabasePlace(file).put(new, STARTED_AT)
    assert sorted(tmp_path.iterdir()) == before
    assert texts_in(file) == ["before"]


def test_nothing_is_put_in_place_of_a_room_that_is_open(file: Path) -> None:
    store = SqliteStore(file, FakeClock())
    with pytest.raises(FolderInUseError), DatabasePlace(file).alone():
        """Never."""
    store.close()
    with DatabasePlace(file).alone(), pytest.raises(FolderInUseError):
        SqliteStore(file, FakeClock())
    SqliteStore(file, FakeClock()).close()


def test_what_was_set_aside_can_be_forgotten_and_nothing_else_is(
    file: Path, tmp_path: Path
) -> None:
    new = copied(made(file, "before"))
    DatabasePlace(file).put(Path(shutil.copy(new, tmp_path / "new.db")), STARTED_AT)
    file.write_bytes(b"broken " * 1000)
    for name in ("room-broken-heart.db", "room-before-restore-of-grandpa.txt", "xroom-broken-1.db"):
        (tmp_path / name).touch()
    store = SqliteStore(file, FakeClock(), is_own_place=True)
    assert {path.name for path in tmp_path.glob("room-b*-2026*")} == {
        "room-before-restore-20260314-150926.db",
        "room-broken-20260314-150926.db",
    }
    store.forget_copies()
    store.close()
    assert {path.name for path in tmp_path.glob("*room-b*")} == {
        "room-broken-heart.db",
        "room-before-restore-of-grandpa.txt",
        "xroom-broken-1.db",
    }


def test_a_copy_that_cannot_be_forgotten_is_said(file: Path, tmp_path: Path) -> None:
    store = SqliteStore(file, FakeClock())
    (tmp_path / "room-broken-20260314-150926.db").mkdir()
    with pytest.raises(StorageFullError, match="can't be deleted"):
        store.forget_copies()
    store.close()
