"""Who is elsewhere, in a room whose instances share a database: seen there, gone with its end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest

from fakes import FakeClock, FakeLanguages, FeedRecorder
from hivemind_chatroom.errors import RoomFullError
from hivemind_chatroom.room.attendance import VISITORS_MAX
from hivemind_chatroom.room.feed import MemberChanged
from hivemind_chatroom.room.model import Introduction, Member
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.postgres.elsewhere import VOID_S, ElsewhereRounds
from hivemind_chatroom.store.postgres.store import PostgresStore

WAIT_S = 10.0


@pytest.fixture
def rooms(address: str, clock: FakeClock) -> Iterator[tuple[Room, Room]]:
    """Two instances of one room for two people, that look and tell only when they are told to."""
    with ExitStack() as stores:

        def opened() -> Room:
            store = PostgresStore(address, clock)
            stores.callback(store.close)
            return Room(RoomSettings(members_max=2), store, clock, FakeLanguages())

        yield opened(), opened()


@pytest.fixture
def ana(rooms: tuple[Room, Room]) -> Member:
    """A member whom both know, with a page open at the first."""
    here, there = rooms
    ana = here.join(Introduction("Ana")).member
    there.following.catch_up()
    here.set_present(ana.id, present=True)
    return ana


def let_pass(address: str, seconds: float) -> None:
    """Make all that instances have said so much older."""
    with psycopg.connect(address) as connection:
        connection.execute(
            "UPDATE instance SET seen_at = seen_at - make_interval(secs => %s)", [seconds]
        )


def told(room: Room) -> FeedRecorder:
    recorder = FeedRecorder()
    room.feed.listen(recorder)
    return recorder


def test_who_has_a_page_open_at_one_instance_is_present_at_the_other(
    rooms: tuple[Room, Room], ana: Member
) -> None:
    here, there = rooms
    feed = told(there)
    for is_present in (True, False):
        here.set_present(ana.id, present=is_present)
        here.whereabouts.exchange()
        there.whereabouts.exchange()
        assert there.is_present(ana) is is_present
    told_of = [MemberChanged(ana, present=True), MemberChanged(ana, present=False)]
    assert feed.of(MemberChanged) == told_of


def test_who_hops_to_another_instance_is_present_all_the_while(
    rooms: tuple[Room, Room], ana: Member
) -> None:
    here, there = rooms
    here.whereabouts.exchange()
    there.whereabouts.exchange()
    feed = told(there)
    there.set_present(ana.id, present=True)
    there.whereabouts.exchange()
    here.whereabouts.exchange()
    here.set_present(ana.id, present=False)
    assert here.is_present(ana)
    here.whereabouts.exchange()
    there.whereabouts.exchange()
    assert there.is_present(ana)
    assert all(event.present for event in feed.events if isinstance(event, MemberChanged))


def test_who_was_at_an_instance_that_ended_without_a_word_is_gone_soon_after(
    rooms: tuple[Room, Room], ana: Member, address: str
) -> None:
    here, there = rooms
    here.whereabouts.exchange()
    let_pass(address, VOID_S - 5)
    there.whereabouts.exchange()
    assert there.is_present(ana)
    let_pass(address, 6)
    feed = told(there)
    there.whereabouts.exchange()
    assert not there.is_present(ana)
    assert feed.of(MemberChanged) == [MemberChanged(ana, present=False)]
    here.whereabouts.exchange()
    there.whereabouts.exchange()
    assert there.is_present(ana)


def test_nobody_is_gone_because_the_database_was_away_for_long(
    rooms: tuple[Room, Room], ana: Member, address: str, clock: FakeClock
) -> None:
    here, there = rooms
    for room in (here, there, there):
        room.whereabouts.exchange()
    feed = told(there)
    let_pass(address, VOID_S + 5)
    clock.advance(VOID_S + 5)
    for room in (there, here, there):
        room.whereabouts.exchange()
        assert there.is_present(ana)
    assert feed.of(MemberChanged) == []


def test_others_are_told_to_look_when_somebody_comes_and_not_because_somebody_looked(
    rooms: tuple[Room, Room], ana: Member, address: str
) -> None:
    here, there = rooms
    here.whereabouts.exchange()
    assert here.is_present(ana)
    assert changes_in(address) == 1
    for room in (there, here, there):
        room.whereabouts.exchange()
    assert changes_in(address) == 1


def changes_in(address: str) -> int:
    with psycopg.connect(address) as connection:
        rows = connection.execute("SELECT FROM change WHERE kind = 'presence'").fetchall()
    return len(rows)


def test_as_many_people_are_let_in_as_may_be_here_however_many_instances_there_are(
    rooms: tuple[Room, Room], ana: Member
) -> None:
    here, there = rooms
    here.whereabouts.exchange()
    there.whereabouts.exchange()
    assert there.is_present(ana)
    there.join(Introduction("Bob"))
    with pytest.raises(RoomFullError):
        there.join(Introduction("Cleo"))


def test_nobody_is_forgotten_who_has_a_page_open_at_another_instance(
    rooms: tuple[Room, Room],
) -> None:
    here, there = rooms
    guest = here.visit(Introduction("Guest"))
    here.set_present(guest.id, present=True)
    here.whereabouts.exchange()
    there.following.catch_up()
    there.whereabouts.exchange()
    for number in range(VISITORS_MAX):
        there.visit(Introduction(f"Visitor {number}"))
    assert there.people.members.by_id(guest.id) == guest


def test_the_rounds_go_at_the_start_and_when_they_are_woken_and_leave_at_the_end() -> None:
    gone, left = threading.Semaphore(0), threading.Event()
    rounds = ElsewhereRounds(gone.release, left.set)
    rounds.start()
    assert gone.acquire(timeout=WAIT_S)
    rounds.wake()
    assert gone.acquire(timeout=WAIT_S)
    assert not left.is_set()
    rounds.stop()
    assert left.wait(WAIT_S)


def test_a_stop_is_heard_however_late_the_wake_before_it_is_taken_note_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Late(threading.Event):
        def clear(self) -> None:
            assert self.wait(WAIT_S)
            super().clear()

    left = threading.Event()
    with monkeypatch.context() as patched:
        patched.setattr("hivemind_chatroom.store.postgres.elsewhere.threading.Event", Late)
        rounds = ElsewhereRounds(lambda: None, left.set)
    rounds.start()
    rounds.stop()
    assert left.wait(WAIT_S / 2)  # and not after a whole round


def test_an_instance_that_ends_with_a_word_leaves_nobody_present(
    rooms: tuple[Room, Room], ana: Member
) -> None:
    here, there = rooms
    assert here.whereabouts.rounds is not None
    assert there.whereabouts.rounds is not None
    here.whereabouts.exchange()
    there.whereabouts.exchange()
    assert there.is_present(ana)
    here.whereabouts.rounds.start()
    here.whereabouts.rounds.stop()
    there.whereabouts.exchange()
    assert not there.is_present(ana)
