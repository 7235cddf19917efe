"""Following: what others did is told here, in order, and neither left out nor told for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace

import pytest

from fakes import STARTED_AT, CountedLock, FakeClock, FeedRecorder
from hivemind_chatroom.errors import StorageAwayError
from hivemind_chatroom.room.changes import Change, ChangeKind, Hints, News
from hivemind_chatroom.room.feed import (
    Feed,
    LogForgotten,
    MessagePosted,
    MessageRemoved,
    Thinking,
    UtteranceQueued,
)
from hivemind_chatroom.room.following import Following
from hivemind_chatroom.room.model import (
    Author,
    Correlation,
    Draft,
    Kind,
    MemberId,
    Message,
    MessageId,
)
from hivemind_chatroom.store.memory import MemoryStore

NOTHING = News((), MessageId(0), (), 0)


class Elsewhere:
    """Changes that a test makes up: each look takes the next ones, and the last ones stay."""

    instance = "here"

    def __init__(self, *news: News) -> None:
        self.coming = [*news]
        self.asked: list[tuple[int, int]] = []
        self.on_look: Callable[[], None] = lambda: None

    def change_id(self) -> int:
        return 10

    def news(self, after: MessageId, change_id: int) -> News:
        self.asked.append((after, change_id))
        self.on_look()
        empty = replace(NOTHING, last_id=after, change_id=change_id)
        return self.coming.pop(0) if self.coming else empty

    def hints(self, tell: Callable[[], None]) -> Hints:
        raise NotImplementedError


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(FakeClock())


@pytest.fixture
def feed() -> Feed:
    return Feed(MessageId(0))


@pytest.fixture
def told(feed: Feed) -> FeedRecorder:
    recorder = FeedRecorder()
    feed.listen(recorder)
    return recorder


def keep(store: MemoryStore, text: str = "hi", *, asks: bool = False) -> Message:
    corr = Correlation(f"corr-{text}") if asks else None
    ana = Author("ana", "Ana")
    return store.append(Draft(Kind.PERSON, ana, text, "en", STARTED_AT, corr=corr)).message


def changed(kind: ChangeKind, *subjects: str, change_id: int = 11) -> News:
    changes = tuple(Change(kind, subject) for subject in subjects)
    return replace(NOTHING, changes=changes, change_id=change_id)


def test_what_others_posted_is_told_and_what_they_ask_is_queued(
    store: MemoryStore, feed: Feed, told: FeedRecorder
) -> None:
    said, asked = keep(store), keep(store, "what time is it", asks=True)
    Following(Elsewhere(News((said, asked), asked.id, (), 10)), feed).catch_up()
    expected = [MessagePosted(said), MessagePosted(asked), UtteranceQueued(asked.id)]
    assert told.events == expected


def test_each_look_goes_on_where_the_last_one_ended(store: MemoryStore, feed: Feed) -> None:
    elsewhere = Elsewhere(
        News((keep(store),), MessageId(1), (), 15, is_more=True),
        News((keep(store),), MessageId(2), (), 20),
    )
    following = Following(elsewhere, feed)
    following.catch_up()
    following.catch_up()
    assert elsewhere.asked == [(0, 10), (1, 15), (2, 20)]


@pytest.mark.parametrize(("subject", "reader"), [("1", None), ("1 ana", MemberId("ana"))])
def test_a_removal_is_told_to_those_who_could_see_the_message(
    store: MemoryStore, feed: Feed, told: FeedRecorder, subject: str, reader: MemberId | None
) -> None:
    feed.publish(MessagePosted(keep(store)))
    Following(Elsewhere(changed(ChangeKind.REMOVED, subject)), feed).catch_up()
    removed, thinking = told.events[1:]
    assert isinstance(removed, MessageRemoved)
    assert removed.message.id == 1
    assert removed.message.draft.private_to == reader
    assert isinstance(thinking, Thinking)
    assert not thinking.on


def test_that_all_was_forgotten_is_told_once(feed: Feed, told: FeedRecorder) -> None:
    Following(Elsewhere(changed(ChangeKind.FORGOTTEN, "9", "30")), feed).catch_up()
    assert told.events == [LogForgotten(MessageId(30))]


def test_whoever_knows_of_a_kind_reads_each_subject_once(feed: Feed) -> None:
    read: list[Sequence[str] | None] = []
    following = Following(Elsewhere(changed(ChangeKind.MEMBER, "a", "b", "a")), feed)
    following.when(ChangeKind.MEMBER, read.append)
    following.catch_up()
    assert read == [["a", "b"]]


def test_who_missed_too_many_changes_reads_everything_anew(feed: Feed, told: FeedRecorder) -> None:
    read: list[Sequence[str] | None] = []
    news = replace(changed(ChangeKind.REMOVED, "1"), is_all=False)
    following = Following(Elsewhere(news), feed)
    following.when(ChangeKind.MEMBER, read.append)
    following.catch_up()
    assert read == [None]
    assert told.of(LogForgotten) == [LogForgotten(MessageId(0))]


def test_what_could_not_be_read_anew_is_read_at_the_next_look(feed: Feed) -> None:
    elsewhere = Elsewhere(changed(ChangeKind.MEMBER, "a"))
    following = Following(elsewhere, feed)

    def fail(_: Sequence[str] | None) -> None:
        raise StorageAwayError("away", 1.0)

    following.when(ChangeKind.MEMBER, fail)
    with pytest.raises(StorageAwayError):
        following.catch_up()
    following.catch_up()
    assert elsewhere.asked == [(0, 10), (0, 10)]


def test_what_nobody_can_make_sense_of_keeps_nothing_later_from_being_told(
    feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = Elsewhere(changed(ChangeKind.REMOVED, "nonsense"))
    following = Following(elsewhere, feed)
    following.catch_up()
    following.catch_up()
    assert elsewhere.asked == [(0, 10), (0, 11)]
    assert "removed" in caplog.text
    assert "nonsense" not in caplog.text


@pytest.mark.parametrize("is_all", [True, False])
@pytest.mark.parametrize("fault", [StorageAwayError("away", 1.0), ValueError("nonsense")])
def test_one_kind_that_fails_keeps_nothing_of_the_others_from_being_told(
    feed: Feed, fault: Exception, *, is_all: bool
) -> None:
    read: list[Sequence[str] | None] = []
    changes = (Change(ChangeKind.HUB, "true"), Change(ChangeKind.MEMBER, "a"))
    news = replace(NOTHING, changes=changes, change_id=12, is_all=is_all)
    following = Following(Elsewhere(news), feed)

    def fail(_: Sequence[str] | None) -> None:
        raise fault

    following.when(ChangeKind.HUB, fail)
    following.when(ChangeKind.MEMBER, read.append)
    expects = (
        pytest.raises(StorageAwayError) if isinstance(fault, StorageAwayError) else nullcontext()
    )
    with expects:
        following.catch_up()
    assert read == [["a"] if is_all else None]


def test_those_who_ask_while_somebody_looks_share_the_next_look(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, lock = Elsewhere(), CountedLock()
    following = Following(elsewhere, feed)
    monkeypatch.setattr(following, "_lock", lock)
    threads = [threading.Thread(target=following.catch_up) for _ in range(5)]

    def more_ask() -> None:
        elsewhere.on_look = lambda: None
        for thread in threads:
            thread.start()
        for _ in (None, *threads):  # whoever looks has come for it, too
            assert lock.come.acquire(timeout=10)

    elsewhere.on_look = more_ask
    following.catch_up()
    for thread in threads:
        thread.join(10)
    assert len(elsewhere.asked) == 2


def test_whether_others_run_is_as_it_was_at_the_last_look(feed: Feed) -> None:
    following = Following(Elsewhere(replace(NOTHING, is_alone=False), NOTHING), feed)
    known = [following.is_alone]
    for _ in range(2):
        following.catch_up()
        known.append(following.is_alone)
    assert known == [True, False, True]


def test_a_room_alone_has_nothing_to_read(feed: Feed) -> None:
    Following(None, feed).catch_up()
