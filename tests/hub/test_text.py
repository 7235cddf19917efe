from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivemind_chatroom.hub.text import clean


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("olá\n\tmundo", "olá\n\tmundo"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("  a  ", "a"),
        ("\x00\x07\x1b\x7f\x85", ""),
        ("\ud800a", "a"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        (None, ""),
        (5, ""),
        (["a"], ""),
    ],
)
def test_text_is_made_fit_to_show(value: object, text: str) -> None:
    assert clean(value, 100) == text


@given(st.text(st.characters()), st.integers(1, 50))
def test_any_text_can_be_kept_and_is_no_longer_than_it_may_be(value: str, length: int) -> None:
    text = clean(value, length)
    text.encode()
    assert len(text) <= length
    assert clean(text, length) == text
