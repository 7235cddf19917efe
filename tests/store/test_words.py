from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hivemind_chatroom.store.words import folded_words


def test_case_accents_and_punctuation_do_not_count() -> None:
    assert folded_words("  Où est-ce, l'ÉTÉ ?  ") == ["ou", "est", "ce", "l", "ete"]


@given(st.text())
def test_folded_words_are_folded_already(text: str) -> None:
    words = folded_words(text)
    assert folded_words(" ".join(words)) == words


@given(st.text())
def test_a_word_has_nothing_that_the_index_would_split_at(text: str) -> None:
    for word in folded_words(text):
        assert all(c.isalnum() or not c.isascii() for c in word)
