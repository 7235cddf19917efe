"""The talk with a hub over one wire, without a thread."""

from __future__ import annotations

from typing import Any

import pytest

from fakes import FakeClock, FakeLanguages
from hivemind_chatroom.errors import StorageFullError
from hivemind_chatroom.hub.allowance import UNASKED, Allowance
from hivemind_chatroom.hub.events import BusMessage, Heard, Permitted, Refused
from hivemind_chatroom.hub.exchange import SEND_AT_ONCE, Exchange
from hivemind_chatroom.hub.gate import NotSentError, UnsureError
from hivemind_chatroom.hub.outgoing import WINDOW, Outgoing
from hivemind_chatroom.hub.translate import PROBE_TOPIC
from hivemind_chatroom.room.model import (
    Delivery,
    HubState,
    HubStatus,
    Introduction,
    Kind,
    Message,
    Posting,
    Utterance,
)
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.memory import MemoryStore
from hub.fake_wire import UTTERANCE, FakeWire, permission
from hub.watch import Watch


class Stage:
    """A room that talks over a wire whose other end is the test."""

    def __init__(self) -> None:
        clock = FakeClock()
        settings = RoomSettings(member_rate=None)
        self.room = Room(settings, MemoryStore(clock), clock, FakeLanguages())
        self.room.hub_is(HubStatus(HubState.CONNECTED, clock.now()))
        self.watch = Watch(self.room)
        self.wire = FakeWire()
        outgoing = Outgoing(self.room.feed, clock, lambda: None)
        allowance = Allowance(clock)
        self.exchange = Exchange(
            self.room, self.wire, clock, "Europe/Lisbon", outgoing=outgoing, allowance=allowance
        )
        self.ana = self.room.join(Introduction("Ana")).member

    def ask(self, text: str) -> Message:
        return self.room.post(self.ana, Posting(text)).message

    def send(self) -> bool:
        return self.exchange.send_waiting(UTTERANCE)

    def hear(self, *messages: BusMessage) -> list[Heard | Permitted | Refused]:
        """Take what the hub says, and return what each piece of it means to the link."""
        return [self.exchange.take(said) for said in self.exchange.sort(messages)]

    def delivery_of(self, message: Message) -> Delivery | None:
        return self.watch.messages[message.id].delivery


@pytest.fixture
def stage() -> Stage:
    return Stage()


def reply(sent: BusMessage, text: str) -> BusMessage:
    return BusMessage("speak", {"utterance": text}, dict(sent.context))


def denial(code: str) -> BusMessage:
    return BusMessage("hive.policy.denied", {"denied_type": UTTERANCE, "code": code}, {})


def test_what_waits_goes_out_oldest_first_and_so_many_at_once(stage: Stage) -> None:
    asked = [stage.ask(str(number)) for number in range(SEND_AT_ONCE + 1)]
    assert stage.send()
    assert stage.wire.texts() == [message.draft.text for message in asked[:-1]]
    assert stage.delivery_of(asked[-1]) is Delivery.QUEUED
    assert not stage.send()
    assert stage.wire.texts() == [message.draft.text for message in asked]
    assert {stage.delivery_of(message) for message in asked} == {Delivery.SENT}


def test_what_could_not_leave_waits_again_with_all_that_stands_behind_it(stage: Stage) -> None:
    asked = [stage.ask("one"), stage.ask("two")]
    stage.wire.fails = NotSentError
    assert not stage.send()
    assert stage.watch.history[asked[0].id] == [
        Delivery.QUEUED,
        Delivery.SENDING,
        Delivery.QUEUED,
    ]
    assert stage.watch.history[asked[1].id] == stage.watch.history[asked[0].id]
    stage.wire.fails = None
    stage.send()
    assert stage.wire.texts() == ["one", "two"]


