"""What every store promises of messages and utterances: `MessageLog` and `Outbox`."""

from __future__ import annotations

import threading

import pytest

from contract.stores import ANA, BOB, asked_as, draft, ids, keep, mark
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.room.model import (
    Author,
    Correlation,
    Delivery,
    Draft,
    Kind,
    Media,
    MemberId,
    MessageId,
)
from hivemind_chatroom.room.ports import Store

BEYOND = MessageId(10**30)


def test_messages_are_numbered_from_one_without_holes(store: Store) -> None:
    assert store.last_id() == 0
    assert [message.id for message in keep(store, draft(), draft(), draft())] == [1, 2, 3]
    assert store.last_id() == 3


def test_a_message_is_found_by_its_number(store: Store) -> None:
    [message] = keep(store, draft("hello"))
    assert store.get(MessageId(1)) == message


def test_a_message_comes_back_with_all_that_it_was_kept_with(store: Store) -> None:
    full = Draft(
        kind=Kind.MEDIA,
        author=Author("assistant", "HiveMind"),
        text="Ünïcode, 'quotes'; and\nlines 🎉",
        lang="pt-PT",
        sent_at=STARTED_AT.replace(microsecond=123456),
        to=Author(ANA, "Ana"),
        private_to=ANA,
        client_id="c 1",
        in_reply_to=MessageId(7),
        expects_reply=True,
        media=Media("http://127.0.0.1/tune.wav", "Tune", "Nobody", "video"),
        corr=Correlation("c1"),
    )
    appended = store.append(full)
    assert appended.message.draft == full
    assert store.get(MessageId(1)) == appended.message
    assert store.page(ANA).messages == (appended.message,)


@pytest.mark.parametrize("number", [0, -1, 2, 2**53, BEYOND])
def test_there_is_no_message_under_another_number(store: Store, number: int) -> None:
    keep(store, draft())
    assert store.get(MessageId(number)) is None


def test_the_same_client_id_of_the_same_author_is_the_first_message(store: Store) -> None:
    first = store.append(draft("one", client_id="a"))
    again = store.append(draft("two", client_id="a"))
    other = store.append(draft("three", author=BOB, client_id="a"))
    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
    assert again.message == first.message
    assert store.last_id() == 2


def test_a_repeated_message_is_given_back_as_it_stands_now(store: Store) -> None:
    store.append(draft("one", client_id="a", corr="c1"))
    mark(store, 1, Delivery.SENDING)
    again = store.append(draft("one", client_id="a", corr="c2"))
    assert again.message.delivery is Delivery.SENDING
    assert asked_as(store, "c2") is None


def test_messages_without_a_client_id_are_never_the_same(store: Store) -> None:
    assert store.append(draft()).is_new
    assert store.append(draft()).is_new


