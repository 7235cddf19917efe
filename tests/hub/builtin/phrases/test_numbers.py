from __future__ import annotations

import pytest

from hivemind_chatroom.hub.builtin.phrases.book import Phrasebooks
from hivemind_chatroom.hub.builtin.phrases.folding import fold
from hub.builtin.talk import LANGS, read_table

BOOKS = Phrasebooks()


def read_all(lang: str, text: str) -> list[float]:
    numbers = BOOKS.choose(lang).numbers
    return [number.value for number in numbers.read_all(fold(text).split())]


@pytest.mark.parametrize(
    ("lang", "text", "values"),
    [
        ("en", "twenty-one", [21]),
        ("en", "forty five and 6", [45, 6]),
        ("en", "a hundred", [100]),
        ("en", "half an hour", [0.5]),
        ("pt", "vinte e cinco", [25]),
        ("pt", "dezesseis, dezasseis", [16, 16]),
        ("pt", "meia hora", [0.5]),
        ("fr", "vingt et une", [21]),
        ("fr", "quatre-vingt-dix-sept", [97]),
        ("fr", "quatre vingts", [80]),
        ("fr", "soixante et onze, septante et un", [71, 71]),
        ("fr", "un quart d’heure", [0.25]),
        ("de", "einundzwanzig", [21]),
        ("de", "anderthalb Stunden", [1.5]),
        ("de", "eine halbe Stunde", [0.5]),
        ("es", "veintidós", [22]),
        ("es", "treinta y una", [31]),
        ("it", "ventotto, ventuno", [28, 21]),
        ("it", "mezz’ora", [0.5]),
        ("nl", "tweeëntwintig", [22]),
        ("nl", "anderhalf uur", [1.5]),
        ("ca", "vint-i-dues", [22]),
        ("gl", "vinte e dúas", [22]),
        ("da", "femoghalvtreds", [55]),
        ("da", "halvanden time", [1.5]),
        ("ar", "خمسة وعشرون", [25]),
        ("ar", "إحدى وعشرين", [21]),
        ("ar", "ثلاث عشرة", [13]),
        ("ar", "١٧ و٣", [17, 3]),
        ("ar", "نصف ساعة", [0.5]),
    ],
)
def test_numbers_are_read(lang: str, text: str, values: list[float]) -> None:
    assert read_all(lang, text) == values


@pytest.mark.parametrize("lang", LANGS)
def test_digits_are_read_in_every_language(lang: str) -> None:
    assert read_all(lang, "7 x 42 x 1.5") == [7, 42, 1.5]


@pytest.mark.parametrize("lang", LANGS)
def test_every_number_word_means_one_number(lang: str) -> None:
    """A word that stood for two numbers would be read as the later one."""
    rows = read_table(lang)["numbers"]["words"]

    assert len(rows) == 101
    for value, row in enumerate(rows):
        spelling = " ".join(word.split("|")[0] for word in row.split("/")[0].split())
        assert read_all(lang, spelling) == [value], spelling


def test_a_number_longer_than_any_use_is_no_number() -> None:
    assert read_all("en", "9" * 10) == []


@pytest.mark.parametrize(("lang", "one"), [("en", "one"), ("de", "eine"), ("da", "en")])
def test_the_word_for_one_may_be_an_article_and_the_digit_may_not(lang: str, one: str) -> None:
    numbers = BOOKS.choose(lang).numbers

    assert [number.is_article for number in numbers.read_all([one, "1", "2"])] == [
        True,
        False,
        False,
    ]
