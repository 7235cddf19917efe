"""Which delivery state may follow which."""

from __future__ import annotations

import pytest

from hivemind_chatroom.room.delivery import MAY_PRECEDE
from hivemind_chatroom.room.model import Delivery

ENDS = {
    Delivery.ANSWERED,
    Delivery.UNMATCHED,
    Delivery.REFUSED,
    Delivery.UNANSWERED,
    Delivery.UNCONFIRMED,
    Delivery.EXPIRED,
}


def followers_of(delivery: Delivery) -> set[Delivery]:
    return {after for after, before in MAY_PRECEDE.items() if delivery in before}


def test_every_state_can_be_reached() -> None:
    reached = {Delivery.QUEUED}
    while new := {after for each in reached for after in followers_of(each)} - reached:
        reached |= new
    assert reached == set(Delivery)


@pytest.mark.parametrize("delivery", [each for each in Delivery if each not in ENDS])
def test_from_every_state_on_the_way_an_end_can_be_reached(delivery: Delivery) -> None:
    reached = {delivery}
    while new := {after for each in reached for after in followers_of(each)} - reached:
        reached |= new
    assert reached & ENDS


@pytest.mark.parametrize("delivery", [each for each in Delivery if each in ENDS])
def test_what_has_ended_never_goes_out_again(delivery: Delivery) -> None:
    assert followers_of(delivery).isdisjoint({Delivery.QUEUED, Delivery.SENDING, Delivery.SENT})


@pytest.mark.parametrize(
    "delivery", [Delivery.ANSWERED, Delivery.UNMATCHED, Delivery.REFUSED, Delivery.EXPIRED]
)
def test_the_hubs_word_and_an_expiry_are_final(delivery: Delivery) -> None:
    assert not followers_of(delivery)


@pytest.mark.parametrize("delivery", [Delivery.UNANSWERED, Delivery.UNCONFIRMED])
def test_a_late_answer_still_counts(delivery: Delivery) -> None:
    assert followers_of(delivery) == {Delivery.ANSWERED, Delivery.UNMATCHED, Delivery.REFUSED}


def test_only_what_no_byte_has_left_of_may_be_queued_again() -> None:
    assert MAY_PRECEDE[Delivery.QUEUED] == {Delivery.SENDING}


def test_only_what_never_left_expires() -> None:
    assert MAY_PRECEDE[Delivery.EXPIRED] == {Delivery.QUEUED}
