"""What PostgreSQL promises beyond the contract: it may be away, be somebody else's, be shared."""

from __future__ import annotations

import signal
import threading
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
from hivemind_chatroom.room.model import MessageId
from hivemind_chatroom.room.operating import StorageState
from hivemind_chatroom.store.postgres import connecting, connections
from hivemind_chatroom.store.postgres.store import PostgresStore


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


def test_a_frozen_database_is_given_up_and_what_it_did_nonetheless_is_not_kept_twice(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_REST_S", 0.0)
    monkeypatch.setattr(connecting, "_ANSWER_S", 0.3)
    store = PostgresStore(cluster.new_database(), FakeClock())
    keep(store, draft("before"))
    cluster.signal(signal.SIGSTOP)
    try:
        with pytest.raises(StorageAwayError):
            store.append(draft("meanwhile", client_id="a"))
    finally:
        cluster.signal(signal.SIGCONT)
    monkeypatch.undo()
    assert store.append(draft("meanwhile", client_id="a")).message.id == 2
    assert store.last_id() == 2
    store.close()


def test_several_instances_share_what_is_kept(cluster: Cluster) -> None:
    address = cluster.new_database()
    first, second = PostgresStore(address, FakeClock()), PostgresStore(address, FakeClock())
    assert [each.id for each in keep(first, draft("one"))] == [1]
    assert [each.id for each in keep(second, draft("two"))] == [2]
    assert first.get(MessageId(2)) == second.get(MessageId(2))
    assert (first.room_id, first.history) == (second.room_id, second.history)
    first.close()
    second.close()


def end_connections(address: str) -> None:
    changed(
        address,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


def test_a_room_whose_connections_are_ended_has_its_database_again(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_REST_S", 0.0)
    address = cluster.new_database()
    store = PostgresStore(address, FakeClock())
    end_connections(address)
    assert [each.id for each in keep(store, draft("again"))] == [1]
    store.close()


def test_many_threads_that_append_at_once_get_numbers_without_holes(cluster: Cluster) -> None:
    store = PostgresStore(cluster.new_database(), FakeClock())
    together = threading.Barrier(4)

    def appended(name: int) -> list[int]:
        together.wait()
        return [message.id for nth in range(50) for message in keep(store, draft(f"{name} {nth}"))]

    with ThreadPoolExecutor(4) as pool:
        given = [*pool.map(appended, range(4))]
    assert sorted(number for numbers in given for number in numbers) == [*range(1, 201)]
    assert all(numbers == sorted(numbers) for numbers in given)
    for numbers, name in zip(given, range(4), strict=True):
        said = [message.draft.text for each in numbers if (message := store.get(MessageId(each)))]
        assert said == [f"{name} {nth}" for nth in range(50)]
    store.close()


def test_who_is_not_let_in_says_no_password() -> None:
    with pytest.raises(DatabaseAwayError) as refused:
        PostgresStore("postgresql://ana:geheim@127.0.0.1:1/room", FakeClock())
    assert "geheim" not in str(refused.value)
