"""A database of an older version becomes one of today, or stays as it is."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from fakes import STARTED_AT
from hivemind_chatroom.errors import FolderUnusableError
from hivemind_chatroom.store.files import prepare
from hivemind_chatroom.store.schema import Schema, current_schema, version_of

TO_2 = "ALTER TABLE room ADD COLUMN motto TEXT NOT NULL DEFAULT 'hello'; PRAGMA user_version = 2;"
TO_3 = "UPDATE room SET motto = motto || ', all', last_id = 7; PRAGMA user_version = 3;"

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


def test_an_older_database_is_brought_up_to_date_and_a_copy_of_it_left(file: Path) -> None:
    prepare(file, older(TO_2, TO_3), STARTED_AT).lock.release()
    assert state(file) == (3, 7, "hello, all")
    copy = file.with_name("room-version-1-20260314-150926.db")
    assert state(copy) == (1, 0, None)
    assert copy.stat().st_mode & 0o777 == 0o600


def test_one_of_today_is_not_copied(file: Path) -> None:
    prepare(file, older(), STARTED_AT).lock.release()
    assert [*file.parent.glob("*version*")] == []


def test_a_new_one_goes_through_every_version(tmp_path: Path) -> None:
    prepare(tmp_path / "new.db", older(TO_2, TO_3), STARTED_AT).lock.release()
    assert state(tmp_path / "new.db") == (3, 7, "hello, all")


def test_a_step_that_fails_undoes_those_before_it(file: Path) -> None:
    with pytest.raises(FolderUnusableError):
        prepare(file, older(TO_2, "UPDATE nowhere SET a = 1;"), STARTED_AT)
    assert state(file) == (1, 0, None)


def test_a_power_cut_while_it_is_done_leaves_the_old_one(file: Path) -> None:
    command = [sys.executable, "-c", POWER_CUT, str(file), TO_2, TO_3]
    assert subprocess.run(command, check=False).returncode == -9
    assert state(file) == (1, 0, None)
    prepare(file, older(TO_2, TO_3), STARTED_AT).lock.release()
    assert state(file) == (3, 7, "hello, all")