@pytest.mark.parametrize("error", [UnsureError, ValueError])
def test_what_failed_on_its_way_is_in_doubt_at_once_and_what_stands_behind_it_waits(
    stage: Stage, error: type[Exception]
) -> None:
    asked = [stage.ask("one"), stage.ask("two")]
    stage.wire.fails = error
    with pytest.raises(error):
        stage.send()
    assert [stage.delivery_of(message) for message in asked] == [
        Delivery.UNCONFIRMED,
        Delivery.QUEUED,
    ]


@pytest.mark.parametrize("error", [None, UnsureError])
def test_what_did_not_leave_waits_again_even_if_what_left_can_not_be_written_down(
    stage: Stage, error: type[Exception] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a connection that broke is told of first, or the link would go on with it."""
    asked = [stage.ask("one"), stage.ask("two"), stage.ask("three")]
    stage.wire.fails_after = 1, error or NotSentError

    def fail(*_: Utterance) -> None:
        raise StorageFullError

    monkeypatch.setattr(stage.room.utterances, "sent", fail)
    with pytest.raises(error or StorageFullError):
        stage.send()
    assert [stage.delivery_of(message) for message in asked] == [
        Delivery.SENDING,
        Delivery.UNCONFIRMED if error else Delivery.QUEUED,
        Delivery.QUEUED,
    ]


def test_a_connection_that_broke_is_told_of_even_if_the_doubt_can_not_be_written_down(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = [stage.ask("one"), stage.ask("two")]
    stage.wire.fails = UnsureError

    def fail(*_: Utterance) -> None:
        raise StorageFullError

    monkeypatch.setattr(stage.room.utterances, "doubt", fail)
    with pytest.raises(UnsureError):
        stage.send()
    assert stage.delivery_of(asked[1]) is Delivery.QUEUED
    assert "StorageFullError" in caplog.text


def test_a_reply_and_an_ending_reach_the_room_and_show_that_somebody_is_there(
    stage: Stage,
) -> None:
    question = stage.ask("what time is it?")
    stage.send()
    [sent] = stage.wire.sent
    assert stage.hear(reply(sent, "three")) == [Heard()]
    handled = BusMessage("ovos.utterance.handled", {}, sent.context)
    assert stage.hear(handled) == [Heard()]
    assert stage.watch.texts() == ["three"]
    assert stage.watch.replies()[0].draft.in_reply_to == question.id
    assert stage.delivery_of(question) is Delivery.ANSWERED


def test_what_comes_under_both_its_names_is_heard_once(stage: Stage) -> None:
    stage.ask("hello")
    stage.send()
    said = reply(stage.wire.sent[0], "hello, Ana")
    assert stage.hear(said) == [Heard()]
    again = BusMessage("ovos.utterance.speak", said.data, said.context)
    assert stage.hear(again) == []
    assert stage.watch.texts() == ["hello, Ana"]


def test_what_means_nothing_is_nothing(stage: Stage) -> None:
    assert stage.hear(BusMessage("mycroft.mic.listen", {}, {})) == []
    assert stage.watch.replies() == []


def test_speech_of_nobody_is_an_announcement(stage: Stage) -> None:
    stage.hear(BusMessage("speak", {"utterance": "tea is ready"}, {}))
    [said] = stage.watch.replies()
    assert said.draft.kind is Kind.ANNOUNCEMENT


def test_the_state_of_a_session_goes_out_with_the_next_utterance(stage: Stage) -> None:
    stage.ask("play a game")
    stage.send()
    [sent] = stage.wire.sent
    handlers = [{"skill_id": "game"}]
    session = {**sent.context["session"], "active_handlers": handlers}
    context: dict[str, Any] = {**sent.context, "session": session}
    stage.hear(BusMessage("ovos.utterance.handled", {}, context))
    stage.ask("five")
    stage.send()
    assert stage.wire.sent[1].context["session"]["active_handlers"] == handlers


def test_the_answer_to_the_probe_says_what_may_be_sent(stage: Stage) -> None:
    stage.exchange.probe()
    assert [message.topic for message in stage.wire.sent] == [PROBE_TOPIC]
    assert stage.hear(permission(UTTERANCE)) == [Permitted(frozenset({UTTERANCE}), "3")]


@pytest.mark.parametrize(
    ("code", "backend_is_away", "end"),
    [
        ("acl_disallowed_type", False, Delivery.REFUSED),
        ("backend_unavailable", True, Delivery.UNANSWERED),
    ],
)
def test_a_refusal_ends_the_utterance_that_it_is_about_once_the_probe_is_answered(
    stage: Stage, code: str, end: Delivery, *, backend_is_away: bool
) -> None:
    taken, refused = stage.ask("first"), stage.ask("second")
    stage.send()
    stage.hear(reply(stage.wire.sent[0], "of course"))
    assert stage.hear(denial(code)) == [Refused(backend_is_away)]
    stage.exchange.probe()
    stage.hear(permission())
    assert stage.delivery_of(refused) is end
    assert stage.delivery_of(taken) is Delivery.SENT


def test_a_probe_over_a_wire_that_is_gone_is_no_error(stage: Stage) -> None:
    stage.wire.fails = NotSentError
    stage.exchange.probe()
    assert stage.wire.sent == []


def test_what_comes_together_and_says_what_it_is_about_is_kept_together(stage: Stage) -> None:
    asked = [stage.ask("one"), stage.ask("two")]
    stage.send()
    one, two = stage.wire.sent
    ends = [BusMessage("ovos.utterance.handled", {}, sent.context) for sent in (one, two)]
    said = [reply(one, "first"), ends[0], reply(two, "second"), ends[1]]
    assert stage.hear(*said) == [Heard()]
    assert stage.watch.texts() == ["first", "second"]
    assert [each.draft.in_reply_to for each in stage.watch.replies()] == [each.id for each in asked]
    assert {stage.delivery_of(message) for message in asked} == {Delivery.ANSWERED}


def test_what_does_not_say_what_it_is_about_is_taken_by_itself_and_in_its_turn(
    stage: Stage,
) -> None:
    asked = [stage.ask("one"), stage.ask("two")]
    stage.send()
    [one, two] = stage.wire.sent
    unmarked = BusMessage("speak", {"utterance": "and mine?"}, {"user": one.context["user"]})
    handled = BusMessage("ovos.utterance.handled", {}, two.context)
    assert stage.hear(reply(one, "first"), handled, unmarked) == [Heard(), Heard()]
    assert stage.watch.texts() == ["first", "and mine?"]
    assert stage.watch.replies()[1].draft.in_reply_to == asked[0].id


def test_answers_that_can_not_be_kept_leave_their_ends(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_replies: object) -> None:
        raise StorageFullError

    question = stage.ask("one")
    stage.send()
    [one] = stage.wire.sent
    monkeypatch.setattr(stage.room, "receive_all", full)
    with pytest.raises(StorageFullError):
        stage.hear(reply(one, "lost"), BusMessage("ovos.utterance.handled", {}, one.context))
    assert stage.delivery_of(question) is Delivery.ANSWERED


def test_no_more_is_sent_than_may_be_under_way_until_something_ends(stage: Stage) -> None:
    asked = [stage.ask(str(number)) for number in range(WINDOW + 2)]
    for _ in range(WINDOW // SEND_AT_ONCE + 1):
        stage.send()
    assert len(stage.wire.sent) == WINDOW
    assert stage.delivery_of(asked[-1]) is Delivery.QUEUED
    stage.hear(BusMessage("ovos.utterance.handled", {}, stage.wire.sent[5].context))
    stage.send()
    assert stage.wire.texts()[WINDOW:] == [asked[WINDOW].draft.text]


def test_a_hub_that_speaks_without_end_is_cut_short_and_its_answers_are_not(stage: Stage) -> None:
    said = [BusMessage("speak", {"utterance": str(each)}, {}) for each in range(1_000)]
    stage.hear(*said)
    assert len(stage.watch.texts()) == UNASKED.burst
    stage.ask("one")
    stage.send()
    stage.hear(*said, reply(stage.wire.sent[0], "still here"))
    assert stage.watch.texts()[-1] == "still here"
