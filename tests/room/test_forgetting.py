"""What the host takes out of the room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from fakes import FakeClock, FakeLanguages, FeedRecorder
from hivemind_chatroom.errors import MessageUnknownError
from hivemind_chatroom.room.feed import LogForgotten, MessageRemoved, Thinking
from hivemind_chatroom.room.model import (
    NO_MESSAGE,
    Introduction,
    Member,
    Message,
    MessageId,
    Posting,
)
from hivemind_chatroom.room.ports import Purged
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.memory import MemoryStore


@pytest.fixture
def ana(room: Room) -> Member:
    return room.join(Introduction("Ana")).member


def say(room: Room, member: Member, text: str) -> Message:
    return room.post(member, Posting(text, text)).message


def test_the_host_takes_anybodys_message_out_and_everybody_is_told(
    room: Room, ana: Member, feed: FeedRecorder
) -> None:
    message = say(room, ana, "oops")
    room.forgetting.forget(message.id)
    assert [event.message.id for event in feed.of(MessageRemoved)] == [message.id]  # type: ignore[union-attr]
    assert room.messages(None).messages == ()
    with pytest.raises(MessageUnknownError):
        room.forgetting.forget(message.id)


def test_nobody_thinks_about_what_was_taken_out(
    room: Room, ana: Member, feed: FeedRecorder
) -> None:
    message = say(room, ana, "what time is it?")
    for utterance in room.utterances.waiting():
        room.utterances.sending(utterance)
        room.utterances.sent(utterance)
    room.forgetting.forget(message.id)
    [*_, last] = feed.of(Thinking)
    assert isinstance(last, Thinking)
    assert not last.on


def test_all_that_was_said_is_forgotten_at_once_and_told_with_the_last_number(
    room: Room, ana: Member, feed: FeedRecorder
) -> None:
    for text in ("one", "two", "three"):
        say(room, ana, text)
    room.forgetting.forget_all()
    assert feed.of(LogForgotten) == [LogForgotten(MessageId(3))]
    assert room.messages(None).messages == ()
    assert room.is_gone(MessageId(0))
    assert say(room, ana, "four").id == 4


class SlowStore(MemoryStore):
    """A store in which something is said just before anything is forgotten."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.meanwhile: list[Callable[[], object]] = []

    def purge(self, *, sent_before: datetime, most: int, through: MessageId = NO_MESSAGE) -> Purged:
        for call in self.meanwhile:
            call()
        return super().purge(sent_before=sent_before, most=most, through=through)


def test_what_is_said_while_all_is_forgotten_stays(clock: FakeClock) -> None:
    store = SlowStore(clock)
    room = Room(RoomSettings(), store, clock, FakeLanguages())
    ana = room.join(Introduction("Ana")).member
    say(room, ana, "old")
    store.meanwhile = [lambda: say(room, ana, "new"), lambda: say(room, ana, "newer")]
    room.forgetting.forget_all()
    assert [message.draft.text for message in room.messages(None).messages] == ["new", "newer"]


class StoreWithCopies(MemoryStore):
    """A store that knows whether its copies are forgotten."""

    has_copies = True

    def forget_copies(self) -> None:
        self.has_copies = False


def test_of_all_that_was_said_no_earlier_file_is_left_either(clock: FakeClock) -> None:
    store = StoreWithCopies(clock)
    room = Room(RoomSettings(), store, clock, FakeLanguages())
    ana = room.join(Introduction("Ana")).member
    room.forgetting.forget(say(room, ana, "oops").id)
    assert store.has_copies
    room.forgetting.forget_all()
    assert not store.has_copies
