"""How fast is too fast."""

from __future__ import annotations

import contextlib

import pytest

from fakes import FakeClock
from hivemind_chatroom.errors import TooFastError
from hivemind_chatroom.room import limits
from hivemind_chatroom.room.limits import JOIN_RATE, Rate, TokenBuckets

RATE = Rate(per_second=2, burst=3)


@pytest.fixture
def buckets(clock: FakeClock) -> TokenBuckets:
    return TokenBuckets(RATE, clock)


def spend_all(buckets: TokenBuckets, key: str) -> None:
    for _ in range(RATE.burst):
        buckets.take(key)


def test_a_burst_passes_and_the_next_one_does_not(buckets: TokenBuckets) -> None:
    spend_all(buckets, "ana")
    with pytest.raises(TooFastError):
        buckets.take("ana")


def test_the_wait_is_how_long_the_next_token_takes(buckets: TokenBuckets, clock: FakeClock) -> None:
    spend_all(buckets, "ana")
    clock.advance(0.1)
    with pytest.raises(TooFastError) as refusal:
        buckets.take("ana")
    assert refusal.value.retry_after_s == pytest.approx(0.4)


def test_after_the_wait_one_passes_and_no_more(buckets: TokenBuckets, clock: FakeClock) -> None:
    spend_all(buckets, "ana")
    clock.advance(0.5)
    buckets.take("ana")
    with pytest.raises(TooFastError):
        buckets.take("ana")


def test_a_long_silence_fills_a_bucket_to_its_brim_only(
    buckets: TokenBuckets, clock: FakeClock
) -> None:
    spend_all(buckets, "ana")
    clock.advance(3_600)
    spend_all(buckets, "ana")
    with pytest.raises(TooFastError):
        buckets.take("ana")


def test_each_key_has_a_bucket_of_its_own(buckets: TokenBuckets) -> None:
    spend_all(buckets, "ana")
    buckets.take("bob")


def test_a_refusal_costs_nothing(buckets: TokenBuckets, clock: FakeClock) -> None:
    spend_all(buckets, "ana")
    for _ in range(10):
        with pytest.raises(TooFastError):
            buckets.take("ana")
    clock.advance(0.5)
    buckets.take("ana")


def test_a_wall_clock_set_back_changes_nothing(buckets: TokenBuckets, clock: FakeClock) -> None:
    spend_all(buckets, "ana")
    clock.set_back(172_800)
    clock.advance(0.5)
    buckets.take("ana")


def test_only_so_many_keys_are_remembered_and_the_oldest_is_forgotten(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BUCKETS_MAX", 2)
    buckets = TokenBuckets(RATE, clock)
    spend_all(buckets, "ana")
    spend_all(buckets, "bob")
    buckets.take("carla")
    buckets.take("ana")  # forgotten, and so at its brim
    with pytest.raises(TooFastError):
        spend_all(buckets, "carla")


def test_what_is_given_can_be_taken_and_no_bucket_holds_more_than_a_burst(
    buckets: TokenBuckets,
) -> None:
    spend_all(buckets, "ana")
    assert not buckets.allows("ana")
    buckets.give("ana", 1)
    assert [buckets.allows("ana") for _ in range(2)] == [True, False]
    buckets.give("ana", 100)
    assert sum(buckets.allows("ana") for _ in range(100)) == RATE.burst


def test_a_class_comes_at_once_and_a_script_does_not_fill_the_room(clock: FakeClock) -> None:
    joins = TokenBuckets(JOIN_RATE, clock)
    let_in_at: list[float] = []
    begun = clock.monotonic()
    while (after_s := clock.monotonic() - begun) < 60:
        for _ in range(100):
            with contextlib.suppress(TooFastError):
                joins.take("one address")
                let_in_at.append(after_s)
        clock.advance(1)
    assert let_in_at[:60] == [0.0] * 60
    assert len(let_in_at) < 100
