"""A wire carries nothing for who may have lost the lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.events import Arrived, BusMessage, Closed, FromConnection, Report
from hivemind_chatroom.hub.gate import NotSentError
from hivemind_chatroom.hub.leased import leased
from hivemind_chatroom.hub.targets import Target
from hub.fake_wire import FakeWire

TARGET = Target(HubAddress("127.0.0.1", 1, tls=False), "key", "password", Path("identity"))
QUESTION = BusMessage("recognizer_loop:utterance", {"utterances": ["unlock the door"]}, {})


@dataclass
class Line:
    """A wire through the lease, and what is on both its ends."""

    is_sure: bool = True
    wire: FakeWire = field(default_factory=FakeWire)
    reported: list[FromConnection] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.leased = leased(self._dial, lambda: self.is_sure)(TARGET, self.reported.append)

    def _dial(self, target: Target, report: Report) -> FakeWire:
        assert target is TARGET
        self.report = report
        return self.wire


def test_who_leads_sends_and_hears() -> None:
    line = Line()
    line.leased.send(QUESTION)
    line.report(Arrived(QUESTION))
    assert line.wire.sent == [QUESTION]
    assert line.reported == [Arrived(QUESTION)]


def test_who_is_not_sure_sends_nothing_and_may_send_it_later() -> None:
    line = Line(is_sure=False)
    with pytest.raises(NotSentError):
        line.leased.send(QUESTION)
    assert line.wire.sent == []
    line.is_sure = True
    line.leased.send(QUESTION)
    assert line.wire.sent == [QUESTION]


def test_what_arrives_meanwhile_is_thrown_away_and_the_end_is_still_told() -> None:
    line = Line(is_sure=False)
    line.report(Arrived(QUESTION))
    line.report(Closed(Fault.NETWORK))
    assert line.reported == [Closed(Fault.NETWORK)]
    line.leased.close()
    assert line.wire.is_closed
