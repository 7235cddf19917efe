"""What every store promises of members: `MemberBook`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes import STARTED_AT
from hivemind_chatroom.room.book import MemberRecord
from hivemind_chatroom.room.model import Member, MemberId, Session, SessionId
from hivemind_chatroom.room.ports import Store
from hivemind_chatroom.room.ruling import UNTIL_UNDONE, Ruling


def record(name: str, *digests: bytes, is_held: bool = True) -> MemberRecord:
    session = Session(SessionId(f"{name}-session"), {"turns": [1, {"ü": None}]})
    member = Member(MemberId(name.lower()), name, "pt-PT", "kitchen", 3, session)
    return MemberRecord(member, is_held, frozenset(digests))


def test_a_room_begins_with_nobody(store: Store) -> None:
    assert list(store.book.records()) == []


def test_members_come_back_as_they_were_in_the_order_of_arrival(store: Store) -> None:
    everybody = [record("Zoe", b"1", b"2"), record("Ana", is_held=False), record("Bob", b"3")]
    for each in everybody:
        store.book.keep(each)
    assert list(store.book.records()) == everybody


def test_one_kept_again_is_as_it_is_now_in_its_old_place(store: Store) -> None:
    ana, bob = record("Ana", is_held=False), record("Bob", b"3")
    store.book.keep(ana)
    store.book.keep(bob)
    session = replace(ana.member.session, state={})
    member = replace(ana.member, name="Rita", lang="en", site_id="hall", session=session)
    changed = MemberRecord(member, is_held=True, digests=frozenset({b"9"}))
    store.book.keep(changed)
    assert list(store.book.records()) == [changed, bob]


def test_what_the_host_has_decided_comes_back_and_is_gone_when_it_is_undone(store: Store) -> None:
    ruling = Ruling(
        muted_until=UNTIL_UNDONE,
        removed_until=STARTED_AT.replace(microsecond=123456),
        renamed_from="Anna ü",
        renamed_until=STARTED_AT + timedelta(minutes=10),
    )
    ruled = replace(record("Ana", b"1"), ruling=ruling)
    store.book.keep(ruled)
    assert list(store.book.records()) == [ruled]
    store.book.keep(record("Ana", b"1"))
    assert list(store.book.records()) == [record("Ana", b"1")]


def test_who_has_left_comes_back_as_one_who_has(store: Store) -> None:
    gone = replace(record("Ana", is_held=False), has_left=True)
    store.book.keep(gone)
    assert list(store.book.records()) == [gone]
    store.book.keep(record("Ana", b"1"))
    assert list(store.book.records()) == [record("Ana", b"1")]


def test_one_who_is_forgotten_takes_the_cookies_along(store: Store) -> None:
    store.book.keep(record("Ana", b"1"))
    store.book.keep(record("Bob", b"2"))
    store.book.forget(record("Ana"))
    store.book.keep(record("Carla", b"1"))
    assert list(store.book.records()) == [record("Bob", b"2"), record("Carla", b"1")]


def test_forgetting_nobody_changes_nothing(store: Store) -> None:
    store.book.keep(record("Ana", b"1"))
    store.book.forget(record("Bob"))
    assert list(store.book.records()) == [record("Ana", b"1")]


def test_some_are_read_by_their_ids_with_the_cookies(store: Store) -> None:
    ana = record("Ana", b"1", b"2")
    store.book.keep(ana)
    store.book.keep(record("Bob", b"3"))
    assert store.book.those([MemberId("ana"), MemberId("carla")]) == {"ana": ana}


def test_a_cookie_that_is_nobodys_is_nobodys_elsewhere(store: Store) -> None:
    store.book.keep(record("Ana", b"1"))
    assert store.book.let_in_elsewhere(b"2") is None
