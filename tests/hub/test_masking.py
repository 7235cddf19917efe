from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hivemind_chatroom.hub.masking import masked
from hivemind_chatroom.room.operating import FoundSecret


def test_a_long_secret_shows_its_first_four_and_its_last_two_letters() -> None:
    secret = "83ecfd380a6bfae67a236e3b398726cc"
    assert masked(secret) == FoundSecret(is_found=True, masked="83ec••••••cc")


def test_a_short_secret_shows_nothing_not_even_its_length() -> None:
    assert masked("a").masked == masked("correct horse").masked == "••••••"


def test_no_secret_is_none() -> None:
    assert masked("") == FoundSecret()


@given(st.text(min_size=1))
def test_most_of_a_secret_stays_hidden(secret: str) -> None:
    shown = masked(secret).masked.replace("•", "")
    assert len(shown) <= 6
    assert len(shown) * 2 < len(secret)
