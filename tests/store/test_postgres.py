"""What PostgreSQL promises beyond the contract: it may be away, be somebody else's, be shared."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from contract.cluster import Cluster
from contract.stores import draft, keep
from fakes import FakeClock
from hivemind_chatroom.errors import (
    DatabaseAwayError,
    DatabaseForeignError,
    DatabaseNewerError,
    StorageAwayError,
)
from hivemind_chatroom.room.operating import StorageState
from hivemind_chatroom.store.postgres import connections
from hivemind_chatroom.store.postgres.store import PostgresStore


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.stop()


def changed(address: str, statement: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute(statement.encode())


def test_several_that_start_at_once_make_one_room(cluster: Cluster) -> None:
    address, together = cluster.new_database(), threading.Barrier(4)

    def opened(_: int) -> str:
        together.wait()
        store = PostgresStore(address, FakeClock())
        store.close()
        return store.room_id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(opened, range(4)))) == 1


def test_somebody_elses_database_is_left_alone(cluster: Cluster) -> None:
    address = cluster.new_database()
    changed(address, "CREATE TABLE room (number integer)")
    with pytest.raises(DatabaseForeignError, match="somebody else's"):
        PostgresStore(address, FakeClock())
    with psycopg.connect(address) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == [("room",)]


def test_a_newer_database_is_left_alone(cluster: Cluster) -> None:
    address = cluster.new_database()
    PostgresStore(address, FakeClock()).close()
    changed(address, "UPDATE hivemind_chatroom SET version = 99")
    with pytest.raises(DatabaseNewerError):
        PostgresStore(address, FakeClock())


def test_while_it_is_away_nothing_is_kept_and_then_all_goes_on(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_REST_S", 0.0)
    store = PostgresStore(cluster.new_database(), FakeClock())
    keep(store, draft("before", client_id="a"))
    cluster.crash()
    with pytest.raises(StorageAwayError) as refused:
        store.append(draft("meanwhile"))
    assert refused.value.retry_after_s > 0
    assert store.standing().state is StorageState.AWAY
    cluster.start()
    assert [each.id for each in keep(store, draft("after"))] == [2]
    assert not store.append(draft("before", client_id="a")).is_new
    store.close()


def test_who_is_not_let_in_says_no_password() -> None:
    with pytest.raises(DatabaseAwayError) as refused:
        PostgresStore("postgresql://ana:geheim@127.0.0.1:1/room", FakeClock())
    assert "geheim" not in str(refused.value)
