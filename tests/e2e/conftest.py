"""Real hubs for the tests of what a hub says to a satellite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.hubs import UTTERANCE, RealHub


@pytest.fixture(scope="module")
def shared_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHub]:
    hub = RealHub(tmp_path_factory.mktemp("hub")).start()
    yield hub
    hub.stop()


@pytest.fixture
def hub(shared_hub: RealHub) -> RealHub:
    """A hub with a client for this test alone; the test leaves the hub running."""
    shared_hub.admit(UTTERANCE)
    return shared_hub


@pytest.fixture
def own_hub(tmp_path: Path) -> Iterator[RealHub]:
    """A hub that the test may end."""
    hub = RealHub(tmp_path / "hub").start(UTTERANCE)
    yield hub
    hub.stop()
