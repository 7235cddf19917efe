"""What every store promises of what is removed, asked again, or too old."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from contract.stores import ANA, asked_as, draft, ids, keep, mark, purge
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.room.delivery import MAY_BE_ASKED_AGAIN
from hivemind_chatroom.room.model import Correlation, Delivery, Draft, MessageId
from hivemind_chatroom.room.ports import Store

LONG_AGO = STARTED_AT - timedelta(days=1000)


def sent_days_ago(days: int, text: str = "hi") -> Draft:
    return replace(draft(text), sent_at=STARTED_AT - timedelta(days=days))


def test_a_removed_message_is_nowhere_and_its_number_stays_taken(store: Store) -> None:
    keep(store, draft("one"), draft("the secret"), draft("three"))
    removed = store.remove(MessageId(2))
    assert removed is not None
    assert removed.draft.text == "the secret"
    assert store.get(MessageId(2)) is None
    assert ids(store.page(None).messages) == [1, 3]
    assert ids(store.page(None, after=MessageId(1)).messages) == [3]
    assert ids(store.page(None, before=MessageId(3)).messages) == [1]
    assert store.page(None, words="secret").messages == ()
    assert (store.first_id(), store.last_id()) == (1, 3)
    assert keep(store, draft())[0].id == 4


@pytest.mark.parametrize("number", [0, 1, 3, 10**30])
def test_what_is_not_there_is_not_removed(store: Store, number: int) -> None:
    keep(store, draft(), draft())
    store.remove(MessageId(1))
    assert store.remove(MessageId(number)) is None
    assert ids(store.page(None).messages) == [2]


@pytest.mark.parametrize("steps", [(), (Delivery.SENDING,), (Delivery.SENDING, Delivery.SENT)])
def test_what_a_removed_message_asked_goes_nowhere_and_is_still_known(
    store: Store, steps: tuple[Delivery, ...]
) -> None:
    keep(store, draft(corr="c1"))
    for step in steps:
        mark(store, 1, step)
    store.remove(MessageId(1))
    assert (list(store.waiting()), list(store.under_way())) == ([], [])
    assert mark(store, 1, Delivery.SENDING) is None
    found = asked_as(store, "c1")
    assert found is not None
    assert (found.message_id, found.member_id) == (1, ANA)
    assert store.latest_of(ANA) == found


def again(store: Store, number: int, corr: str) -> Delivery | None:
    moved = store.ask_again(MessageId(number), Correlation(corr), only_from=MAY_BE_ASKED_AGAIN)
    if moved is not None:
        assert moved.draft.corr == corr
        assert store.get(MessageId(number)) == moved
    return moved.delivery if moved else None


def test_what_is_asked_again_waits_anew_in_its_old_place(store: Store, clock: FakeClock) -> None:
    keep(store, draft(corr="c1"), draft(corr="c2"))
    mark(store, 1, Delivery.SENDING)
    mark(store, 1, Delivery.UNCONFIRMED)
    clock.advance(60)
    assert again(store, 1, "c3") is Delivery.QUEUED
    waiting = store.waiting()
    assert [each.corr for each in waiting] == ["c3", "c2"]
    assert waiting[0].since == clock.monotonic()


def test_what_is_asked_again_is_found_by_all_its_marks(store: Store) -> None:
    keep(store, draft(corr="c1"))
    mark(store, 1, Delivery.EXPIRED)
    again(store, 1, "c2")
    for corr in ("c1", "c2"):
        found = asked_as(store, corr)
        assert found is not None
        assert (found.message_id, found.corr) == (1, "c2")


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (Delivery.SENDING,),
        (Delivery.SENDING, Delivery.SENT),
        (Delivery.SENDING, Delivery.SENT, Delivery.ANSWERED),
    ],
)
def test_what_waits_or_has_its_end_is_not_asked_again(
    store: Store, steps: tuple[Delivery, ...]
) -> None:
    keep(store, draft(corr="c1"))
    for step in steps:
        mark(store, 1, step)
    assert again(store, 1, "c2") is None
    assert asked_as(store, "c2") is None


def test_what_was_never_asked_or_is_gone_is_not_asked_again(store: Store) -> None:
    keep(store, draft(), draft(corr="c1"))
    mark(store, 2, Delivery.EXPIRED)
    store.remove(MessageId(2))
    assert [again(store, number, "c2") for number in (1, 2, 3)] == [None, None, None]


def test_what_is_old_is_purged(store: Store) -> None:
    keep(store, *(sent_days_ago(days) for days in (40, 31, 29, 0)))
    assert purge(store, sent_before=STARTED_AT - timedelta(days=30), most=100) == 2
    assert ids(store.page(None).messages) == [3, 4]
    assert (store.first_id(), store.last_id()) == (3, 4)


def test_all_but_the_newest_are_purged(store: Store) -> None:
    keep(store, *(draft(f"number {number}", client_id=str(number)) for number in range(10)))
    assert purge(store, sent_before=LONG_AGO, most=3) == 7
    assert ids(store.page(None).messages) == [8, 9, 10]
    assert ids(store.page(None, words="number").messages) == [8, 9, 10]
    assert store.first_id() == 8


def test_an_empty_room_goes_on_counting(store: Store) -> None:
    keep(store, draft(), draft())
    assert purge(store, sent_before=LONG_AGO, most=0) == 2
    assert (store.first_id(), store.last_id()) == (3, 2)
    assert keep(store, draft())[0].id == 3


def test_where_nothing_is_old_nothing_changes(store: Store) -> None:
    keep(store, draft(), draft())
    assert purge(store, sent_before=STARTED_AT, most=2) == 0
    assert (len(store.page(None).messages), store.first_id()) == (2, 1)


def test_one_message_of_a_wrong_day_does_not_keep_the_old_ones(store: Store) -> None:
    keep(store, sent_days_ago(-1000), sent_days_ago(40), sent_days_ago(0))
    assert purge(store, sent_before=STARTED_AT - timedelta(days=30), most=100) == 1
    assert ids(store.page(None).messages) == [1, 3]


def test_what_purged_messages_asked_is_forgotten(store: Store) -> None:
    keep(store, draft(corr="c1"), draft(corr="c2"))
    purge(store, sent_before=LONG_AGO, most=1)
    assert asked_as(store, "c1") is None
    assert [each.corr for each in store.waiting()] == ["c2"]
    purge(store, sent_before=LONG_AGO, most=0)
    assert store.latest_of(ANA) is None
    assert list(store.waiting()) == []


def test_all_up_to_a_number_goes_and_what_came_after_it_stays(store: Store) -> None:
    keep(store, *(draft(f"line {number}") for number in range(5)))
    is_more = True
    while is_more:
        purged = store.purge(sent_before=LONG_AGO, most=100, through=MessageId(3))
        is_more = purged.is_more
    assert ids(store.page(None).messages) == [4, 5]
    assert store.first_id() == 4


def test_where_nothing_was_set_aside_there_are_no_copies_to_forget(store: Store) -> None:
    keep(store, draft())
    store.forget_copies()
    assert ids(store.page(None).messages) == [1]
