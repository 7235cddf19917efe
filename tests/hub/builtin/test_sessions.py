from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hivemind_chatroom.hub.builtin.ask import Asker, SessionId
from hivemind_chatroom.hub.builtin.sessions import Sessions

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)


def asker(name: str, minutes: int = 0) -> Asker:
    return Asker(SessionId(name), NOON + timedelta(minutes=minutes))


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
