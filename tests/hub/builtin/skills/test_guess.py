from __future__ import annotations

import pytest

from hivemind_chatroom.hub.builtin.skills.guess import GAMES_MAX
from hub.builtin.talk import LANGS, Talk

GAMES = [
    ("en", ("Let's play guess the number", "fifty", "is it 40?", "forty-two", "stop")),
    ("pt", ("Vamos jogar adivinhar o número", "cinquenta", "40", "é o quarenta e dois", "parar")),
    (
        "fr",
        ("On joue à deviner un nombre ?", "cinquante", "c’est le 40 ?", "quarante-deux", "stop"),
    ),
    ("de", ("Spiel Zahlenraten mit mir", "fünfzig", "ist es 40?", "zweiundvierzig", "Stopp")),
    ("es", ("Juguemos a adivinar el número", "cincuenta", "¿es el 40?", "cuarenta y dos", "para")),
    ("it", ("Giochiamo a indovinare il numero", "cinquanta", "è il 40?", "quarantadue", "basta")),
    ("nl", ("Raad het getal", "vijftig", "is het 40?", "tweeënveertig", "stop")),
    ("ca", ("Juguem a endevinar el número", "cinquanta", "és el 40?", "quaranta-dos", "prou")),
    ("gl", ("Xoguemos a adiviñar o número", "cincuenta", "é o 40?", "corenta e dous", "para")),
    ("da", ("Lad os lege gæt et tal", "halvtreds", "er det 40?", "toogfyrre", "stop")),
    ("ar", ("العب معي لعبة تخمين الرقم", "خمسون", "هل هو ٤٠؟", "اثنان وأربعون", "توقف")),
]


def test_the_game_is_known_in_every_language() -> None:
    assert {lang for lang, *_ in GAMES} == set(LANGS)


@pytest.mark.parametrize(("lang", "turns"), GAMES)
def test_a_game_is_won(lang: str, turns: tuple[str, ...]) -> None:
    talk = Talk(lang)
    *playing, stop = turns

    begin, too_high, too_low, won = (talk.ask(text) for text in playing)

    assert "100" in begin.lines[0]
    assert [begin.expects_reply, too_high.expects_reply, too_low.expects_reply] == [True] * 3
    assert "50" in too_high.lines[0]
    assert "40" in too_low.lines[0]
    assert too_high.lines[0].replace("50", "40") != too_low.lines[0]
    assert "42" in won.lines[0]
    assert "3" in won.lines[0]
    assert not won.expects_reply
    assert talk.hear(stop) == Talk(lang).hear(stop), "the game is over"


@pytest.mark.parametrize(("lang", "turns"), GAMES)
def test_a_game_is_stopped(lang: str, turns: tuple[str, ...]) -> None:
    talk = Talk(lang)
    talk.ask(turns[0])

    stopped = talk.ask(turns[-1])

    assert "42" in stopped.lines[0]
    assert not stopped.expects_reply


@pytest.mark.parametrize(
    ("lang", "start", "won"),
    [
        ("en", "guess the number", "Yes, 42! You got it on the first try."),
        ("de", "Zahlenraten", "Ja, 42! Gleich beim ersten Versuch."),
        ("ar", "لعبة تخمين العدد", "نعم، إنه 42! أصبت من المحاولة الأولى."),
    ],
)
def test_the_first_guess_may_be_right(lang: str, start: str, won: str) -> None:
    talk = Talk(lang)
    talk.ask(start)

    assert talk.hear("42") == won


def test_arabic_counts_tries_as_arabic_does() -> None:
    talk = Talk("ar")
    tries = []
    for wrong in (1, 2, 10):
        talk.ask("لعبة تخمين الرقم")
        for _ in range(wrong):
            talk.ask("50")
        tries.append(talk.hear("42"))

    assert [said.split("! ")[1] for said in tries] == [
        "أصبت في محاولتين.",
        "أصبت في 3 محاولات.",
        "أصبت في 11 محاولة.",
    ]


def test_a_number_out_of_range_is_no_try() -> None:
    talk = Talk("en")
    talk.ask("guess the number")

    assert talk.hear("101") == "It is a number from 1 to 100."
    assert talk.hear("0") == "It is a number from 1 to 100."
    assert talk.hear("42") == "Yes, 42! You got it on the first try."


@pytest.mark.parametrize("text", ["banana", "", "4 or 5", "1.5"])
def test_what_is_no_guess_is_asked_for_again(text: str) -> None:
    talk = Talk("en")
    talk.ask("guess the number")

    answer = talk.ask(text)

    assert answer.lines == ("Tell me a number, or say “stop”.",)
    assert answer.expects_reply


def test_an_article_is_no_guess() -> None:
    talk = Talk("fr")
    talk.ask("deviner un nombre")

    assert "42" in talk.hear("un 42")


def test_other_questions_are_answered_in_between() -> None:
    talk = Talk("en")
    talk.ask("guess the number")

    assert talk.hear("what time is it?") == "It is 20:14."
    assert talk.hear("set a timer for 42 minutes").startswith("The timer for 42 minutes")
    assert talk.hear("42") == "Yes, 42! You got it on the first try."


def test_games_of_two_members_do_not_mix() -> None:
    talk = Talk("en")
    talk.ask("guess the number", session="ana")
    talk.ask("adivinha o número", session="rui", lang="pt")
    talk.ask("50", session="ana")

    assert talk.ask("42", session="rui", lang="pt").lines == (
        "Sim, é o 42! Acertou na primeira tentativa.",
    )
    assert talk.hear("42", session="ana") == "Yes, 42! You needed 2 tries."
    assert "small assistant" in talk.hear("42", session="eva")


def test_a_game_left_alone_is_forgotten() -> None:
    talk = Talk("en")
    talk.ask("guess the number")
    talk.wait(minutes=16)

    assert "small assistant" in talk.hear("42")


def test_the_oldest_game_makes_room_for_the_newest() -> None:
    talk = Talk("en")
    for number in range(GAMES_MAX + 1):
        talk.ask("guess the number", session=f"member {number}")

    assert "small assistant" in talk.hear("42", session="member 0")
    assert talk.hear("42", session="member 1").startswith("Yes")


def test_a_private_game_is_not_played_before_all() -> None:
    talk = Talk("en", number=42)
    talk.whisper("let's play guess the number")

    assert "number is" not in talk.hear("50")
    assert talk.whisper("50") == "My number is lower than 50."
