"""Text from outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivemind_chatroom.room.text import clean_text, encodable

ANY_TEXT = st.text(st.characters(codec=None), max_size=50)
"""Halves of surrogate pairs included."""


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("olá\n\tmundo", "olá\n\tmundo"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("  a  ", "a"),
        ("\x00\x07\x1b\x7f\x85", ""),
        ("\ud800a\udfff", "a"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_text_is_made_fit_to_show(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


@given(ANY_TEXT)
def test_clean_text_can_be_kept_and_is_clean_already(raw: str) -> None:
    cleaned = clean_text(raw)
    cleaned.encode()
    assert clean_text(cleaned) == cleaned


@given(ANY_TEXT)
def test_every_text_can_be_kept_with_a_sign_for_each_half_of_a_pair(raw: str) -> None:
    whole = encodable(raw)
    whole.encode()
    assert len(whole) == len(raw)
    assert all(kept in {was, "\ufffd"} for was, kept in zip(raw, whole, strict=True))


def test_what_is_no_half_stays_as_it_came() -> None:
    assert encodable(" a\x00😀\r\n") == " a\x00😀\r\n"
