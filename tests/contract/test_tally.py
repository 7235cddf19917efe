"""What every store promises of its tally: `MessageLog.tally`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from contract.stores import ANA, BOB, draft, keep, mark
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.room.model import ASSISTANT, Delivery, Kind, MessageId
from hivemind_chatroom.room.ports import Store
from hivemind_chatroom.room.tally import Question, Spoken, Tally

SECOND = timedelta(seconds=1)


def end(store: Store, number: int, delivery: Delivery) -> None:
    for step in (Delivery.SENDING, Delivery.SENT, delivery):
        mark(store, number, step)


def test_of_nothing_there_is_nothing_to_tell(store: Store) -> None:
    assert store.tally(STARTED_AT) == Tally()


def test_who_spoke_is_told_whoever_may_see_it(store: Store) -> None:
    said = [draft(), draft(author=BOB, private_to=BOB), draft()]
    keep(store, *said)
    spoken = store.tally(STARTED_AT).spoken
    assert spoken == tuple(Spoken(by, STARTED_AT) for by in (ANA, BOB, ANA))


def test_a_question_is_told_with_how_it_ended_and_when_its_answer_was_complete(
    store: Store, clock: FakeClock
) -> None:
    for corr in ("a", "b", "c"):
        keep(store, replace(draft(corr=corr), sent_at=clock.now()))
        clock.advance(1)
    answer = replace(draft(), kind=Kind.ASSISTANT, author=ASSISTANT, in_reply_to=MessageId(1))
    ends = [STARTED_AT + 4 * SECOND, STARTED_AT + 5 * SECOND]
    keep(store, *(replace(answer, sent_at=at) for at in ends))
    end(store, 1, Delivery.ANSWERED)
    end(store, 2, Delivery.UNMATCHED)
    first, second, third = store.tally(STARTED_AT).questions
    assert first == Question(STARTED_AT, is_answered=True, answered_at=ends[1])
    assert (second.is_answered, second.answered_at) == (False, None)
    assert (third.is_answered, third.answered_at) == (False, None)
    assert (second.asked_at, third.asked_at) == (STARTED_AT + SECOND, STARTED_AT + 2 * SECOND)
    assert len(store.tally(STARTED_AT).spoken) == 3


def test_what_was_sent_before_the_moment_is_left_out(store: Store) -> None:
    keep(store, draft(corr="a"), replace(draft(corr="b"), sent_at=STARTED_AT + SECOND))
    for since, left in ((STARTED_AT, 2), (STARTED_AT + SECOND, 1), (STARTED_AT + 2 * SECOND, 0)):
        tally = store.tally(since)
        assert (len(tally.spoken), len(tally.questions)) == (left, left)


def test_what_was_removed_is_left_out(store: Store) -> None:
    keep(store, draft(corr="a"), draft(author=BOB))
    store.remove(MessageId(1))
    assert store.tally(STARTED_AT) == Tally((Spoken(BOB, STARTED_AT),))
