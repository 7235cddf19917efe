"""A room's place in PostgreSQL, and two instances of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract.cluster import Cluster
from fakes import FakeClock
from hivemind_chatroom.store.postgres.store import PostgresStore


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def address(cluster: Cluster) -> str:
    return cluster.new_database()


@pytest.fixture
def here(address: str) -> Iterator[PostgresStore]:
    store = PostgresStore(address, FakeClock())
    yield store
    store.close()


@pytest.fixture
def there(address: str, here: PostgresStore) -> Iterator[PostgresStore]:
    """Another instance, which does not lead."""
    assert here.room_id
    store = PostgresStore(address, FakeClock())
    yield store
    store.close()