def test_a_hundred_threads_with_one_client_id_make_one_message(store: Store) -> None:
    together = threading.Barrier(100)
    appended = []

    def append() -> None:
        together.wait()
        appended.append(store.append(draft(client_id="a")))

    threads = [threading.Thread(target=append) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert [each.is_new for each in appended].count(True) == 1
    assert {each.message.id for each in appended} == {1}


@pytest.fixture
def ten(store: Store) -> Store:
    keep(store, *(draft(f"line {number}") for number in range(1, 11)))
    return store


def test_the_newest_are_given_oldest_first(ten: Store) -> None:
    page = ten.page(None, limit=3)
    assert (ids(page.messages), page.more) == ([8, 9, 10], True)


def test_a_page_of_everything_has_no_more(ten: Store) -> None:
    page = ten.page(None, limit=10)
    assert (len(page.messages), page.more) == (10, False)


@pytest.mark.parametrize(
    ("before", "expected", "more"),
    [
        (10, [7, 8, 9], True),
        (4, [1, 2, 3], False),
        (3, [1, 2], False),
        (1, [], False),
        (0, [], False),
        (-5, [], False),
        (11, [8, 9, 10], True),
        (BEYOND, [8, 9, 10], True),
    ],
)
def test_what_is_before_a_message_is_the_nearest_to_it(
    ten: Store, before: int, expected: list[int], *, more: bool
) -> None:
    page = ten.page(None, before=MessageId(before), limit=3)
    assert (ids(page.messages), page.more) == (expected, more)


@pytest.mark.parametrize(
    ("after", "expected", "more"),
    [
        (0, [1, 2, 3], True),
        (7, [8, 9, 10], False),
        (9, [10], False),
        (10, [], False),
        (-5, [1, 2, 3], True),
        (BEYOND, [], False),
    ],
)
def test_what_is_after_a_message_is_the_nearest_to_it(
    ten: Store, after: int, expected: list[int], *, more: bool
) -> None:
    page = ten.page(None, after=MessageId(after), limit=3)
    assert (ids(page.messages), page.more) == (expected, more)


def test_what_is_between_two_messages_is_given_from_the_first(ten: Store) -> None:
    page = ten.page(None, after=MessageId(2), before=MessageId(6), limit=2)
    assert (ids(page.messages), page.more) == ([3, 4], True)


def test_between_two_messages_the_wrong_way_round_is_nothing(ten: Store) -> None:
    assert ten.page(None, after=MessageId(6), before=MessageId(2)).messages == ()


def test_what_is_private_is_in_its_members_pages_alone(store: Store) -> None:
    keep(store, draft(), draft(private_to=ANA), draft(private_to=BOB), draft())
    assert ids(store.page(ANA).messages) == [1, 2, 4]
    assert ids(store.page(BOB).messages) == [1, 3, 4]
    assert ids(store.page(None).messages) == [1, 4]


def test_what_is_private_does_not_make_more(store: Store) -> None:
    keep(store, draft(private_to=ANA), draft())
    assert not store.page(BOB, limit=1).more
    assert store.page(ANA, limit=1).more


def test_words_are_found_in_any_case_and_order(store: Store) -> None:
    keep(store, draft("Turn on the OVEN"), draft("turn off the oven"), draft("hello"))
    assert ids(store.page(None, words="oven TURN").messages) == [1, 2]
    assert ids(store.page(None, words="oven off").messages) == [2]
    assert ids(store.page(None, words="   ").messages) == [1, 2, 3]
    assert ids(store.page(None, words="nowhere").messages) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Onde está o ESPELHO?", "esta espel"),
        ("Straße", "STRASSE"),
        ("ﬁnd the o'clock", "find o clock"),
        ("it's 10:30", "10:3"),
        ("أين السَّلام", "السلام"),
        ("हिन्दी में बोलो", "हिन्दी बो"),
        ("你好世界", "你好"),
        ("party 🎉", "🎉"),
        ("İstanbul", "istanbul"),
        ("𝓕ancy ⑦", "fancy 7"),
        ('say "AND" or NEAR(x) *', '"and" near( *'),
        ("100%", "100%"),
    ],
)
def test_a_word_is_found_by_its_beginning_without_case_and_accents(
    store: Store, text: str, words: str
) -> None:
    keep(store, draft("something else"), draft(text))
    assert ids(store.page(None, words=words).messages) == [2]


@pytest.mark.parametrize("words", ["ven", "oven turns", "the-a", "zurn"])
def test_what_only_stands_inside_of_a_word_is_not_found(store: Store, words: str) -> None:
    keep(store, draft("turn on the oven"))
    assert store.page(None, words=words).messages == ()


@pytest.mark.parametrize("words", ["???", '"', "*", "-"])
def test_a_search_without_a_word_leaves_nothing_out(store: Store, words: str) -> None:
    keep(store, draft("hello"))
    assert ids(store.page(None, words=words).messages) == [1]


def test_what_is_private_is_not_found_by_others(store: Store) -> None:
    keep(store, draft("my secret", private_to=ANA))
    assert store.page(BOB, words="secret").messages == ()
    assert ids(store.page(ANA, words="secret").messages) == [1]


def test_what_has_a_mark_waits_from_the_moment_it_is_kept(store: Store, clock: FakeClock) -> None:
    [asked, _] = keep(store, draft(corr="c1"), draft())
    assert asked.delivery is Delivery.QUEUED
    [waiting] = store.waiting()
    assert (waiting.message_id, waiting.corr, waiting.member_id) == (1, "c1", ANA)
    assert waiting.since == clock.monotonic()


@pytest.mark.parametrize(
    ("after", "limit", "expected"),
    [(0, None, [1, 2, 4, 5]), (0, 3, [1, 2, 4]), (2, 1, [4]), (4, 9, [5]), (5, None, [])],
)
def test_what_waits_is_given_in_its_order_a_part_at_a_time(
    store: Store, after: int, limit: int | None, expected: list[int]
) -> None:
    keep(store, *(draft(corr=f"c{number}") for number in range(1, 6)))
    mark(store, 3, Delivery.SENDING)
    waiting = store.waiting(after=MessageId(after), limit=limit)
    assert [asked.message_id for asked in waiting] == expected


def test_it_is_found_by_its_mark_for_good(store: Store) -> None:
    keep(store, draft(corr="c1"))
    for delivery in (Delivery.SENDING, Delivery.SENT, Delivery.ANSWERED):
        mark(store, 1, delivery)
    found = asked_as(store, "c1")
    assert found is not None
    assert found.delivery is Delivery.ANSWERED
    assert asked_as(store, "c2") is None


def test_several_messages_are_numbered_in_their_order_in_one_step(store: Store) -> None:
    keep(store, draft("before", client_id="a"))
    appended = store.append_all(
        [draft("one"), draft("two", corr="c2"), draft("again", client_id="a"), draft("three")]
    )
    assert [each.is_new for each in appended] == [True, True, False, True]
    assert [each.message.id for each in appended] == [2, 3, 1, 4]
    assert [asked.message_id for asked in store.waiting()] == [3]
    assert store.page(None).messages[1:] == tuple(each.message for each in appended if each.is_new)


