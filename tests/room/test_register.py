"""The register beside other instances: what they kept in the book, and a book that is away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from hivemind_chatroom.errors import NameTakenError, StorageAwayError
from hivemind_chatroom.room.attendance import VISITORS_MAX
from hivemind_chatroom.room.book import MemberRecord, OutdatedError
from hivemind_chatroom.room.members import Members
from hivemind_chatroom.room.model import Introduction, MemberId
from hivemind_chatroom.room.names import look_alike
from hivemind_chatroom.store.memory import MemoryBook


class SharedBook(MemoryBook):
    """A book that others write too: it refuses what is outdated, and may be away."""

    def __init__(self) -> None:
        super().__init__()
        self.is_away = False
        """What it is asked to keep is kept all the same; only nobody hears of it."""

    def keep(self, record: MemberRecord) -> None:
        kept = super().those([record.member.id]).get(record.member.id)
        if record.version != (kept.version if kept else 0) + 1:
            raise OutdatedError(record.member.id)
        for other in self.records():
            is_other = other.member.id != record.member.id
            if is_other and look_alike(other.member.name, record.member.name):
                raise OutdatedError(other.member.id)
        super().keep(record)
        self._require_there()

    def forget(self, record: MemberRecord) -> None:
        self._require_there()
        kept = super().those([record.member.id]).get(record.member.id)
        if kept and record.version != kept.version:
            raise OutdatedError(record.member.id)
        super().forget(record)

    def those(self, member_ids: Collection[MemberId]) -> Mapping[MemberId, MemberRecord]:
        self._require_there()
        return super().those(member_ids)

    def _require_there(self) -> None:
        if self.is_away:
            raise StorageAwayError("Away.", 1.0)


def test_a_change_that_others_were_quicker_than_is_drawn_up_anew() -> None:
    book = SharedBook()
    here, there = Members(book), Members(book)
    ana = here.join("Ana", "en", "flask").member
    there.follow([ana.id])
    here.change(ana.id, Introduction("Rita", "en", "hall"))
    there.remember(ana.id, {"game": "guess"})
    known = there.by_id(ana.id)
    assert known is not None
    assert (known.name, known.session.state) == ("Rita", {"game": "guess"})
    here.follow([ana.id])
    assert here.by_id(ana.id) == known


def test_who_is_forgotten_elsewhere_comes_back_by_no_change() -> None:
    book = SharedBook()
    here, there = Members(book), Members(book)
    ana = here.join("Ana", "en", "flask").member
    there.follow([ana.id])
    here.leave(ana.id)
    assert there.change(ana.id, Introduction("Rita", "en", "hall")) is None
    assert there.listing() == []
    assert there.visit("Ana", "en", "flask").member.id != ana.id


def test_a_visitor_who_has_joined_elsewhere_is_not_forgotten_as_one_who_is_silent() -> None:
    book = SharedBook()
    here, there = Members(book), Members(book)
    guest = here.visit("Bob", "en", "flask").member
    for number in range(VISITORS_MAX):
        here.visit(f"guest {number}", "en", "flask")
    there.follow([guest.id])
    bob = there.join("Bob", "en", "flask")
    assert here.forget_silent() is None
    assert Members(book).by_key(bob.key) == bob.member
    assert here.by_key(bob.key) == bob.member


def test_who_leaves_leaves_although_another_instance_has_kept_something_of_them() -> None:
    book = SharedBook()
    here, there = Members(book), Members(book)
    ana = here.join("Ana", "en", "flask").member
    there.follow([ana.id])
    there.remember(ana.id, {"game": "guess"})
    assert here.leave(ana.id)
    assert list(book.records()) == []


def test_whoever_has_the_name_by_now_is_not_forgotten_in_place_of_who_had_it() -> None:
    book = SharedBook()
    here, there = Members(book), Members(book)
    ana = here.join("Ana", "en", "flask").member
    left = here.amend(ana.id, gone)
    assert left is not None
    there.follow([ana.id])
    again = there.join("Ana", "en", "flask")
    assert not here.forget(left)
    assert not here.forget(left)
    assert Members(book).by_key(again.key) == again.member


def gone(old: MemberRecord) -> MemberRecord:
    return replace(old, is_held=False, digests=frozenset(), has_left=True)


def test_who_was_kept_without_hearing_of_it_is_not_forgotten_as_somebody_has_taken_it_up() -> None:
    book = SharedBook()
    here, there = Members(book), Members(book)
    book.is_away = True
    with pytest.raises(StorageAwayError):
        here.visit("Bob", "en", "flask")
    book.is_away = False
    there.follow_all()
    bob = there.join("Bob", "en", "flask")
    here.make_sure()
    assert here.by_key(bob.key) == bob.member


def test_a_book_that_refuses_for_ever_is_not_asked_for_ever() -> None:
    class Obstinate(MemoryBook):
        attempts = 0

        def keep(self, record: MemberRecord) -> None:
            self.attempts += 1
            raise OutdatedError(record.member.id)

    book = Obstinate()
    members = Members(book)
    with pytest.raises(StorageAwayError):
        members.join("Ana", "en", "flask")
    assert 1 < book.attempts < 100
    assert members.listing() == []


def test_who_was_kept_without_hearing_of_it_does_not_hold_the_name() -> None:
    book = SharedBook()
    members = Members(book)
    book.is_away = True
    with pytest.raises(StorageAwayError):
        members.join("Ana", "en", "flask")
    with pytest.raises(StorageAwayError):
        members.join("Ana", "en", "flask")
    book.is_away = False
    assert len(book.records()) == 1
    ana = members.join("Ana", "en", "flask")
    assert [record.member for record in book.records()] == [ana.member]


def test_what_may_have_been_kept_is_known_when_the_book_is_back() -> None:
    book = SharedBook()
    members = Members(book)
    ana = members.join("Ana", "en", "flask").member
    book.is_away = True
    with pytest.raises(StorageAwayError):
        members.change(ana.id, Introduction("Rita", "en", "flask"))
    assert members.by_id(ana.id) == ana
    book.is_away = False
    members.join("Ana", "en", "flask")
    known = members.by_id(ana.id)
    assert known is not None
    assert known.name == "Rita"
    with pytest.raises(NameTakenError):
        members.join("Rita", "en", "flask")


def test_what_others_did_is_told_with_what_was_known_before() -> None:
    book, told = SharedBook(), list[tuple[MemberRecord | None, MemberRecord | None]]()
    here, there = Members(book), Members(book, lambda before, now: told.append((before, now)))
    ana = here.join("Ana", "en", "flask").member
    there.follow([ana.id])
    there.follow([ana.id])
    first = book.those([ana.id])[ana.id]
    here.change(ana.id, Introduction("Rita", "en", "flask"))
    there.follow([ana.id])
    second = book.those([ana.id])[ana.id]
    here.leave(ana.id)
    there.follow([ana.id])
    assert told == [(None, first), (first, second), (second, None)]
    assert first == replace(second, member=ana)
