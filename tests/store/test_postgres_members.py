"""Members of one room whose instances share a database: names, rulings and cookies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import pytest

from contract.cluster import Cluster
from fakes import FakeClock, FakeLanguages, FeedRecorder
from hivemind_chatroom.errors import MutedError, NameTakenError
from hivemind_chatroom.room.feed import (
    Event,
    MemberChanged,
    MemberGone,
    MemberRuled,
    UtteranceQueued,
)
from hivemind_chatroom.room.model import HubState, HubStatus, Introduction, Member, Posting
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.postgres.book import LOOKS
from hivemind_chatroom.store.postgres.store import PostgresStore

WAIT_S = 10.0


@pytest.fixture
def rooms(cluster: Cluster, clock: FakeClock) -> Iterator[tuple[Room, Room]]:
    """Two instances of one room, neither of which looks for news by itself."""
    address = cluster.new_database()
    with ExitStack() as stores:

        def opened() -> Room:
            store = PostgresStore(address, clock)
            stores.callback(store.close)
            return Room(RoomSettings(join_rate=None), store, clock, FakeLanguages())

        yield opened(), opened()


def recorded(room: Room) -> FeedRecorder:
    recorder = FeedRecorder()
    room.feed.listen(recorder)
    return recorder


def at_once(one: Callable[[], object], other: Callable[[], object]) -> list[object]:
    together = threading.Barrier(2)

    def done(deed: Callable[[], object]) -> object:
        together.wait(WAIT_S)
        return deed()

    with ThreadPoolExecutor(2) as pool:
        return [*pool.map(done, (one, other))]


def joins(room: Room, name: str) -> bool:
    try:
        room.join(Introduction(name))
    except NameTakenError:
        return False
    return True


def names(room: Room) -> list[str]:
    return sorted(member.name for member, _ in room.members())


@pytest.mark.parametrize("pair", [("Ana", "Ana"), ("ANA", "ana"), ("Ana", "Аnа"), ("oO", "00")])
def test_of_two_who_want_one_name_at_two_instances_one_gets_it(
    rooms: tuple[Room, Room], pair: tuple[str, str]
) -> None:
    here, there = rooms
    for number in range(10):
        mark = f" x{number}x"
        won = at_once(partial(joins, here, pair[0] + mark), partial(joins, there, pair[1] + mark))
        assert won in ([True, False], [False, True])
    assert len(here.members()) == len(there.members()) == 10


def test_who_swap_their_names_at_two_instances_wait_for_nobody(rooms: tuple[Room, Room]) -> None:
    here, there = rooms
    ana, bob = here.join(Introduction("Ana")).member, here.join(Introduction("Bob")).member
    there.following.catch_up()

    def renamed(room: Room, who: str, name: str) -> bool:
        member = room.people.members.by_id(ana.id if who == "Ana" else bob.id)
        assert member is not None
        try:
            room.change(member, Introduction(name))
        except NameTakenError:
            return False
        return True

    won = at_once(partial(renamed, here, "Ana", "Bob"), partial(renamed, there, "Bob", "Ana"))
    assert won == [False, False]
    assert names(here) == names(there) == ["Ana", "Bob"]


def test_a_name_that_is_given_up_at_one_instance_is_free_at_the_other(
    rooms: tuple[Room, Room],
) -> None:
    here, there = rooms
    ana = here.join(Introduction("Ana")).member
    assert not joins(there, "Ana")
    here.leave(ana)
    there.following.catch_up()
    assert joins(there, "Ana")


def test_what_two_instances_decide_about_a_member_at_once_is_both_kept(
    rooms: tuple[Room, Room],
) -> None:
    here, there = rooms
    ana = here.join(Introduction("Ana")).member
    there.following.catch_up()
    for number in range(10):
        name = f"Ana {number}"
        rename = partial(here.moderation.rename, ana.id, name)
        at_once(rename, partial(there.moderation.mute, ana.id, None))
        for room in rooms:
            room.following.catch_up()
            record = room.people.members.record_by_id(ana.id)
            assert record is not None
            assert record.member.name == name
            assert record.ruling.muted_until is not None
        there.moderation.undo(there.moderation.undos()[0].id)
        here.following.catch_up()


def test_who_joins_at_one_instance_is_known_at_the_other_at_once_and_told_of_once(
    rooms: tuple[Room, Room],
) -> None:
    here, there = rooms
    feed = recorded(there)
    ana = here.join(Introduction("Ana"))
    assert there.member_by_key(ana.key) == ana.member
    there.following.catch_up()
    assert feed.of(MemberChanged) == [MemberChanged(ana.member, present=False)]
    assert there.people.count_here() == 1


def test_a_flood_of_made_up_cookies_is_no_flood_of_queries(
    rooms: tuple[Room, Room], clock: FakeClock
) -> None:
    here, there = rooms
    ana = here.join(Introduction("Ana"))
    for number in range(LOOKS.burst):
        assert there.member_by_key(f"made up {number}") is None
    assert there.member_by_key(ana.key) is None
    clock.advance(2 / LOOKS.per_second)
    assert there.member_by_key(ana.key) == ana.member


def test_who_is_muted_at_one_instance_cannot_write_at_the_other(rooms: tuple[Room, Room]) -> None:
    here, there = rooms
    ana = here.join(Introduction("Ana")).member
    there.following.catch_up()
    feed = recorded(there)
    here.moderation.mute(ana.id, None)
    there.following.catch_up()
    with pytest.raises(MutedError):
        there.post(ana, Posting("hello"))
    assert len(feed.of(MemberRuled)) == 1


def test_who_is_removed_or_leaves_at_one_instance_is_gone_at_the_other(
    rooms: tuple[Room, Room],
) -> None:
    here, there = rooms
    ana, bob = here.join(Introduction("Ana")), here.join(Introduction("Bob"))
    there.following.catch_up()
    there.set_present(ana.member.id, present=True)
    feed = recorded(there)
    here.moderation.remove(ana.member.id)
    here.leave(bob.member)
    there.following.catch_up()
    gone = [MemberGone(ana.member.id, is_removed=True), MemberGone(bob.member.id)]
    assert feed.of(MemberGone) == gone
    assert there.member_by_key(ana.key) is None
    assert not there.people.members.present.here()
    assert names(there) == []
    there.moderation.undo(there.moderation.undos()[0].id)
    here.following.catch_up()
    assert here.member_by_key(ana.key) == ana.member


def test_who_is_muted_and_leaves_is_muted_as_they_come_back_elsewhere(
    rooms: tuple[Room, Room],
) -> None:
    here, there = rooms
    ana = here.join(Introduction("Ana")).member
    here.moderation.mute(ana.id, None)
    there.following.catch_up()
    feed = recorded(there)
    here.leave(ana)
    there.following.catch_up()
    assert feed.of(MemberGone) == [MemberGone(ana.id)]
    again = there.join(Introduction("Ana")).member
    with pytest.raises(MutedError):
        there.post(again, Posting("hello"))


def test_who_is_muted_at_one_instance_while_they_leave_at_the_other_stays_muted(
    rooms: tuple[Room, Room],
) -> None:
    here, there = rooms
    ana = here.join(Introduction("Ana")).member
    there.following.catch_up()
    here.moderation.mute(ana.id, None)
    feed = recorded(there)
    there.leave(ana)
    assert feed.of(MemberGone) == [MemberGone(ana.id)]
    again = there.join(Introduction("Ana")).member
    with pytest.raises(MutedError):
        there.post(again, Posting("hello"))


def test_who_has_joined_at_one_instance_is_not_forgotten_at_the_other_which_knows_a_visitor(
    rooms: tuple[Room, Room],
) -> None:
    here, there = rooms
    guest = here.visit(Introduction("Bob"))
    there.following.catch_up()
    bob = there.join(Introduction("Bob"))
    here.leave(guest)
    assert here.member_by_key(bob.key) == bob.member
    assert there.member_by_key(bob.key) == bob.member


def test_what_the_assistant_wants_to_know_is_known_at_all_instances_and_nobody_is_told(
    rooms: tuple[Room, Room],
) -> None:
    here, there = rooms
    ana = here.join(Introduction("Ana")).member
    there.following.catch_up()
    feed = recorded(there)
    here.people.members.remember(ana.id, {"game": "guess"})
    here.people.members.add_key(ana.id)
    there.following.catch_up()
    known = there.people.members.by_id(ana.id)
    assert known is not None
    assert known.session.state == {"game": "guess"}
    assert feed.events == []
    here.change(known, Introduction("Ana", "pt-PT"))
    there.following.catch_up()
    assert len(feed.of(MemberChanged)) == 1


def test_where_older_changes_are_forgotten_everybody_is_read_anew(
    rooms: tuple[Room, Room],
) -> None:
    here, there = rooms
    ana, bob = here.join(Introduction("Ana")).member, here.join(Introduction("Bob")).member
    there.following.catch_up()
    here.leave(ana)
    here.change(bob, Introduction("Rob"))
    here.join(Introduction("Cleo"))
    feed = recorded(there)
    there.people.follow(None)
    assert names(there) == ["Cleo", "Rob"]
    assert len(feed.of(MemberGone)) == 1
    assert len(feed.of(MemberChanged)) == 2


def test_who_asks_at_one_instance_is_known_at_the_other_before_that_may_be_sent(
    rooms: tuple[Room, Room], clock: FakeClock
) -> None:
    here, there = rooms
    here.hub_is(HubStatus(HubState.CONNECTED, clock.now()))
    ana = here.join(Introduction("Ana")).member
    here.post(ana, Posting("what time is it?"))
    known: list[Member | None] = []

    def hear(event: Event) -> None:
        if isinstance(event, UtteranceQueued):
            known.append(there.people.members.by_id(ana.id))

    there.feed.listen(hear)
    there.following.catch_up()
    assert known == [ana]
