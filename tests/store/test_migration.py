"""A room that is moved is the same room: every row of it, and what is made of the rows."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from contract.cluster import Cluster
from contract.stores import ANA, BOB, asked_as, draft, ids, keep, mark, purge
from contract.test_book import record
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.errors import (
    DatabaseInUseError,
    FolderInUseError,
    MigrationFailedError,
    MigrationRefusedError,
    MigrationUnfinishedError,
)
from hivemind_chatroom.room.model import (
    Author,
    Correlation,
    Delivery,
    Draft,
    Media,
    MessageId,
)
from hivemind_chatroom.room.ports import Store
from hivemind_chatroom.room.ruling import UNTIL_UNDONE, Ruling
from hivemind_chatroom.store.migration.migration import Progress, Seal, Step, move
from hivemind_chatroom.store.migration.postgres import postgres_source, postgres_target
from hivemind_chatroom.store.migration.side import AT_ONCE, Side
from hivemind_chatroom.store.migration.sqlite import sqlite_source, sqlite_target
from hivemind_chatroom.store.migration.tables import TABLES
from hivemind_chatroom.store.postgres.store import PostgresStore
from hivemind_chatroom.store.sqlite import SqliteStore

Place = Path | str
"""A file of SQLite, or an address of PostgreSQL."""

OF_ONE_KIND = {
    "sqlite": {
        "message": {"words"},  # made of the text
        "room": {"only", "words_left"},  # of the search index of this file
    },
    "postgres": {
        "message": {"words"},  # made of the text
        "member": {"version"},  # counts the writes of several instances
        "room": {"only_one"},
    },
}
"""Columns that are not moved, by the kind of database that has them."""

NOT_MOVED = {
    "hivemind_chatroom",  # the version of the tables
    "name_taken",  # made of the members' names
    "setting",  # stays with the room's settings
    "device_code",  # lives for minutes
    *("change", "change_count", "hub", "instance", "leader", "presence"),  # between instances
}
"""Tables of PostgreSQL that are not moved."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.stop()


def opened(place: Place) -> Store:
    if isinstance(place, Path):
        return SqliteStore(place, FakeClock())
    return PostgresStore(place, FakeClock())


def moved(source: Place, target: Place, told: list[Progress] | None = None) -> Seal:
    said = [] if told is None else told
    old = sqlite_source(source) if isinstance(source, Path) else postgres_source(source)
    with old as from_here:
        new = sqlite_target(target) if isinstance(target, Path) else postgres_target(target)
        with new as to_there:
            return move(from_here, to_there, said.append)


