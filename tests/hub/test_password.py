from __future__ import annotations

import pytest

from hivemind_chatroom.hub.password import is_weak


@pytest.mark.parametrize("password", ["", "abc", "password123", "family room"])
def test_a_password_that_is_soon_guessed_is_weak(password: str) -> None:
    assert is_weak(password)


@pytest.mark.parametrize(
    "password", ["e2922e99757ac87f77b4bbec731d6b8c", "correct horse battery staple"]
)
def test_a_password_that_hubs_make_or_a_long_one_is_not(password: str) -> None:
    assert not is_weak(password)
