"""What waits for the hub, and what is on its way there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.hub.outgoing import WINDOW, Outgoing
from hivemind_chatroom.room.feed import (
    Feed,
    LogForgotten,
    MessagePosted,
    MessageRemoved,
    MessageUpdated,
    UtteranceQueued,
)
from hivemind_chatroom.room.model import (
    Author,
    Correlation,
    Delivery,
    Draft,
    Kind,
    Message,
    MessageId,
)


class Stage:
    """A feed, and what the link knows by it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.feed = Feed(MessageId(0))
        self.wakes = 0
        self.outgoing = Outgoing(self.feed, self.clock, self._wake)
        self._last = 0

    def asked(self) -> Message:
        self._last += 1
        author, corr = Author("ana", "Ana"), Correlation(f"c{self._last}")
        draft = Draft(Kind.PERSON, author, "Hello", "en", STARTED_AT, corr=corr)
        message = Message(MessageId(self._last), draft, Delivery.QUEUED)
        self.feed.publish(MessagePosted(message))
        return message

    def moves(self, message: Message, delivery: Delivery) -> None:
        self.feed.publish(MessageUpdated(replace(message, delivery=delivery)))

    def fill(self) -> list[Message]:
        messages = [self.asked() for _ in range(WINDOW)]
        for message in messages:
            self.moves(message, Delivery.SENDING)
        return messages

    def _wake(self) -> None:
        self.wakes += 1


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_what_is_queued_is_due_at_once_and_no_more_once_it_was_looked_at(stage: Stage) -> None:
    dues = [stage.outgoing.due]
    stage.feed.publish(UtteranceQueued(stage.asked().id))
    dues.append(stage.outgoing.due)
    stage.outgoing.note_taken()
    dues.append(stage.outgoing.due)
    assert dues == [None, stage.clock.monotonic(), None]
    assert stage.wakes == 1


def test_what_stands_behind_one_that_failed_waits_for_a_breath(stage: Stage) -> None:
    stage.outgoing.note_waiting(breath_s=1.0)
    assert stage.outgoing.due == stage.clock.monotonic() + 1.0


def test_an_utterance_is_under_way_from_before_it_leaves_until_its_end(stage: Stage) -> None:
    message = stage.asked()
    seen = []
    for delivery in (Delivery.SENDING, Delivery.SENT, Delivery.ANSWERED):
        stage.moves(message, delivery)
        seen.append(message.draft.corr in stage.outgoing)
    assert seen == [True, True, False]


def test_when_so_many_are_under_way_the_next_one_waits_until_one_has_ended(stage: Stage) -> None:
    stage.outgoing.note_waiting()
    messages = stage.fill()
    assert (stage.outgoing.room, stage.outgoing.due) == (0, None)
    stage.moves(messages[3], Delivery.UNANSWERED)
    assert (stage.outgoing.room, stage.wakes) == (1, 1)
    assert stage.outgoing.due is not None


def test_one_step_further_on_its_way_makes_no_room(stage: Stage) -> None:
    stage.moves(stage.fill()[0], Delivery.SENT)
    assert (stage.outgoing.room, stage.wakes) == (0, 0)


def test_a_message_that_is_taken_back_makes_room_too(stage: Stage) -> None:
    messages = stage.fill()
    stage.feed.publish(MessageRemoved(messages[0]))
    assert (stage.outgoing.room, stage.wakes) == (1, 1)
    stage.moves(messages[1], Delivery.ANSWERED)
    assert (stage.outgoing.room, stage.wakes) == (2, 1)


def test_a_message_that_another_instance_takes_back_makes_room_without_its_mark(
    stage: Stage,
) -> None:
    messages = stage.fill()
    corr = messages[0].draft.corr
    unmarked = replace(messages[0], draft=replace(messages[0].draft, corr=None))
    stage.feed.publish(MessageRemoved(unmarked))
    assert (stage.outgoing.room, stage.wakes) == (1, 1)
    assert corr not in stage.outgoing


def test_messages_that_are_forgotten_together_make_room_but_not_the_later_ones(
    stage: Stage,
) -> None:
    messages = stage.fill()
    stage.feed.publish(LogForgotten(messages[-2].id))
    assert (stage.outgoing.room, stage.wakes) == (WINDOW - 1, 1)
    assert messages[-2].draft.corr not in stage.outgoing
    assert messages[-1].draft.corr in stage.outgoing


def test_what_went_unheard_of_is_forgotten_when_it_is_read_anew(stage: Stage) -> None:
    messages = stage.fill()
    stage.outgoing.keep_only({messages[1].id})
    assert (stage.outgoing.room, stage.wakes) == (WINDOW - 1, 1)
    assert messages[0].draft.corr not in stage.outgoing
    assert messages[1].draft.corr in stage.outgoing


def test_one_that_is_asked_again_is_known_by_its_new_mark_alone(stage: Stage) -> None:
    message = stage.asked()
    stage.moves(message, Delivery.SENT)
    again = replace(message, draft=replace(message.draft, corr=Correlation("again")))
    stage.moves(again, Delivery.SENT)
    assert (Correlation("again") in stage.outgoing, stage.outgoing.room) == (True, WINDOW - 1)
    assert message.draft.corr not in stage.outgoing
