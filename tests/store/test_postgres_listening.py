"""Hints of the database at what others did: heard in time, and not missed while it was away."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from contract.cluster import Cluster
from contract.stores import draft, keep
from fakes import FakeClock
from hivemind_chatroom.room.changes import Hints
from hivemind_chatroom.room.model import NO_MESSAGE, MessageId
from hivemind_chatroom.store.postgres import connections, listening
from hivemind_chatroom.store.postgres.store import PostgresStore

WITHIN_S = 20.0


class Looks:
    """Counts how often it was told that there may be news."""

    def __init__(self) -> None:
        self._told = threading.Semaphore(0)

    def __call__(self) -> None:
        self._told.release()

    def come(self, within_s: float = WITHIN_S) -> bool:
        return self._told.acquire(timeout=within_s)


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture
def hints(here: PostgresStore, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hints]:
    """What hints at the doings of others, and at nothing else for a long while."""
    monkeypatch.setattr(listening, "_LOOK_S", 60.0)
    monkeypatch.setattr(listening, "_OWN_LOOK_S", 60.0)
    monkeypatch.setattr(listening, "_REST_S", 0.05)
    hints = here.changes.hints(looks)
    hints.start()
    assert looks.come()
    yield hints
    hints.stop()


@pytest.mark.usefixtures("hints")
def test_others_are_heard_when_they_speak_and_when_they_change_something(
    there: PostgresStore, looks: Looks
) -> None:
    keep(there, draft())
    assert looks.come()
    there.remove(MessageId(1))
    assert looks.come()


@pytest.mark.usefixtures("hints")
def test_ones_own_doings_are_no_hint(
    here: PostgresStore, there: PostgresStore, looks: Looks
) -> None:
    for nth in range(20):
        keep(here, draft(f"line {nth}"))
    assert not looks.come(0.2)
    keep(there, draft())
    assert looks.come()


@pytest.mark.usefixtures("hints")
def test_ones_own_doings_are_looked_at_after_a_while_all_the_same(
    here: PostgresStore, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_OWN_LOOK_S", 0.05)
    keep(here, draft())
    assert looks.come()


@pytest.mark.usefixtures("hints")
def test_nobody_hears_of_another_room_in_the_same_database(
    here: PostgresStore, looks: Looks, address: str
) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA other")
    elsewhere = PostgresStore(f"{address}&options=-csearch_path%3Dother", FakeClock())
    keep(elsewhere, draft())
    assert not looks.come(0.2)
    assert here.last_id() == NO_MESSAGE
    elsewhere.close()


@pytest.mark.usefixtures("hints")
def test_a_database_that_comes_back_is_looked_at_and_heard_again(
    cluster: Cluster, there: PostgresStore, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_REST_S", 0.0)
    cluster.crash()
    cluster.start()
    assert looks.come()
    keep(there, draft())
    assert looks.come()


_LISTENER = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND query IN ('SELECT', 'SELECT current_schema() AS name')
"""


def test_a_connection_that_is_silent_is_made_anew_though_nobody_has_closed_it(
    address: str, here: PostgresStore, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_LOOK_S", 0.2)
    monkeypatch.setattr(listening, "_ANSWER_S", 0.2)
    hints = here.changes.hints(looks)
    hints.start()
    assert looks.come()
    with psycopg.connect(address, autocommit=True) as connection:
        [(frozen,)] = connection.execute(_LISTENER).fetchall()
        os.kill(frozen, signal.SIGSTOP)
        try:
            ends_s = time.monotonic() + WITHIN_S
            while {(frozen,)} >= {*connection.execute(_LISTENER).fetchall()}:
                assert looks.come() or time.monotonic() < ends_s
        finally:
            os.kill(frozen, signal.SIGCONT)
    hints.stop()


def test_a_stop_is_heard_at_once(hints: Hints) -> None:
    hints.stop()
    assert "db-listen" not in {thread.name for thread in threading.enumerate()}


def test_what_never_listened_can_be_stopped(here: PostgresStore, looks: Looks) -> None:
    here.changes.hints(looks).stop()
