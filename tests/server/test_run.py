from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivemind_chatroom.server.run import (
    SPAN_BYTES,
    Mark,
    Piece,
    Run,
    heard_by,
    joined,
    position_after,
)

AUDIENCES = st.sampled_from([None, "ana", "ben"])
CHUNKS = st.lists(st.tuples(st.binary(min_size=1, max_size=40), AUDIENCES), max_size=30)


def run_of(*chunks: tuple[bytes, str | None]) -> Run:
    run = Run(last_id=0)
    for chunk, audience in chunks:
        run.append(chunk, audience, None)
    return run


def test_a_mark_counts_every_byte_and_the_highest_number() -> None:
    run = Run(last_id=7)
    assert run.mark() == Mark(0, 7)
    run.append(b"shared", None, 8)
    run.append(b"own", "ana", 9)
    run.append(b"update of an old one", None, None)
    assert run.mark() == Mark(29, 9)


def test_a_number_that_is_not_higher_does_not_take_the_mark_back() -> None:
    run = Run(last_id=7)
    run.append(b"late", None, 5)
    assert run.mark().last_id == 7


def test_neighbours_for_the_same_ears_are_one_piece() -> None:
    run = run_of((b"a", None), (b"b", None), (b"c", "ana"), (b"d", "ana"), (b"e", None))
    assert run.between(0, 5) == [
        Piece(0, None, b"ab"),
        Piece(2, "ana", b"cd"),
        Piece(4, None, b"e"),
    ]


def test_a_piece_may_begin_and_end_inside_a_chunk() -> None:
    run = run_of((b"0123456789", None))
    assert run.between(3, 6) == [Piece(3, None, b"345")]
    assert run.between(3, 99)[-1].end == 10
    assert run.between(10, 99) == []


def test_the_past_is_forgotten_up_to_what_somebody_still_needs() -> None:
    run = Run(last_id=0)
    for letter in b"abc":
        run.append(bytes([letter]) * SPAN_BYTES, None, None)
    run.forget(before=SPAN_BYTES + 1)
    assert joined(run.between(SPAN_BYTES + 1, SPAN_BYTES + 3)) == b"bb"
    assert not joined(run.between(0, SPAN_BYTES))
    run.forget(before=3 * SPAN_BYTES)
    assert run.between(0, 3 * SPAN_BYTES) == []
    run.append(b"on", None, None)
    assert joined(run.between(3 * SPAN_BYTES, run.end)) == b"on"


@given(CHUNKS, st.data())
def test_any_part_is_what_was_published_there_for_those_ears(
    chunks: list[tuple[bytes, str | None]], data: st.DataObject
) -> None:
    run = run_of(*chunks)
    every = [(byte, audience) for chunk, audience in chunks for byte in chunk]
    start = data.draw(st.integers(0, len(every)))
    stop = data.draw(st.integers(start, len(every)))
    listener = data.draw(AUDIENCES)
    expected = bytes(byte for byte, ears in every[start:stop] if ears in {None, listener})
    assert joined(heard_by(listener, run.between(start, stop))) == expected


@given(CHUNKS, st.data())
def test_a_send_that_was_cut_short_goes_on_where_it_stopped(
    chunks: list[tuple[bytes, str | None]], data: st.DataObject
) -> None:
    run = run_of(*chunks)
    pieces = heard_by("ana", run.between(0, run.end))
    whole = joined(pieces)
    sent = data.draw(st.integers(0, len(whole)))
    position = position_after(pieces, sent, otherwise=run.end)
    rest = joined(heard_by("ana", run.between(position, run.end)))
    assert whole[:sent] + rest == whole


@pytest.mark.parametrize("listener", [None, "ben"])
def test_nobody_hears_what_is_for_somebody_else(listener: str | None) -> None:
    run = run_of((b"for all ", None), (b"for ana ", "ana"), (b"for all", None))
    assert joined(heard_by(listener, run.between(0, run.end))) == b"for all for all"
