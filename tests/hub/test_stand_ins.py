from __future__ import annotations

from hivemind_chatroom.hub.stand_ins import CallingEvent, NoBus


def test_an_event_is_set_when_it_calls() -> None:
    seen: list[bool] = []
    event = CallingEvent(lambda: seen.append(event.is_set()))
    event.set()
    assert seen == [True]


def test_no_two_satellites_are_in_one_session_and_none_in_the_default_one() -> None:
    one, other = NoBus().session_id, NoBus().session_id
    assert one != other
    assert "default" not in (one, other)
