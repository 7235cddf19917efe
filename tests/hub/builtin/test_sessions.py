from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hivemind_chatroom.hub.builtin.ask import Asker, SessionId
from hivemind_chatroom.hub.builtin.sessions import Sessions

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)


def asker(name: str, minutes: int = 0, *, is_private: bool = False) -> Asker:
    now = NOON + timedelta(minutes=minutes)
    return Asker(SessionId(name), now, is_private=is_private)


def test_each_session_has_its_own_value() -> None:
    sessions = Sessions[int](2, timedelta(minutes=1))
    sessions.set(asker("ana"), 1)
    sessions.set(asker("rui"), 2)
    sessions.set(asker("ana"), 3)

    assert [sessions.get(asker(name)) for name in ("ana", "rui", "eva")] == [3, 2, None]


def test_the_value_set_longest_ago_makes_room() -> None:
    sessions = Sessions[int](2, timedelta(minutes=1))
    sessions.set(asker("ana"), 1)
    sessions.set(asker("rui"), 2)
    sessions.set(asker("ana"), 3)
    sessions.set(asker("eva"), 4)

    assert [sessions.get(asker(name)) for name in ("ana", "rui", "eva")] == [3, None, 4]


def test_an_old_value_is_forgotten() -> None:
    sessions = Sessions[int](2, timedelta(minutes=1))
    sessions.set(asker("ana"), 1)

    assert sessions.get(asker("ana", minutes=1)) == 1
    assert sessions.get(asker("ana", minutes=2)) is None
    assert sessions.get(asker("ana", minutes=1)) is None


def test_a_value_can_be_forgotten_at_once() -> None:
    sessions = Sessions[int](2, timedelta(minutes=1))
    sessions.set(asker("ana"), 1)
    sessions.forget(asker("ana"))
    sessions.forget(asker("ana"))

    assert sessions.get(asker("ana")) is None


def test_what_was_set_in_private_is_recalled_in_private_alone() -> None:
    sessions = Sessions[int](9, timedelta(hours=1))
    sessions.set(asker("ana", is_private=True), 1)

    assert sessions.get(asker("ana")) is None
    assert sessions.get(asker("ana", is_private=True)) == 1


def test_in_private_the_newer_of_both_is_recalled() -> None:
    sessions = Sessions[int](9, timedelta(hours=1))
    sessions.set(asker("ana"), 1)
    assert sessions.get(asker("ana", is_private=True)) == 1
    sessions.set(asker("ana", minutes=1, is_private=True), 2)
    assert sessions.get(asker("ana", minutes=1, is_private=True)) == 2
    sessions.set(asker("ana", minutes=2), 3)
    assert sessions.get(asker("ana", minutes=2, is_private=True)) == 3


def test_everybody_forgets_what_they_could_recall_and_no_more() -> None:
    sessions = Sessions[int](9, timedelta(hours=1))
    sessions.set(asker("ana"), 1)
    sessions.set(asker("ana", is_private=True), 2)
    sessions.forget(asker("ana"))
    assert sessions.get(asker("ana", is_private=True)) == 2
    sessions.set(asker("ana"), 1)
    sessions.forget(asker("ana", is_private=True))
    assert sessions.get(asker("ana")) is None
    assert sessions.get(asker("ana", is_private=True)) is None
