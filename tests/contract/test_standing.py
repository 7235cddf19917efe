"""What every store tells of itself."""

from __future__ import annotations

from contract.stores import draft, keep, purge
from fakes import FakeClock
from hivemind_chatroom.room.operating import StorageState
from hivemind_chatroom.room.ports import Store


def test_a_store_tells_how_many_messages_it_has(store: Store, clock: FakeClock) -> None:
    assert store.standing().messages == 0
    keep(store, draft("one"), draft("two"), draft("three"))
    assert store.standing().messages == 3
    purge(store, sent_before=clock.now(), most=1)
    assert store.standing().messages == 1


def test_a_store_tells_whether_anything_is_on_a_disk(store: Store) -> None:
    standing = store.standing()
    on_disk = standing.state is StorageState.OK
    assert on_disk or standing.state is StorageState.MEMORY
    assert (standing.bytes > 0) == on_disk
    assert standing.set_aside is None
