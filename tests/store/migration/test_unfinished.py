"""A move that has not come to its end: no room opens there, and it goes on or begins anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from contract.cluster import Cluster
from contract.stores import ANA, ids
from hivemind_chatroom.errors import (
    DatabaseAwayError,
    MigrationFailedError,
    MigrationRefusedError,
    MigrationUnfinishedError,
)
from hivemind_chatroom.room.model import MessageId
from hivemind_chatroom.store.connections import connect
from hivemind_chatroom.store.migration import sqlite
from hivemind_chatroom.store.migration.side import Side
from hivemind_chatroom.store.postgres import store as postgres_store
from store.migration.moving import Place, moved, opened, stopped_at


def test_no_room_opens_on_what_is_half_moved_and_nothing_is_moved_from_there(
    begun: Place, tmp_path: Path
) -> None:
    with pytest.raises(MigrationUnfinishedError, match=r"Run `migrate` once more"):
        opened(begun)
    with pytest.raises(MigrationUnfinishedError):
        moved(begun, tmp_path / "elsewhere.db")


def test_a_room_that_has_looked_before_the_move_was_begun_does_not_open_either(
    room: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = cluster.new_database()
    stopped_at("keep_rest", room, address)
    monkeypatch.setattr(postgres_store, "prepare", lambda _: None)  # it has found nothing
    with pytest.raises(MigrationUnfinishedError):
        opened(address)


def test_another_room_does_not_go_on_with_it(begun: Place, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    opened(other).close()
    with pytest.raises(MigrationRefusedError, match="Another room is being moved"):
        moved(other, begun)


def test_what_was_removed_since_the_move_was_begun_is_not_moved(begun: Place, room: Path) -> None:
    store = opened(room)
    store.remove(MessageId(3))
    store.close()
    with pytest.raises(MigrationFailedError, match="it begins anew"):
        moved(room, begun)
    with pytest.raises(MigrationUnfinishedError):
        opened(begun)
    moved(room, begun)
    store = opened(begun)
    assert store.get(MessageId(3)) is None
    assert ids(store.page(ANA).messages) == [2, 4, 7, 8, 9]
    store.close()


def test_the_rest_is_kept_anew_when_it_was_kept_before(begun: Place, room: Path) -> None:
    stopped_at("end", room, begun)
    moved(room, begun)
    store, before = opened(begun), opened(room)
    assert store.book.records() == before.book.records()
    store.close()
    before.close()


def test_a_row_that_is_not_there_is_found_out(
    begun: Place, room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Side.rest

    def without_a_cookie(side: Side) -> dict[Any, Sequence[Any]]:
        pieces = whole(side)
        monkeypatch.setattr(Side, "rest", whole)
        return {table: [*rows][table.name == "cookie" :] for table, rows in pieces.items()}

    monkeypatch.setattr(Side, "rest", without_a_cookie)
    with pytest.raises(MigrationFailedError):
        moved(room, begun)


def test_a_disk_that_is_full_stops_it_and_once_there_is_room_it_goes_on(
    room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect_to_a_small_disk(file: Path) -> sqlite3.Connection:
        connection = connect(file)
        connection.execute("PRAGMA max_page_count = 1")  # of what is there already
        return connection

    monkeypatch.setattr(sqlite, "connect", connect_to_a_small_disk)
    with pytest.raises(MigrationFailedError, match=r"\(SQLITE_FULL\). The same command goes on"):
        moved(room, tmp_path / "new.db")
    monkeypatch.undo()
    moved(room, tmp_path / "new.db")


def test_a_server_that_is_lost_stops_it_and_once_it_is_back_it_goes_on(
    room: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, whole = cluster.new_database(), Side.keep_rest

    def lose(*given: Any) -> None:  # noqa: ANN401 - whatever it is given
        cluster.crash()
        whole(*given)

    monkeypatch.setattr(Side, "keep_rest", lose)
    with pytest.raises(MigrationFailedError, match="The same command goes on"):
        moved(room, address)
    monkeypatch.undo()
    with pytest.raises(DatabaseAwayError):
        moved(room, address)
    cluster.start()
    moved(room, address)
