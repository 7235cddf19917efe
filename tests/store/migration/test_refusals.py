"""What is not moved: where a room is or runs already, and where none is."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import psycopg
import pytest

from contract.cluster import Cluster
from contract.test_book import record
from hivemind_chatroom.errors import (
    DatabaseInUseError,
    FolderInUseError,
    MigrationRefusedError,
    MigrationUnfinishedError,
)
from hivemind_chatroom.store.migration.postgres import postgres_source, postgres_target
from hivemind_chatroom.store.migration.sqlite import sqlite_source, sqlite_target
from store.migration.moving import Place, moved, opened


def test_a_place_that_has_a_room_already_is_left_alone(
    room: Path, cluster: Cluster, tmp_path: Path
) -> None:
    for target in (tmp_path / "other.db", cluster.new_database()):
        store = opened(target)
        store.book.keep(record("Zoe"))
        store.close()
        with pytest.raises(MigrationRefusedError, match="has a room in it already"):
            moved(room, target)
        store = opened(target)
        assert [each.member.name for each in store.book.records()] == ["Zoe"]
        store.close()


def test_a_room_that_was_moved_is_not_moved_there_again(room: Path, tmp_path: Path) -> None:
    moved(room, tmp_path / "new.db")
    with pytest.raises(MigrationRefusedError, match="has this room in it already"):
        moved(room, tmp_path / "new.db")


def test_a_database_that_only_was_opened_is_empty_enough(room: Path, cluster: Cluster) -> None:
    address = cluster.new_database()
    opened(address).close()
    moved(room, address)
    store = opened(address)
    assert store.last_id() == 9
    store.close()


def test_while_a_room_runs_on_either_nothing_is_moved(
    room: Path, cluster: Cluster, tmp_path: Path
) -> None:
    address = cluster.new_database()
    running = opened(room)
    with pytest.raises(FolderInUseError):
        moved(room, address)
    running.close()
    running = opened(address)
    with pytest.raises(DatabaseInUseError):
        moved(room, address)
    running.close()
    moved(room, address)
    running = opened(address)
    with pytest.raises(DatabaseInUseError):
        moved(address, tmp_path / "back.db")
    running.close()


def test_no_room_opens_on_what_is_being_moved(room: Path, cluster: Cluster, tmp_path: Path) -> None:
    address, back = cluster.new_database(), tmp_path / "back.db"
    with sqlite_source(room) as source, postgres_target(address) as target:
        target.begin(source.room_id())
        with pytest.raises((DatabaseInUseError, MigrationUnfinishedError)):
            opened(address)
    with sqlite_source(room) as source, sqlite_target(back) as target:
        target.begin(source.room_id())
        with pytest.raises(FolderInUseError):
            opened(back)


def test_nothing_is_written_where_a_room_is_moved_from(room: Path, cluster: Cluster) -> None:
    address = cluster.new_database()
    moved(room, address)
    late = "SET lock_timeout = 1; UPDATE room SET last_id = 99"
    with psycopg.connect(address) as connection:
        with postgres_source(address) as source:
            with pytest.raises(psycopg.errors.LockNotAvailable):
                connection.execute(late.encode())
            assert source.room_id()
        connection.rollback()
        connection.execute("UPDATE room SET last_id = 99")
        with pytest.raises(DatabaseInUseError):
            moved(address, room.with_name("back.db"))


def test_a_room_of_an_older_version_is_not_moved(room: Path, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(room)) as connection:
        connection.execute("PRAGMA user_version = 3")
    with pytest.raises(MigrationRefusedError, match="older version"):
        moved(room, tmp_path / "new.db")


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_where_there_is_no_room_there_is_nothing_to_move(
    kind: str, cluster: Cluster, tmp_path: Path
) -> None:
    source: Place = tmp_path / "none.db" if kind == "sqlite" else cluster.new_database()
    with pytest.raises(MigrationRefusedError, match="There is no room in"):
        moved(source, tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()
