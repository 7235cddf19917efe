"""How long an answer takes."""

from __future__ import annotations

import pytest

from fakes import FakeClock
from hivemind_chatroom.room import underway
from hivemind_chatroom.room.model import MessageId
from hivemind_chatroom.room.underway import UnderWay

FIRST, SECOND, THIRD = MessageId(1), MessageId(2), MessageId(3)


def test_an_utterance_is_timed_from_when_it_was_asked_last(clock: FakeClock) -> None:
    under_way = UnderWay(clock)
    under_way.begin(FIRST)
    clock.advance(5)
    under_way.begin(FIRST)
    clock.advance(1.5)
    assert under_way.ms(FIRST) == 1_500
    assert under_way.ms(FIRST) is None


def test_however_many_are_asked_only_the_newest_are_remembered(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(underway, "UNDER_WAY_MAX", 2)
    under_way = UnderWay(clock)
    for message_id in (FIRST, SECOND, FIRST, THIRD):
        under_way.begin(message_id)
    assert [under_way.ms(each) for each in (FIRST, SECOND, THIRD)] == [0, None, 0]
