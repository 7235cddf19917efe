"""What every store promises of the room's id."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.stores import open_store, purge
from fakes import FakeClock
from hivemind_chatroom.room.ports import Store


def test_a_room_keeps_its_id_whatever_happens_in_it(store: Store, clock: FakeClock) -> None:
    before = store.room_id
    purge(store, sent_before=clock.now(), most=1)
    assert store.room_id == before != ""


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_two_rooms_have_two_ids(kind: str, tmp_path: Path, clock: FakeClock) -> None:
    ids = set()
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        opened = open_store(kind, tmp_path / name, clock)
        ids.add(opened.room_id)
        opened.close()
    assert len(ids) == 2
