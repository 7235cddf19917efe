from __future__ import annotations

import string
from importlib import resources
from typing import get_args

import pytest

from hivemind_chatroom.hub.builtin import phrases
from hivemind_chatroom.hub.builtin.phrases.book import (
    CountedPhrase,
    Phrase,
    Phrasebooks,
    Topic,
)
from hub.builtin.talk import LANGS, read_table

BOOKS = Phrasebooks()


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_all_languages_are_there() -> None:
    files = resources.files(phrases).iterdir()

    assert {file.name for file in files if file.name.endswith(".json")} == {
        f"{lang}.json" for lang in LANGS
    }


@pytest.mark.parametrize("lang", LANGS)
def test_every_table_is_complete(lang: str) -> None:
    ours = read_table(lang)

    assert set(ours["hear"]) == set(get_args(Topic))
    assert set(ours["say"]) == set(get_args(Phrase))
    assert set(ours["say_counted"]) == set(get_args(CountedPhrase))
    assert len(ours["calendar"]["weekdays"]) == 7
    assert len(ours["calendar"]["months"]) == 12
    assert len(ours["jokes"]) >= 3


@pytest.mark.parametrize("lang", LANGS)
def test_every_language_fills_in_the_same_things(lang: str) -> None:
    ours, english = read_table(lang)["say"], read_table("en")["say"]

    assert {name: fields(phrase) for name, phrase in ours.items()} == {
        name: fields(phrase) for name, phrase in english.items()
    }


@pytest.mark.parametrize("lang", LANGS)
def test_every_plural_form_is_there(lang: str) -> None:
    ours = read_table(lang)
    expected = {"one", "two", "few", "many", "other"} if lang == "ar" else {"one", "other"}

    counted = [ours["durations"][unit] for unit in ("hours", "minutes", "seconds")]
    counted += ours["say_counted"].values()
    assert all(set(forms) == expected for forms in counted)


@pytest.mark.parametrize("lang", LANGS)
def test_every_hour_belongs_to_a_part_of_the_day(lang: str) -> None:
    starts = [start for start, _ in read_table(lang)["calendar"]["day_periods"]]

    assert starts == sorted(starts)
    assert starts[0] == 0


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("pt-BR", "pt"),
        ("pt_PT", "pt"),
        ("DE", "de"),
        ("zh-Hant", "en"),
        ("", "en"),
        ("../de", "en"),
    ],
)
def test_a_tag_finds_its_language_or_english(tag: str, lang: str) -> None:
    assert BOOKS.choose(tag).lang == lang
