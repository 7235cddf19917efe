"""Two computers: one with a backup, and one to restore it on."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.home import Home
from contract.stores import draft, keep
from fakes import FakeLanguages
from hivemind_chatroom.room.model import Introduction
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup of a room on another computer: Ana is a member, and there are fifty messages."""
    other = Home(tmp_path_factory.mktemp("computer") / "other")
    store = other.open()
    room = Room(RoomSettings(), store, other.clock, FakeLanguages())
    room.join(Introduction("Ana", "en"))
    keep(store, *(draft(f"line {number}") for number in range(50)))
    made = other.backup()
    store.close()
    return made
