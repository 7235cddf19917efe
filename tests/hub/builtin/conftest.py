from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hivemind_chatroom.hub.builtin.child import BuiltinHub
from hub.builtin.satellite import Satellite


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a hub of the test keeps its things; not there yet."""
    return tmp_path / "built-in-hub"


@pytest.fixture
def hub(folder: Path) -> Iterator[BuiltinHub]:
    """A hub that is not started, and stopped at the end in any case."""
    hub = BuiltinHub(folder)
    yield hub
    hub.stop()


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the hub that all tests of a file share."""
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="module")
def satellite(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Satellite]:
    """A satellite of a running hub; both serve all tests of a file."""
    hub = BuiltinHub(shared_folder)
    try:
        with Satellite(hub.start(), tmp_path_factory.mktemp("satellite")) as satellite:
            yield satellite
    finally:
        hub.stop()
