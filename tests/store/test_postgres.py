"""What PostgreSQL promises beyond the contract: it may be away, be somebody else's, be shared."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg
import pytest

from contract.cluster import Cluster
from contract.stores import draft, keep
from fakes import FakeClock
from hivemind_chatroom.errors import (
    DatabaseAwayError,
    DatabaseEncodingError,
    DatabaseForeignError,
    DatabaseNewerError,
    StorageAwayError,
)
from hivemind_chatroom.room.model import Draft, Message, MessageId
from hivemind_chatroom.room.operating import StorageState
from hivemind_chatroom.room.ports import Appended
from hivemind_chatroom.store.postgres import appending, connecting, connections
from hivemind_chatroom.store.postgres.store import PostgresStore

WAIT_S = 10.0


class Turn:
    """A lock that tells when somebody begins to wait for it."""

    def __init__(self, has_come: threading.Semaphore) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()
        self._has_come = has_come
        self.release = self._lock.release

    def acquire(self) -> None:
        self._has_come.release()
        self._lock.acquire()


def together(
    address: str,
    texts: Sequence[str],
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[], None] = lambda: None,
) -> tuple[PostgresStore, list[Future[Appended]]]:
    """Append by a thread each while the room is locked, so that all but the first of them wait."""
    has_come = threading.Semaphore(0)

    class Job(appending._Job):  # noqa: SLF001 - to see its thread wait
        def __init__(self, drafts: Sequence[Draft]) -> None:
            super().__init__(drafts)
            self.turn = Turn(has_come)  # type: ignore[assignment]

    monkeypatch.setattr(appending, "_Job", Job)
    store = PostgresStore(address, FakeClock())
    with contextlib.closing(psycopg.connect(address)) as locking:
        locking.execute("SELECT FROM room FOR UPDATE")
        asked = [asked_for(store, text) for text in texts]
        for _ in texts[1:]:
            assert has_come.acquire(timeout=WAIT_S)
        meanwhile()
    return store, asked


def asked_for(store: PostgresStore, text: str) -> Future[Appended]:
    """Append on a thread that nobody waits for: if it is never woken, the test fails and ends."""
    asked: Future[Appended] = Future()

    def ask() -> None:
        try:
            asked.set_result(store.append(draft(text)))
        except BaseException as error:  # noqa: BLE001 - the test is to see it
            asked.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    return asked


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


def test_a_database_that_can_not_keep_every_text_is_left_alone(cluster: Cluster) -> None:
    address = cluster.new_database(encoding="SQL_ASCII")
    with pytest.raises(DatabaseEncodingError, match="encoded in SQL_ASCII"):
        PostgresStore(address, FakeClock())
    with psycopg.connect(address) as connection:
        tables = connection.execute("SELECT FROM pg_tables WHERE schemaname = 'public'")
        assert not tables.fetchall()


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


def test_what_comes_while_a_statement_is_on_its_way_shares_the_next_one(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, texts = cluster.new_database(), [f"line {number}" for number in range(6)]
    store, asked = together(address, texts, monkeypatch)
    kept = [each.result(WAIT_S).message for each in asked]
    assert [each.draft.text for each in kept] == texts
    assert sorted(each.id for each in kept) == [1, 2, 3, 4, 5, 6]
    with psycopg.connect(address) as looking:
        statements = looking.execute("SELECT count(DISTINCT xmin::text) FROM message").fetchone()
    assert statements in {(1,), (2,)}  # the first of them may have seen the others come
    store.close()


def test_what_can_not_be_kept_keeps_nothing_from_those_that_came_with_it(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["one", "two", "no text of PostgreSQL's: \x00", "three", "four"]
    store, asked = together(cluster.new_database(), texts, monkeypatch)
    failures = [each.exception(WAIT_S) for each in asked]
    assert [type(each) for each in failures if each] == [psycopg.errors.UntranslatableCharacter]
    assert failures[2]
    assert sorted(asked[n].result().message.id for n in (0, 1, 3, 4)) == [1, 2, 3, 4]
    assert store.append(draft("five")).message.id == 5
    store.close()


def test_all_who_wait_are_told_that_the_database_is_away(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_REST_S", 0.0)
    texts = ["one", "two", "three"]
    store, asked = together(cluster.new_database(), texts, monkeypatch, cluster.crash)
    assert {type(each.exception(WAIT_S)) for each in asked} == {StorageAwayError}
    cluster.start()
    assert store.append(draft("four")).message.id == 1
    store.close()


class Ended(BaseException):
    """What ends a thread, and is no failure of what it does."""


def test_all_who_wait_for_a_thread_that_is_ended_are_told(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["one", "two", "three", "four"]
    is_ended = threading.Event()

    def ends_once(message: Message) -> object:
        if message.draft.text == texts[-1] and not is_ended.is_set():
            is_ended.set()
            raise Ended
        return row(message)

    row = appending._row  # noqa: SLF001 - somewhere inside
    monkeypatch.setattr(appending, "_row", ends_once)
    store, asked = together(cluster.new_database(), texts, monkeypatch)
    came = [type(each.exception(WAIT_S)) for each in asked]
    assert came.count(Ended) == 1
    assert set(came) <= {Ended, StorageAwayError, type(None)}
    assert store.append(draft("five")).message.id == store.last_id()
    store.close()


def test_who_is_not_let_in_says_no_password() -> None:
    with pytest.raises(DatabaseAwayError) as refused:
        PostgresStore("postgresql://ana:geheim@127.0.0.1:1/room", FakeClock())
    assert "geheim" not in str(refused.value)
