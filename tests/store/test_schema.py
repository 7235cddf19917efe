"""A database of an older version becomes one of today, or stays as it is."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.errors import UpgradeFailedError
from hivemind_chatroom.room.book import MemberRecord
from hivemind_chatroom.room.model import Member, MemberId, Session, SessionId
from hivemind_chatroom.store.files import prepare
from hivemind_chatroom.store.schema import Schema, current_schema, version_of
from hivemind_chatroom.store.sqlite import SqliteStore

TO_2 = "ALTER TABLE room ADD COLUMN motto TEXT NOT NULL DEFAULT 'hello'; PRAGMA user_version = 2;"
TO_3 = "UPDATE room SET motto = motto || ', all', last_id = 7; PRAGMA user_version = 3;"

ANA_OF_VERSION_1 = """
INSERT INTO member VALUES ('ana', 1, 'Ana', 'pt-PT', 'kitchen', 3, 'a1', '{}', 1);
INSERT INTO cookie VALUES (x'ff', 'ana');
"""

POWER_CUT = """
import os, signal, sqlite3, sys
from hivemind_chatroom.store.schema import Schema
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.create_function("cut", 0, lambda: os.kill(os.getpid(), signal.SIGKILL))
Schema("", (sys.argv[2], sys.argv[3], "SELECT cut();")).upgrade(connection)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database of version 1."""
    file = tmp_path / "room.db"
    prepare(file, Schema(current_schema().first), STARTED_AT).lock.release()
    return file


def state(file: Path) -> tuple[int, int, str | None]:
    """Return the version, the number given last, and the motto if the database has one."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    try:
        row = dict(connection.execute("SELECT * FROM room").fetchone())
        return version_of(connection), row["last_id"], row.get("motto")
    finally:
        connection.close()


def older(*migrations: str) -> Schema:
    return Schema(current_schema().first, migrations)


def test_an_older_database_is_brought_up_to_date_and_no_copy_of_it_left(file: Path) -> None:
    prepare(file, older(TO_2, TO_3), STARTED_AT).lock.release()
    assert state(file) == (3, 7, "hello, all")
    assert [*file.parent.glob("*.db")] == [file]


def test_members_of_the_first_version_are_known_and_nothing_was_decided_about_them(
    file: Path,
) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(ANA_OF_VERSION_1)
    store = SqliteStore(file, FakeClock())
    [record] = store.book.records()
    store.close()
    member = Member(MemberId("ana"), "Ana", "pt-PT", "kitchen", 3, Session(SessionId("a1")))
    assert record == MemberRecord(member, is_held=True, digests=frozenset({b"\xff"}))


def test_a_new_one_goes_through_every_version(tmp_path: Path) -> None:
    prepare(tmp_path / "new.db", older(TO_2, TO_3), STARTED_AT).lock.release()
    assert state(tmp_path / "new.db") == (3, 7, "hello, all")


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("UPDATE nowhere SET a = 1;", "no such table: nowhere"),
        ("INSERT INTO room SELECT * FROM room;", "UNIQUE constraint failed: room.only"),
    ],
)
def test_a_step_that_fails_leaves_the_old_one_in_its_place_and_is_said(
    file: Path, step: str, reason: str
) -> None:
    for _ in range(2):
        with pytest.raises(UpgradeFailedError, match=f"older version.* date: {reason}. It is un"):
            prepare(file, older(TO_2, step), STARTED_AT)
    assert state(file) == (1, 0, None)
    assert [*file.parent.glob("*.db")] == [file]


def test_one_that_a_step_finds_damaged_is_set_aside(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        root = "SELECT rootpage FROM sqlite_schema WHERE name = 'message'"
        [page] = connection.execute(root).fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    file.write_bytes(content)
    database = prepare(file, older("CREATE INDEX by_text ON message (text);" + TO_2), STARTED_AT)
    database.lock.release()
    assert database.set_aside is not None
    assert database.set_aside.read_bytes() == content
    assert state(file) == (2, 0, "hello")


def test_a_power_cut_while_it_is_done_leaves_the_old_one(file: Path) -> None:
    command = [sys.executable, "-c", POWER_CUT, str(file), TO_2, TO_3]
    assert subprocess.run(command, check=False).returncode == -9
    assert state(file) == (1, 0, None)
    prepare(file, older(TO_2, TO_3), STARTED_AT).lock.release()
    assert state(file) == (3, 7, "hello, all")
