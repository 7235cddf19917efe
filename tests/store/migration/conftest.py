"""Rooms to be moved, and where to."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.cluster import Cluster
from store.migration.moving import Place, fill, opened, stopped_at


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A file with a room in which all of that has happened."""
    file = tmp_path / "room.db"
    store = opened(file)
    fill(store)
    store.close()
    return file


@pytest.fixture(params=["sqlite", "postgres"])
def begun(request: pytest.FixtureRequest, room: Path, cluster: Cluster, tmp_path: Path) -> Place:
    """A place that has all of the room but its last rows."""
    target: Place = tmp_path / "new.db"
    if request.param == "postgres":
        target = cluster.new_database()
    stopped_at("keep_rest", room, target)
    return target
