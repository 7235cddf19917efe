"""The parts of the bench: all that documents name are there, and what they measure is a room."""

from __future__ import annotations

import re
from pathlib import Path

from bench.__main__ import MEASURED
from bench.filling import fill
from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.store.sqlite import SqliteStore

ROOT = Path(__file__).resolve().parents[2]


def test_each_command_of_the_documents_measures_something() -> None:
    documents = "\n".join(file.read_text("utf-8") for file in (ROOT / "docs").glob("*.md"))
    commands = re.findall(r"make bench ARGS='?([a-z ]+)", documents)
    assert len(commands) >= 8
    assert {part for command in commands for part in command.split()} <= set(MEASURED)


def test_a_filled_room_has_so_many_messages_and_goes_on_from_there(tmp_path: Path) -> None:
    fill(tmp_path / "room.db", 120)
    store = SqliteStore(tmp_path / "room.db", SystemClock())
    assert store.last_id() == 120
    assert [message.id for message in store.page(None, limit=2).messages] == [119, 120]
    assert len(store.page(None, words="120").messages) == 1
    store.close()
