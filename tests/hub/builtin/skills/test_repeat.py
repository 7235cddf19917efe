from __future__ import annotations

import pytest

from hivemind_chatroom.hub.builtin.skills.repeat import SESSIONS_MAX
from hub.builtin.talk import Talk, read_table

SAY_AGAIN = [
    ("en", "Say that again, please"),
    ("pt", "Repete, por favor"),
    ("fr", "Pouvez-vous répéter ?"),
    ("de", "Wie bitte?"),
    ("es", "¿Puedes repetir?"),
    ("it", "Ripeti, per favore"),
    ("nl", "Zeg dat nog eens"),
    ("ca", "Repeteix"),
    ("gl", "Repite"),
    ("da", "Sig det igen"),
    ("ar", "كرّر من فضلك"),
]


@pytest.mark.parametrize(("lang", "question"), SAY_AGAIN)
def test_it_says_the_last_answer_again(lang: str, question: str) -> None:
    talk = Talk(lang)
    first = talk.hear("xyz")

    assert talk.hear(question) == first
    assert talk.hear(question) == first


@pytest.mark.parametrize(("lang", "question"), SAY_AGAIN)
def test_it_admits_that_it_has_said_nothing(lang: str, question: str) -> None:
    assert Talk(lang).hear(question) == read_table(lang)["say"]["repeat_nothing"]


def test_everybody_hears_their_own_last_answer() -> None:
    talk = Talk("en")
    talk.hear("what time is it", session="ana")
    talk.hear("thanks", session="rui")

    assert talk.hear("repeat", session="ana") == "It is 20:14."


def test_a_question_repeated_is_still_a_question() -> None:
    talk = Talk("en")
    talk.ask("let's play guess the number")

    assert talk.ask("say that again").expects_reply


def test_a_tune_is_not_played_again() -> None:
    talk = Talk("en")
    talk.ask("play a tune")

    assert talk.ask("repeat").media is None


def test_it_forgets_after_an_hour() -> None:
    talk = Talk("en")
    talk.hear("what time is it")
    talk.wait(minutes=61)

    assert talk.hear("repeat") == "I have not said anything to you yet."


def test_it_forgets_who_asked_longest_ago() -> None:
    talk = Talk("en")
    for number in range(SESSIONS_MAX + 1):
        talk.hear("what time is it", session=f"member {number}")

    assert talk.hear("repeat", session="member 0") == "I have not said anything to you yet."
    assert talk.hear("repeat", session="member 2") == "It is 20:14."


@pytest.mark.parametrize(("lang", "question"), SAY_AGAIN)
def test_what_was_said_in_private_is_not_said_again_to_all(lang: str, question: str) -> None:
    talk = Talk(lang)
    talk.whisper("xyz")

    assert talk.hear(question) == read_table(lang)["say"]["repeat_nothing"]


def test_what_all_have_read_is_said_again_although_something_private_came_after_it() -> None:
    talk = Talk("en")
    talk.hear("what time is it")
    talk.wait(minutes=1)
    talk.whisper("set a timer for 5 minutes")

    assert talk.hear("say that again") == "It is 20:14."


def test_in_private_the_last_answer_is_said_again_whoever_has_read_it() -> None:
    talk = Talk("en")
    talk.whisper("set a timer for 5 minutes")
    assert "5 minutes" in talk.whisper("say that again")
    talk.wait(minutes=1)
    talk.hear("what time is it")

    assert talk.whisper("say that again") == "It is 20:15."
