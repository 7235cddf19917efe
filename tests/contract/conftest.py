"""The same tests for every store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.stores import open_store
from fakes import FakeClock
from hivemind_chatroom.room.ports import Store


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    opened = open_store(request.param, tmp_path, clock)
    yield opened
    opened.close()
