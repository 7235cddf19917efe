from __future__ import annotations

import pytest

from hivemind_chatroom.hub.builtin.assistant import COMMAND_MAX
from hub.builtin.talk import LANGS, Talk, read_table


@pytest.mark.parametrize("lang", LANGS)
def test_every_language_answers_in_itself(lang: str) -> None:
    answer = Talk(lang).ask("xyz")

    assert answer.lang == lang
    assert answer.lines == (read_table(lang)["say"]["fallback"],)


@pytest.mark.parametrize(
    ("tag", "spoken"), [("pt-BR", "pt-BR"), ("de-AT", "de-AT"), ("ja", "en"), ("ja-JP", "en")]
)
def test_an_answer_says_which_language_it_is_in(tag: str, spoken: str) -> None:
    assert Talk(tag).ask("xyz").lang == spoken


def test_members_of_one_room_are_answered_each_in_their_language() -> None:
    talk = Talk()

    assert talk.ask("que horas são", lang="pt", session="ana").lines == ("São 20:14.",)
    assert talk.ask("wie spät ist es", lang="de", session="rui").lines == ("Es ist 20:14 Uhr.",)
    assert talk.ask("what time is it", lang="ja", session="eva").lines == ("It is 20:14.",)


def test_a_long_text_is_no_command() -> None:
    command = "what time is it"
    text = command + " " * (COMMAND_MAX - len(command))

    assert Talk().hear(text) == "It is 20:14."
    assert "small assistant" in Talk().hear(text + " ")


@pytest.mark.parametrize("lang", LANGS)
def test_every_text_is_answered(lang: str) -> None:
    talk = Talk(lang)
    for text in (
        "\0",
        "\n\n",
        "\ud800",
        "\u202e\u202d",
        "٪",
        "=",
        "!",
        "..",
        "{duration}",
        "9" * 200,
    ):
        assert all(talk.ask(text, session=text).lines)
