"""A copy of the database while the room goes on."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from contract.stores import draft, ids, keep
from fakes import FakeClock
from hivemind_chatroom.errors import BackupFailedError
from hivemind_chatroom.store.backup import back_up
from hivemind_chatroom.store.sqlite import SqliteStore

WAIT_S = 10.0
BETWEEN_POSTS_S = 0.2
FIRST = 300
"""Messages that are there when the copy begins."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "room.db"


def test_a_copy_made_while_people_post_is_of_one_moment(file: Path, tmp_path: Path) -> None:
    store = SqliteStore(file, FakeClock())
    keep(store, *(draft(f"line {number}", corr=f"c{number}") for number in range(FIRST)))
    is_copied, has_posted = threading.Event(), threading.Event()
    posted: list[int] = []

    def post() -> None:
        while not is_copied.is_set():
            posted.append(store.append(draft("more", corr=f"m{len(posted)}")).message.id)
            has_posted.set()

    poster = threading.Thread(target=post, name="poster")
    poster.start()
    assert has_posted.wait(WAIT_S)
    back_up(file, tmp_path / "copy.db")
    is_copied.set()
    poster.join(WAIT_S)
    store.close()
    copy = SqliteStore(tmp_path / "copy.db", FakeClock())
    last = copy.last_id()
    assert FIRST < last <= posted[-1]
    assert len(copy.waiting()) == last
    assert ids(copy.page(None, after=copy.first_id(), limit=FIRST * 100).messages) == [
        *range(2, last + 1)
    ]
    copy.close()


def test_a_copy_is_one_file_and_its_users_alone(file: Path, tmp_path: Path) -> None:
    store = SqliteStore(file, FakeClock())
    keep(store, draft())
    (tmp_path / "copies").mkdir()
    back_up(file, tmp_path / "copies" / "copy.db")
    store.close()
    [copy] = (tmp_path / "copies").iterdir()
    assert copy.stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten(file: Path, tmp_path: Path) -> None:
    SqliteStore(file, FakeClock()).close()
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(BackupFailedError, match="is there already"):
        back_up(file, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_what_is_not_there_cannot_be_copied(file: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupFailedError, match="There is no database"):
        back_up(file, tmp_path / "copy.db")
    assert not [*tmp_path.glob("*.db*")]


def test_a_folder_that_is_not_there_is_named(file: Path, tmp_path: Path) -> None:
    SqliteStore(file, FakeClock()).close()
    with pytest.raises(BackupFailedError, match="can't be written"):
        back_up(file, tmp_path / "nowhere" / "copy.db")


def test_of_a_damaged_database_no_copy_is_left(file: Path, tmp_path: Path) -> None:
    store = SqliteStore(file, FakeClock())
    keep(store, *(draft("line" * 100) for _ in range(100)))
    store.close()
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    file.write_bytes(content)
    with pytest.raises(BackupFailedError, match="can't be copied"):
        back_up(file, tmp_path / "copy.db")
    assert not [*tmp_path.glob("copy*")]


def test_what_is_removed_while_a_copy_reads_is_gone_soon_after_it_though_people_go_on_posting(
    file: Path,
) -> None:
    store = SqliteStore(file, FakeClock())
    secret = keep(store, draft("Quetzalcoatlus"))[0].id
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM message").fetchall()
    assert store.remove(secret)
    journal = file.with_name("room.db-wal")
    assert b"Quetzalcoatlus" in journal.read_bytes()
    reader.close()
    deadline, somebody_thinks = time.monotonic() + WAIT_S, threading.Event()
    while b"Quetzalcoatlus" in journal.read_bytes():
        assert time.monotonic() < deadline
        keep(store, draft("more"))
        somebody_thinks.wait(BETWEEN_POSTS_S)
    store.close()
    assert b"Quetzalcoatlus" not in file.read_bytes()


def test_a_file_of_a_like_name_is_left_alone(tmp_path: Path) -> None:
    others = tmp_path / "copy.db.part"
    others.write_text("a diary")
    store = SqliteStore(tmp_path / "room.db", FakeClock())
    store.close()
    back_up(tmp_path / "room.db", tmp_path / "copy.db")
    assert others.read_text() == "a diary"
    assert sorted(each.name for each in tmp_path.glob("copy*")) == ["copy.db", "copy.db.part"]
