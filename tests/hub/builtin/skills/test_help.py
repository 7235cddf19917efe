from __future__ import annotations

import re

import pytest

from hub.builtin.talk import LANGS, Talk, read_table

QUESTIONS = [
    ("en", "What can you do?"),
    ("en", "who are you"),
    ("en", "help"),
    ("pt", "O que sabe fazer?"),
    ("pt", "o que você pode fazer"),
    ("pt", "ajuda"),
    ("fr", "Que savez-vous faire ?"),
    ("fr", "qu’est-ce que je peux te demander"),
    ("de", "Was kannst du?"),
    ("de", "wer bist du"),
    ("es", "¿Qué sabes hacer?"),
    ("es", "quién eres"),
    ("it", "Che cosa sai fare?"),
    ("nl", "Wat kun je?"),
    ("ca", "Què saps fer?"),
    ("gl", "Que sabes facer?"),
    ("da", "Hvad kan du?"),
    ("ar", "ماذا تستطيع أن تفعل؟"),
    ("ar", "من أنت"),
]


@pytest.mark.parametrize(("lang", "question"), QUESTIONS)
def test_it_says_what_it_can_do(lang: str, question: str) -> None:
    assert Talk(lang).hear(question) == read_table(lang)["say"]["help"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("text", ["qwertz", "", "?!", "🙂", "a" * 5_000])
def test_it_admits_what_it_can_not(lang: str, text: str) -> None:
    said = Talk(lang).hear(text)

    assert said == read_table(lang)["say"]["fallback"]
    assert "HiveMind" not in said  # a visitor can connect none


@pytest.mark.parametrize("lang", LANGS)
def test_it_admits_so_once_and_then_leaves_the_family_to_its_talk(lang: str) -> None:
    talk = Talk(lang)

    assert talk.hear("xyz")
    assert talk.hear("xyz") == ""
    assert talk.hear("zyx") == ""
    assert talk.hear("xyz", session="rui") == read_table(lang)["say"]["fallback"]


def test_it_admits_so_again_on_another_day() -> None:
    talk = Talk("en")
    talk.hear("xyz")
    talk.wait(hours=13)

    assert "small assistant" in talk.hear("xyz")


def test_whoever_was_told_in_private_is_told_before_all_as_well() -> None:
    talk = Talk("en")

    assert "small assistant" in talk.whisper("xyz")
    assert "small assistant" in talk.hear("xyz")
    assert talk.whisper("xyz") == ""


def quoted(phrase: str) -> list[str]:
    """Find what stands in quotation marks, of whatever language."""
    return re.findall("[“„«»‘]([^“”„«»‘’]+)[”“»«’]", phrase)


@pytest.mark.parametrize("lang", LANGS)
def test_what_the_greeting_proposes_to_ask_is_understood(lang: str) -> None:
    say = read_table(lang)["say"]
    [question] = quoted(say["greeting"])

    assert Talk(lang).hear(question) == say["help"]


@pytest.mark.parametrize("lang", LANGS)
def test_what_the_help_proposes_is_understood(lang: str) -> None:
    *_, time, timer = quoted(read_table(lang)["say"]["help"])
    talk = Talk(lang)

    assert "14" in talk.hear(time)
    talk.ask(timer)
    assert [alarm.delay_s for alarm in talk.alarms.promised] == [300]
