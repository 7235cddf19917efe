from __future__ import annotations

import threading

import pytest

from hivemind_chatroom.hub import pulse
from hivemind_chatroom.hub.events import Greeted, Opened
from hub.fake_hub import HELLO, FakeHub, Meet

pytestmark = pytest.mark.filterwarnings("ignore:PasswordHandShake is not a PAKE:DeprecationWarning")

WORDS = 20


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "PING_INTERVAL_S", 0.3)
    monkeypatch.setattr(pulse, "PING_TIMEOUT_S", 0.2)


def test_a_hub_that_says_more_than_is_heard_at_once_is_not_taken_for_gone(meet: Meet) -> None:
    may_begin = threading.Event()

    def say_a_lot(hub: FakeHub) -> None:
        may_begin.wait()
        for _ in range(WORDS):
            hub.say(HELLO)
        hub.hear_all()

    meeting = meet(say_a_lot)
    meeting.hears_for_s = 0.1  # its pongs come behind all that
    may_begin.set()
    assert [meeting.next() for _ in range(1 + WORDS)] == [Opened(), *[Greeted()] * WORDS]
