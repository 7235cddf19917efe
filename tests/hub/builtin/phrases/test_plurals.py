from __future__ import annotations

import pytest

from hivemind_chatroom.hub.builtin.phrases.plurals import plural_form


@pytest.mark.parametrize("lang", ["en", "pt", "fr", "de", "es", "it", "nl", "ca", "gl", "da"])
def test_most_languages_know_one_and_many(lang: str) -> None:
    assert [plural_form(lang, number) for number in (1, 2, 11, 100)] == ["one", *["other"] * 3]


@pytest.mark.parametrize(
    ("number", "form"),
    [
        (1, "one"),
        (2, "two"),
        (3, "few"),
        (10, "few"),
        (11, "many"),
        (99, "many"),
        (100, "other"),
        (102, "other"),
        (103, "few"),
        (111, "many"),
    ],
)
def test_arabic_knows_five(number: int, form: str) -> None:
    assert plural_form("ar", number) == form
