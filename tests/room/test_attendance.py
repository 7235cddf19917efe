"""Who is forgotten when there are too many."""

from __future__ import annotations

from hivemind_chatroom.room.attendance import JOINED_MAX, VISITORS_MAX, Attendance
from hivemind_chatroom.room.book import MemberRecord
from hivemind_chatroom.room.model import Member, MemberId, Session, SessionId


def record(name: str, *, is_held: bool = False) -> MemberRecord:
    session = Session(SessionId(name))
    return MemberRecord(Member(MemberId(name), name, "en", "flask", 0, session), is_held=is_held)


def visitors(count: int) -> list[MemberRecord]:
    return [record(f"visitor {number}") for number in range(count)]


def test_nobody_is_forgotten_as_long_as_there_is_room() -> None:
    assert Attendance(visitors(VISITORS_MAX)).take_silent() is None


def test_of_too_many_the_longest_silent_is_taken_once() -> None:
    attendance = Attendance(visitors(VISITORS_MAX + 2))
    attendance.note(record("visitor 0"))
    assert attendance.take_silent() == "visitor 1"
    assert attendance.take_silent() == "visitor 2"
    assert attendance.take_silent() is None


def test_who_is_gone_makes_room() -> None:
    attendance = Attendance(visitors(VISITORS_MAX + 1))
    attendance.drop(MemberId("visitor 7"))
    assert attendance.take_silent() is None


def test_who_is_spared_is_passed_over() -> None:
    attendance = Attendance(visitors(VISITORS_MAX + 1))
    attendance.set_present(record("visitor 0"), present=True)
    attendance.note(record("visitor 0"))
    for number in range(1, VISITORS_MAX + 1):
        attendance.note(record(f"visitor {number}"))
    assert attendance.take_silent({MemberId("visitor 1")}) == "visitor 2"


def test_when_all_are_spared_all_stay() -> None:
    crowd = visitors(VISITORS_MAX + 1)
    assert Attendance(crowd).take_silent({each.member.id for each in crowd}) is None


def test_who_joined_is_not_forgotten_for_visitors_nor_the_other_way_round() -> None:
    joined = [record(f"joined {number}", is_held=True) for number in range(JOINED_MAX)]
    attendance = Attendance([*joined, *visitors(VISITORS_MAX)])
    assert attendance.take_silent() is None
    attendance.note(record("one more"))
    assert attendance.take_silent() == "visitor 0"
    attendance.note(record("another", is_held=True))
    assert attendance.take_silent() == "joined 0"


def test_a_visitor_who_joins_is_no_visitor_any_more() -> None:
    attendance = Attendance(visitors(VISITORS_MAX + 1))
    attendance.note(record("visitor 0", is_held=True))
    assert attendance.take_silent() is None