def rows_of(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that a file of SQLite has, to the byte."""
    query = "SELECT * FROM {} ORDER BY 1, 2"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return {
            table.name: connection.execute(query.format(table.name)).fetchall() for table in TABLES
        }


def fill(store: Store) -> None:
    """Have everything happen in a room that leaves something."""
    wordy = Draft(
        kind=draft().kind,
        author=Author(BOB, "Bób 🐝"),
        text="Grüße\naus 東京 'quoted' \\ 🐝 a_b%c",
        lang="pt-PT",
        sent_at=STARTED_AT.replace(microsecond=120000),
        to=Author(ANA, "Ana"),
        in_reply_to=MessageId(1),
        expects_reply=True,
        media=Media("https://example.org/ü.mp3", "Título", "Ω"),
    )
    keep(store, draft("too old"), draft("asked", corr="first", client_id="1"), wordy)
    keep(store, draft("between us", private_to=ANA, corr="private"))
    keep(store, draft("removed " * 3, corr="gone"), draft("removed too"), draft("waits", corr="w"))
    keep(store, draft("x" * 300), draft("on its way", author=BOB, corr="sent"))
    mark(store, 2, Delivery.SENDING)
    mark(store, 2, Delivery.UNCONFIRMED)
    store.ask_again(MessageId(2), Correlation("again"), only_from={Delivery.UNCONFIRMED})
    mark(store, 9, Delivery.SENDING)
    mark(store, 9, Delivery.SENT)
    store.remove(MessageId(5))
    store.remove(MessageId(6))
    purge(store, sent_before=STARTED_AT - timedelta(days=1), most=8)
    ruled = Ruling(UNTIL_UNDONE, STARTED_AT.replace(microsecond=5), "Anna ü", STARTED_AT)
    for each in (
        record("Zoe", b"\x00" * 32, b"\xff" * 32),
        replace(record("Ana"), ruling=ruled),
        replace(record("Bob", is_held=False), has_left=True),
    ):
        store.book.keep(each)


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A file with a room in which all of that has happened."""
    file = tmp_path / "room.db"
    store = opened(file)
    fill(store)
    store.close()
    return file


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


@pytest.mark.parametrize("there_and_back", [False, True])
def test_the_moved_room_goes_on_where_it_was(
    room: Path, cluster: Cluster, tmp_path: Path, *, there_and_back: bool
) -> None:
    target: Place = cluster.new_database()
    moved(room, target)
    if there_and_back:
        moved(target, target := tmp_path / "back.db")
    store = opened(target)
    assert [each.id for each in keep(store, draft("next", corr="next"))] == [10]
    assert not store.append(draft("asked", client_id="1")).is_new
    store.book.keep(record("Carol", b"c"))
    assert [each.member.name for each in store.book.records()] == ["Zoe", "Ana", "Bob", "Carol"]
    store.close()


@pytest.mark.parametrize("there_and_back", [False, True])
def test_what_was_said_is_found_and_what_was_removed_is_not(
    room: Path, cluster: Cluster, tmp_path: Path, *, there_and_back: bool
) -> None:
    target: Place = cluster.new_database()
    moved(room, target)
    if there_and_back:
        moved(target, target := tmp_path / "back.db")
    store = opened(target)
    assert ids(store.page(None, words="grusse 東京").messages) == [3]
    assert ids(store.page(None, words="xxx").messages) == [8]
    assert ids(store.page(BOB, words="between").messages) == []
    assert ids(store.page(ANA, words="between").messages) == [4]
    assert store.page(None, words="removed").messages == ()
    assert store.get(MessageId(5)) is None
    store.close()


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


def columns_of(place: Place) -> dict[str, set[str]]:
    if isinstance(place, Path):
        with contextlib.closing(sqlite3.connect(place)) as file:
            names = [name for (name,) in file.execute("SELECT name FROM pragma_table_list")]
            return {
                name: {row[1] for row in file.execute(f"PRAGMA table_info({name})")}
                for name in names
                if not name.startswith(("sqlite_", "message_words"))
            }
    with psycopg.connect(place) as connection:
        found = connection.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns "
            "WHERE table_schema = current_schema() GROUP BY table_name"
        )
        return {name: set(columns) for name, columns in found}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_every_column_is_moved_or_said_to_stay(kind: str, cluster: Cluster, tmp_path: Path) -> None:
    place: Place = tmp_path / "room.db" if kind == "sqlite" else cluster.new_database()
    opened(place).close()
    listed = {table.name: set(table.columns) for table in TABLES}
    there = {name: columns for name, columns in columns_of(place).items() if name not in NOT_MOVED}
    for name, columns in there.items():
        assert columns - OF_ONE_KIND[kind].get(name, set()) == listed[name], name
    assert there.keys() == listed.keys()


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


class StoppedError(Exception):
    """In the middle of a move."""


def stopped_at(step: str, source: Place, target: Place) -> None:
    """Move a room until a step of `Side` would begin."""

    def stop(*_: object) -> None:
        raise StoppedError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Side, step, stop)
        with pytest.raises(StoppedError):
            moved(source, target)


@pytest.fixture(params=["sqlite", "postgres"])
def begun(request: pytest.FixtureRequest, room: Path, cluster: Cluster, tmp_path: Path) -> Place:
    """A place that has all of the room but its last rows."""
    target: Place = tmp_path / "new.db"
    if request.param == "postgres":
        target = cluster.new_database()
    stopped_at("keep_rest", room, target)
    return target


def test_no_room_opens_on_what_is_half_moved_and_nothing_is_moved_from_there(
    begun: Place, tmp_path: Path
) -> None:
    with pytest.raises(MigrationUnfinishedError, match=r"Run `migrate` once more"):
        opened(begun)
    with pytest.raises(MigrationUnfinishedError):
        moved(begun, tmp_path / "elsewhere.db")


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
