"""What members and their book owe each other: nothing is known that isn't kept."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from hivemind_chatroom.errors import NameTakenError, StorageFullError
from hivemind_chatroom.room.attendance import VISITORS_MAX
from hivemind_chatroom.room.book import MemberRecord
from hivemind_chatroom.room.members import Members
from hivemind_chatroom.room.model import Introduction
from hivemind_chatroom.store.memory import MemoryBook

WAIT_S = 5.0


class StubbornBook(MemoryBook):
    """A book that may be full, or slow to write."""

    def __init__(self) -> None:
        super().__init__()
        self.is_full = False
        self.is_writing = threading.Event()
        self.may_write = threading.Event()
        self.may_write.set()

    def keep(self, record: MemberRecord) -> None:
        self._write()
        super().keep(record)

    def forget(self, record: MemberRecord) -> None:
        self._write()
        super().forget(record)

    def _write(self) -> None:
        self.is_writing.set()
        assert self.may_write.wait(WAIT_S)
        if self.is_full:
            raise StorageFullError("Full.")


@pytest.fixture
def book() -> StubbornBook:
    return StubbornBook()


@pytest.fixture
def members(book: StubbornBook) -> Members:
    return Members(book)


def names(members: Members) -> Sequence[str]:
    return [member.name for member, _ in members.listing()]


def test_everybody_is_known_again_after_a_restart(book: StubbornBook, members: Members) -> None:
    ana = members.join("Ana", "pt-PT", "kitchen")
    members.visit("Guest", "en", "flask")
    members.remember(ana.member.id, {"game": "guess"})
    members.change(ana.member.id, Introduction("Rita", "en", "hall"))
    again = Members(book)
    rita = again.by_key(ana.key)
    assert rita is not None
    assert rita == members.by_id(ana.member.id)
    assert (rita.name, rita.session.state) == ("Rita", {"game": "guess"})
    assert again.by_session(ana.member.session.id) == rita
    assert names(again) == ["Rita", "Guest"]
    with pytest.raises(NameTakenError):
        again.join("Rita", "en", "flask")
    again.join("Guest", "en", "flask")


def test_who_has_left_is_not_known_after_a_restart(book: StubbornBook, members: Members) -> None:
    ana = members.join("Ana", "en", "flask")
    members.leave(ana.member.id)
    assert Members(book).by_key(ana.key) is None


def test_a_join_that_cannot_be_kept_changes_nothing(book: StubbornBook, members: Members) -> None:
    visitor = members.visit("Ana", "en", "flask").member
    book.is_full = True
    for name in ("Ana", "Bob"):
        with pytest.raises(StorageFullError):
            members.join(name, "pt-PT", "kitchen")
    assert members.listing() == [(visitor, False)]
    book.is_full = False
    assert members.join("Ana", "en", "flask").member.id == visitor.id
    members.join("Bob", "en", "flask")


def test_a_change_that_cannot_be_kept_changes_nothing(book: StubbornBook, members: Members) -> None:
    ana = members.join("Ana", "en", "flask").member
    book.is_full = True
    with pytest.raises(StorageFullError):
        members.change(ana.id, Introduction("Rita", "en", "flask"))
    assert members.by_id(ana.id) == ana
    book.is_full = False
    members.join("Rita", "en", "flask")
    with pytest.raises(NameTakenError):
        members.join("Ana", "en", "flask")


def test_who_cannot_be_forgotten_stays(book: StubbornBook, members: Members) -> None:
    ana = members.join("Ana", "en", "flask")
    book.is_full = True
    with pytest.raises(StorageFullError):
        members.leave(ana.member.id)
    assert members.by_key(ana.key) == ana.member
    book.is_full = False
    assert members.leave(ana.member.id)


def test_what_the_assistant_wants_to_know_is_known_even_if_it_cannot_be_kept(
    book: StubbornBook, members: Members
) -> None:
    ana = members.join("Ana", "en", "flask").member
    book.is_full = True
    members.remember(ana.id, {"game": "guess"})
    member = members.by_id(ana.id)
    assert member is not None
    assert member.session.state == {"game": "guess"}


def test_while_a_join_is_being_kept_it_is_not_known_and_nobody_who_reads_waits(
    book: StubbornBook, members: Members
) -> None:
    bob = members.join("Bob", "en", "flask")
    book.is_writing.clear()
    book.may_write.clear()
    with ThreadPoolExecutor(1) as pool:
        join = pool.submit(members.join, "Ana", "en", "flask")
        assert book.is_writing.wait(WAIT_S)
        assert names(members) == ["Bob"]
        assert members.by_key(bob.key) == bob.member
        book.may_write.set()
        join.result(WAIT_S)
    assert names(members) == ["Bob", "Ana"]


def test_of_many_who_want_one_name_at_once_one_gets_it(members: Members) -> None:
    together = threading.Barrier(20)

    def join(number: int) -> bool:
        together.wait(WAIT_S)
        try:
            members.join("ANA" if number % 2 else "ana", "en", "flask")
        except NameTakenError:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(join, range(20))) == 1
    assert len(names(members)) == 1


def test_who_is_silent_and_cannot_be_forgotten_stays_and_nobody_is_bothered(
    book: StubbornBook, members: Members
) -> None:
    crowd = [
        members.visit(f"guest {number}", "en", "flask").member for number in range(VISITORS_MAX + 1)
    ]
    book.is_full = True
    assert members.forget_silent() is None
    assert [member for member, _ in members.listing()] == crowd
    book.is_full = False
    assert members.forget_silent() is not None
    assert len(members.listing()) == VISITORS_MAX


def test_a_visitor_who_is_being_forgotten_can_join_as_somebody_new(
    book: StubbornBook, members: Members
) -> None:
    first = members.visit("guest 0", "en", "flask").member
    for number in range(1, VISITORS_MAX + 1):
        members.visit(f"guest {number}", "en", "flask")
    book.is_writing.clear()
    book.may_write.clear()
    with ThreadPoolExecutor(2) as pool:
        forgotten = pool.submit(members.forget_silent)
        assert book.is_writing.wait(WAIT_S)
        joined = pool.submit(members.join, "guest 0", "en", "flask")
        book.may_write.set()
        assert forgotten.result(WAIT_S) == first.id
        newcomer = joined.result(WAIT_S)
    assert newcomer.member.id != first.id
    assert members.by_key(newcomer.key) == newcomer.member
