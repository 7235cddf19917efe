"""The feed: one order for everybody."""

from __future__ import annotations

import random
import threading

import pytest

from fakes import STARTED_AT, FeedRecorder
from hivemind_chatroom.room.feed import (
    Event,
    Feed,
    MemberGone,
    MessagePosted,
    MessageUpdated,
    NumbersGone,
    Thinking,
    UtteranceQueued,
)
from hivemind_chatroom.room.model import (
    Author,
    Delivery,
    Draft,
    Kind,
    MemberId,
    Message,
    MessageId,
)


def message(number: int, delivery: Delivery | None = None) -> Message:
    draft = Draft(Kind.PERSON, Author("ana", "Ana"), f"line {number}", "en", STARTED_AT)
    return Message(MessageId(number), draft, delivery)


def posted(number: int) -> MessagePosted:
    return MessagePosted(message(number, Delivery.QUEUED))


def heard(*events: Event, last_id: int = 0) -> list[Event]:
    feed, recorder = Feed(MessageId(last_id)), FeedRecorder()
    feed.listen(recorder)
    for event in events:
        feed.publish(event)
    return recorder.events


def test_every_listener_hears_everything() -> None:
    feed, one, other = Feed(MessageId(0)), FeedRecorder(), FeedRecorder()
    feed.listen(one)
    feed.listen(other)
    feed.publish(posted(1))
    assert one.events == other.events == [posted(1)]


def test_a_listener_hears_nothing_of_what_was_before() -> None:
    feed, late = Feed(MessageId(0)), FeedRecorder()
    feed.publish(posted(1))
    feed.listen(late)
    feed.publish(posted(2))
    assert late.events == [posted(2)]


def test_an_early_message_waits_for_those_before_it() -> None:
    assert heard(posted(3), posted(2)) == []
    assert heard(posted(3), posted(2), posted(1)) == [posted(1), posted(2), posted(3)]


def test_the_feed_goes_on_behind_what_the_log_holds_already() -> None:
    assert heard(posted(8), last_id=7) == [posted(8)]


@pytest.mark.parametrize(
    "later",
    [
        MessageUpdated(message(2, Delivery.SENT)),
        Thinking(message(2, Delivery.SENT), on=True),
    ],
)
def test_what_happens_to_a_message_is_told_after_the_message(later: Event) -> None:
    assert heard(later, posted(2)) == []
    assert heard(later, posted(2), posted(1)) == [posted(1), posted(2), later]


def test_several_things_that_happen_to_an_early_message_keep_their_order() -> None:
    sending = MessageUpdated(message(1, Delivery.SENDING))
    sent = MessageUpdated(message(1, Delivery.SENT))
    thinks = Thinking(message(1), on=True)
    assert heard(sending, sent, thinks, posted(1)) == [posted(1), sending, sent, thinks]


def test_what_happens_to_an_old_message_is_told_at_once() -> None:
    update = MessageUpdated(message(3, Delivery.ANSWERED))
    assert heard(update, last_id=3) == [update]


@pytest.mark.parametrize("other", [UtteranceQueued(MessageId(2)), MemberGone(MemberId("ana"))])
def test_other_events_wait_for_no_message(other: Event) -> None:
    assert heard(posted(2), other) == [other]


def test_messages_from_many_threads_are_told_in_the_order_of_their_numbers() -> None:
    feed, recorder = Feed(MessageId(0)), FeedRecorder()
    feed.listen(recorder)
    numbers = list(range(1, 401))
    random.Random(7).shuffle(numbers)  # noqa: S311 - no secret, the same disorder each time
    shares = [numbers[start::8] for start in range(8)]
    together = threading.Barrier(len(shares))

    def publish(share: list[int]) -> None:
        together.wait()
        for number in share:
            feed.publish(MessageUpdated(message(number, Delivery.SENT)))
            feed.publish(posted(number))

    threads = [threading.Thread(target=publish, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    told = [event.message.id for event in recorder.events if isinstance(event, MessagePosted)]
    assert told == sorted(numbers)
    for number in numbers:
        update = MessageUpdated(message(number, Delivery.SENT))
        assert recorder.events.index(update) > recorder.events.index(posted(number))


def test_a_listener_that_fails_keeps_nothing_from_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    feed, recorder = Feed(MessageId(0)), FeedRecorder()

    def fail(event: Event) -> None:
        raise LookupError(event)

    feed.listen(fail)
    feed.listen(recorder)
    told: list[Event] = [posted(1), UtteranceQueued(MessageId(1)), posted(2)]
    for event in told:
        feed.publish(event)
    assert recorder.events == told
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3
    assert "a listener failed at MessagePosted: LookupError at feed.py:" in caplog.text
    assert " fail\n" in caplog.text
    assert "Ana" not in caplog.text


def caught_up(feed: Feed, *numbers: int, last_id: int) -> list[int]:
    """Hand what another instance has kept to the feed; return what nobody knew of."""
    kept = [message(number, Delivery.QUEUED) for number in numbers]
    return [each.id for each in feed.catch_up(kept, MessageId(last_id))]


@pytest.fixture
def feed() -> Feed:
    return Feed(MessageId(0))


@pytest.fixture
def recorder(feed: Feed) -> FeedRecorder:
    recorder = FeedRecorder()
    feed.listen(recorder)
    return recorder


def test_what_others_have_posted_fills_the_gap_before_an_early_message(
    feed: Feed, recorder: FeedRecorder
) -> None:
    feed.publish(posted(3))
    assert caught_up(feed, 1, 2, 3, last_id=3) == [1, 2]
    assert recorder.events == [posted(1), posted(2), posted(3)]
    assert feed.last_id == 3


def test_a_message_that_comes_both_ways_is_told_once(feed: Feed, recorder: FeedRecorder) -> None:
    caught_up(feed, 1, last_id=1)
    feed.publish(posted(1))
    caught_up(feed, 1, last_id=1)
    feed.publish(posted(2))
    caught_up(feed, 4, last_id=4)
    assert recorder.events == [posted(1), posted(2), posted(4)]


def test_numbers_that_are_gone_are_waited_for_no_longer(feed: Feed, recorder: FeedRecorder) -> None:
    feed.publish(posted(5))
    feed.publish(MessageUpdated(message(2, Delivery.SENT)))
    caught_up(feed, 1, 3, last_id=4)
    assert recorder.events == [posted(1), posted(3), NumbersGone(MessageId(4)), posted(5)]


def test_a_number_that_is_gone_between_others_is_not_worth_a_word(
    feed: Feed, recorder: FeedRecorder
) -> None:
    caught_up(feed, 2, last_id=2)
    assert recorder.events == [posted(2)]


def test_what_happens_to_a_message_of_others_is_told_after_it(
    feed: Feed, recorder: FeedRecorder
) -> None:
    update = MessageUpdated(message(2, Delivery.SENT))
    feed.publish(update)
    caught_up(feed, 1, 2, last_id=2)
    assert recorder.events == [posted(1), posted(2), update]


def test_an_early_message_after_what_others_kept_waits_on(
    feed: Feed, recorder: FeedRecorder
) -> None:
    feed.publish(posted(4))
    caught_up(feed, 1, 2, last_id=2)
    assert recorder.events == [posted(1), posted(2)]
    feed.publish(posted(3))
    assert recorder.events[2:] == [posted(3), posted(4)]
