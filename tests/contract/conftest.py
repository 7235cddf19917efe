"""The same tests for every store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.cluster import Cluster
from contract.stores import open_store
from fakes import FakeClock
from hivemind_chatroom.room.ports import Store
from hivemind_chatroom.store.postgres.store import PostgresStore


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One for all files, as none of them breaks it."""
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    opened: Store
    if request.param == "postgres":
        opened = PostgresStore(request.getfixturevalue("cluster").new_database(), clock)
    else:
        opened = open_store(request.param, tmp_path, clock)
    yield opened
    opened.close()
