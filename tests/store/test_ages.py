"""How long something has been asked, when the time of day jumps."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.stores import draft
from fakes import FakeClock
from hivemind_chatroom.store.sqlite import SqliteStore


@pytest.mark.parametrize("jump_s", [-100_000, 2, 100_000])
def test_a_jump_after_a_restart_makes_nothing_older_or_younger(
    tmp_path: Path, jump_s: float
) -> None:
    clock = FakeClock()
    first = SqliteStore(tmp_path / "room.db", clock)
    first.append(draft("hi", corr="c1"))
    first.close()
    clock.advance(5)

    second = SqliteStore(tmp_path / "room.db", clock)
    begun = clock.monotonic()
    [found] = second.waiting()
    clock.set_back(jump_s)
    clock.advance(1)
    [again] = second.waiting()
    second.close()
    assert found.since == again.since == begun - 5
