"""The seat of who leads: taken in one step, kept by signs of life, told in words that are known."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

from contract.cluster import Cluster
from fakes import FakeClock
from hivemind_chatroom.store.postgres import seat
from hivemind_chatroom.store.postgres.connecting import Connection, connect
from hivemind_chatroom.store.postgres.store import PostgresStore


@pytest.fixture
def address(cluster: Cluster) -> str:
    """Where the seat is free, and was taken once."""
    address = cluster.new_database()
    PostgresStore(address, FakeClock()).close()
    return address


@pytest.fixture
def one(address: str) -> Iterator[Connection]:
    with connect(address) as connection:
        yield connection


@pytest.fixture
def other(address: str) -> Iterator[Connection]:
    with connect(address) as connection:
        yield connection


def test_one_at_a_time_sits_there(one: Connection, other: Connection) -> None:
    assert seat.take(one, "one") == 2
    assert seat.take(other, "other") is None
    assert seat.renew(one, 2)
    seat.leave(one)
    assert seat.take(other, "other") == 3
    assert not seat.renew(one, 2)


def test_who_freezes_while_it_sits_down_is_replaced(
    one: Connection, other: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute, round_trips = one.execute, iter(["the last one"])

    def ask(query: LiteralString, values: tuple[object, ...]) -> object:
        next(round_trips)
        return execute(query, values)

    monkeypatch.setattr(one, "execute", ask)
    with contextlib.suppress(StopIteration):
        seat.take(one, "one")
    monkeypatch.setattr(seat, "STALLED_S", 0.0)
    assert seat.take(other, "other") is None
    assert seat.end_stalled(other)


def test_a_new_token_waits_for_what_is_being_marked_but_signs_of_life_do_not(
    one: Connection, other: Connection
) -> None:
    other.execute("SET lock_timeout = '200ms'")
    with one.transaction():
        one.execute("SELECT FROM leader WHERE token = 1 FOR KEY SHARE")
        assert seat.renew(other, 1)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            seat.take(other, "other")
    assert seat.take(other, "other") == 2


@pytest.mark.parametrize("text", ["{}", "no JSON", '{"state": "asleep"}'])
def test_words_of_another_version_say_nothing_of_the_hub(one: Connection, text: str) -> None:
    one.execute("INSERT INTO hub VALUES (true, %s)", (text,))
    assert seat.told(one) is None
