"""What every store promises of the room's id, and of the key of its invitations."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.stores import open_store, purge
from fakes import FakeClock
from hivemind_chatroom.room.ports import Store

KEY_BYTES = 32


def test_a_room_keeps_its_id_whatever_happens_in_it(store: Store, clock: FakeClock) -> None:
    before = (store.room_id, store.history, store.invitation_key)
    purge(store, sent_before=clock.now(), most=1)
    assert (store.room_id, store.history, store.invitation_key) == before
    assert "" not in before
    assert len(store.invitation_key) == KEY_BYTES


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_two_rooms_have_two_ids_and_two_keys(kind: str, tmp_path: Path, clock: FakeClock) -> None:
    ids, keys = set(), set()
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        opened = open_store(kind, tmp_path / name, clock)
        ids.add(opened.room_id)
        keys.add(opened.invitation_key)
        opened.close()
    assert (len(ids), len(keys)) == (2, 2)
