"""A room that is moved is the same room: every row of it, and what is made of the rows."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from contract.cluster import Cluster
from contract.stores import ANA, BOB, asked_as, draft, ids, keep
from contract.test_book import record
from hivemind_chatroom.room.model import MessageId
from hivemind_chatroom.room.ports import Store
from hivemind_chatroom.store.migration.migration import Progress, Step
from hivemind_chatroom.store.migration.side import AT_ONCE
from store.migration.moving import Place, fill, moved, opened, rows_of


def test_a_room_that_went_there_and_back_has_every_row_to_the_byte(
    room: Path, cluster: Cluster, tmp_path: Path
) -> None:
    before = rows_of(room)
    address, back = cluster.new_database(), tmp_path / "back.db"
    there = moved(room, address)
    assert moved(address, back) == there
    assert rows_of(back) == before == rows_of(room)
    assert there.rows == {name: len(rows) for name, rows in before.items()}


def test_a_room_that_began_on_a_server_comes_to_a_file(cluster: Cluster, tmp_path: Path) -> None:
    address, file = cluster.new_database(), tmp_path / "room.db"
    store = opened(address)
    fill(store)
    store.close()
    assert moved(address, file).rows["mark"] == len(rows_of(file)["mark"]) == 6
    old, new = opened(address), opened(file)
    assert new.page(ANA) == old.page(ANA)
    assert [replace(each, version=0) for each in new.book.records()] == [
        replace(each, version=0) for each in old.book.records()
    ]
    old.close()
    new.close()


def test_the_moved_room_is_the_same_to_whoever_uses_it(room: Path, cluster: Cluster) -> None:
    address = cluster.new_database()
    moved(room, address)
    old, new = opened(room), opened(address)
    for viewer in (None, ANA, BOB):
        assert new.page(viewer) == old.page(viewer)
    assert new.book.records() == old.book.records()
    assert [replace(each, since=0) for each in new.waiting()] == [
        replace(each, since=0) for each in old.waiting()
    ]
    assert [each.message_id for each in new.under_way()] == [9]
    for corr, number in (("first", 2), ("again", 2), ("private", 4), ("gone", 5)):
        found, known = asked_as(new, corr), asked_as(old, corr)
        assert found
        assert known
        assert found.message_id == number
        assert found.delivery is known.delivery
    assert (new.room_id, new.history, new.invitation_key) == (
        old.room_id,
        old.history,
        old.invitation_key,
    )
    assert (new.first_id(), new.last_id()) == (old.first_id(), old.last_id()) == (2, 9)
    old.close()
    new.close()


@pytest.fixture(params=[False, True], ids=["there", "there-and-back"])
def arrived(
    request: pytest.FixtureRequest, room: Path, cluster: Cluster, tmp_path: Path
) -> Iterator[Store]:
    """The room where it was moved to."""
    target: Place = cluster.new_database()
    moved(room, target)
    if request.param:
        moved(target, target := tmp_path / "back.db")
    store = opened(target)
    yield store
    store.close()


def test_the_moved_room_goes_on_where_it_was(arrived: Store) -> None:
    assert [each.id for each in keep(arrived, draft("next", corr="next"))] == [10]
    assert not arrived.append(draft("asked", client_id="1")).is_new
    arrived.book.keep(record("Carol", b"c"))
    assert [each.member.name for each in arrived.book.records()] == ["Zoe", "Ana", "Bob", "Carol"]


def test_what_was_said_is_found_and_what_was_removed_is_not(arrived: Store) -> None:
    assert ids(arrived.page(None, words="grusse 東京").messages) == [3]
    assert ids(arrived.page(None, words="xxx").messages) == [8]
    assert ids(arrived.page(BOB, words="between").messages) == []
    assert ids(arrived.page(ANA, words="between").messages) == [4]
    assert arrived.page(None, words="removed").messages == ()
    assert arrived.get(MessageId(5)) is None


def names_taken(address: str) -> set[tuple[str, str]]:
    with psycopg.connect(address) as connection:
        return {*connection.execute("SELECT skeleton, member_id FROM name_taken").fetchall()}


def test_the_names_of_who_was_moved_are_theirs(room: Path, cluster: Cluster) -> None:
    moved_to, filled = cluster.new_database(), cluster.new_database()
    moved(room, moved_to)
    store = opened(filled)
    fill(store)
    store.close()
    assert names_taken(moved_to) == names_taken(filled) != set()


def test_a_long_log_is_moved_and_compared_piece_by_piece(tmp_path: Path, cluster: Cluster) -> None:
    room, told = tmp_path / "room.db", list[Progress]()
    opened(room).close()
    say_much(room, 2 * AT_ONCE + 1)
    seal = moved(room, cluster.new_database(), told)
    assert seal.rows["message"] == 2 * AT_ONCE + 1
    halves = [AT_ONCE, 2 * AT_ONCE, 2 * AT_ONCE + 1]
    assert [each.done for each in told if each.step is Step.COPYING] == halves
    assert [each.done for each in told if each.step is Step.COMPARING] == halves
    assert {each.of for each in told} == {2 * AT_ONCE + 1}


def test_a_room_in_which_nothing_was_said_is_moved_at_once(
    tmp_path: Path, cluster: Cluster
) -> None:
    room, address, told = tmp_path / "room.db", cluster.new_database(), list[Progress]()
    store = opened(room)
    store.book.keep(record("Zoe", b"z" * 32))
    store.close()
    rows = moved(room, address, told).rows
    assert [name for name, number in rows.items() if number] == ["member", "cookie", "room"]
    assert told == []


def say_much(file: Path, lines: int) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            """
            INSERT INTO message WITH RECURSIVE number (n) AS (
                SELECT last_id + 1 FROM room UNION ALL SELECT n + 1 FROM number LIMIT ?
            )
            SELECT n, 'person', 'ana', 'Ana', 'line ' || n, 'en', '2026-03-01T12:00:00+00:00', NULL,
                NULL, NULL, NULL, NULL, 0, NULL, 'line ' || n
            FROM number
            """,
            (lines,),
        )
        connection.execute("UPDATE room SET last_id = (SELECT max(id) FROM message)")