def test_several_messages_are_found_by_their_numbers(store: Store) -> None:
    one, two, _ = keep(store, draft("one"), draft("two"), draft("three"))
    assert store.get_all([two.id, one.id, BEYOND]) == {1: one, 2: two}


def test_several_utterances_are_found_by_their_marks(store: Store) -> None:
    keep(store, draft(corr="c1"), draft(corr="c2"))
    marks = [Correlation("c2"), Correlation("c1"), Correlation("c3")]
    found = store.find(marks)
    assert {corr: asked.message_id for corr, asked in found.items()} == {"c1": 1, "c2": 2}


def test_of_several_utterances_those_move_on_that_may(store: Store) -> None:
    keep(store, *(draft(corr=f"c{number}") for number in range(1, 5)))
    mark(store, 2, Delivery.SENDING)
    numbers = [MessageId(number) for number in (4, 2, 1, 9)]
    moved = store.mark(numbers, Delivery.SENDING, only_from={Delivery.QUEUED})
    assert [(each.id, each.delivery) for each in moved] == [(1, "sending"), (4, "sending")]
    assert [asked.message_id for asked in store.under_way()] == [1, 2, 4]
    assert [asked.message_id for asked in store.waiting()] == [3]


def test_it_goes_from_waiting_to_under_way_to_neither(store: Store) -> None:
    keep(store, draft(corr="c1"))
    mark(store, 1, Delivery.SENDING)
    assert (len(store.waiting()), len(store.under_way())) == (0, 1)
    mark(store, 1, Delivery.SENT)
    assert (len(store.waiting()), len(store.under_way())) == (0, 1)
    mark(store, 1, Delivery.ANSWERED)
    assert (len(store.waiting()), len(store.under_way())) == (0, 0)


def test_a_move_is_given_back_and_kept(store: Store) -> None:
    keep(store, draft(corr="c1"))
    moved = mark(store, 1, Delivery.SENDING)
    assert moved is not None
    assert moved.delivery is Delivery.SENDING
    assert store.get(MessageId(1)) == moved


def test_a_move_from_elsewhere_changes_nothing(store: Store) -> None:
    keep(store, draft(corr="c1"))
    assert mark(store, 1, Delivery.SENT) is None
    message = store.get(MessageId(1))
    assert message is not None
    assert message.delivery is Delivery.QUEUED


@pytest.mark.parametrize("number", [0, 2, 3, BEYOND])
def test_what_was_never_asked_does_not_move(store: Store, number: int) -> None:
    keep(store, draft(corr="c1"), draft())
    assert mark(store, number, Delivery.SENDING) is None


def test_of_many_threads_one_moves_it(store: Store) -> None:
    keep(store, draft(corr="c1"))
    together = threading.Barrier(20)
    moved = []

    def move() -> None:
        together.wait()
        moved.append(mark(store, 1, Delivery.SENDING))

    threads = [threading.Thread(target=move) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len([each for each in moved if each]) == 1


def test_the_answer_is_waited_for_from_when_it_was_sent(store: Store, clock: FakeClock) -> None:
    keep(store, draft(corr="c1"))
    asked_at = clock.monotonic()
    clock.advance(5)
    mark(store, 1, Delivery.SENDING)
    [sending] = store.under_way()
    clock.advance(5)
    mark(store, 1, Delivery.SENT)
    [sent] = store.under_way()
    assert (sending.since, sent.since) == (asked_at, asked_at + 10)


def test_what_is_put_back_waits_since_it_was_asked_and_in_its_old_place(
    store: Store, clock: FakeClock
) -> None:
    keep(store, draft(corr="c1"), draft(corr="c2"))
    asked_at = clock.monotonic()
    clock.advance(5)
    mark(store, 1, Delivery.SENDING)
    mark(store, 1, Delivery.QUEUED)
    assert [each.message_id for each in store.waiting()] == [1, 2]
    assert store.waiting()[0].since == asked_at


def test_the_latest_of_a_member_is_the_newest_that_is_under_way(store: Store) -> None:
    keep(
        store,
        draft(corr="c1"),
        draft(corr="c2"),
        draft(author=BOB, corr="c3"),
        draft(corr="c4"),
    )
    for number in (1, 2, 3):
        mark(store, number, Delivery.SENDING)
    latest = store.latest_of(ANA)
    assert latest is not None
    assert latest.corr == "c2"
    assert store.latest_of(MemberId("carla")) is None


def test_the_latest_of_a_member_of_whom_nothing_is_under_way_is_the_newest(
    store: Store,
) -> None:
    keep(store, draft(corr="c1"), draft(corr="c2"))
    for number in (1, 2):
        mark(store, number, Delivery.SENDING)
        mark(store, number, Delivery.ANSWERED)
    latest = store.latest_of(ANA)
    assert latest is not None
    assert latest.corr == "c2"
