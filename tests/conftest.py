"""What holds for every test: it sees no one's settings, and leaves no thread of ours behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from contract.cluster import Cluster

OUR_THREADS = ("builtin", "db", "hub", "lan", "operator", "room", "store", "stream", "web")
"""The first words of the names of all threads of the program."""

THREAD_END_S = 3.0
"""How long a thread may take to end after its stop, in seconds: the bar for the whole program."""

# No test fails because a machine is busy; a test that hangs is ended by pytest-timeout.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def _private_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give each test its own configuration, data, state and cache folders."""
    for kind in ("config", "data", "state", "cache"):
        folder = tmp_path / f"xdg-{kind}"
        folder.mkdir(mode=0o700)
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(folder))


@pytest.fixture(autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    """Fail the test after which a thread that it began still runs."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if _is_ours(thread) and thread not in before]
    for thread in left:
        thread.join(THREAD_END_S)
    assert not (names := [thread.name for thread in left if thread.is_alive()]), names


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of a file's own: its tests may crash and freeze it."""
    cluster = Cluster()
    yield cluster
    cluster.stop()


def _is_ours(thread: threading.Thread) -> bool:
    return thread.name.split("-")[0] in OUR_THREADS
