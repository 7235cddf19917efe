from __future__ import annotations

import pytest

from hivemind_chatroom.hub.builtin.skills.timer import TIMERS_MAX, TIMERS_PER_SESSION_MAX
from hub.builtin.talk import LANGS, Talk, read_table

TIMERS = [
    (
        "en",
        "Set a timer for 5 minutes",
        "The timer for 5 minutes is running. I will tell the whole room when it is over.",
        "The timer for 5 minutes is over.",
    ),
    (
        "pt",
        "Põe um temporizador de 5 minutos",
        "O temporizador de 5 minutos já começou. Avisarei toda a sala quando terminar.",
        "O temporizador de 5 minutos terminou.",
    ),
    (
        "fr",
        "Mets un minuteur de 5 minutes",
        "Le minuteur de 5 minutes est lancé. Je préviendrai tout le salon quand il sera terminé.",
        "Le minuteur de 5 minutes est terminé.",
    ),
    (
        "de",
        "Stell einen Timer auf 5 Minuten",
        "Der Timer für 5 Minuten läuft. Ich sage dem ganzen Raum Bescheid, wenn er abgelaufen ist.",
        "Der Timer für 5 Minuten ist abgelaufen.",
    ),
    (
        "es",
        "Pon un temporizador de 5 minutos",
        "El temporizador de 5 minutos está en marcha. Avisaré a toda la sala cuando termine.",
        "El temporizador de 5 minutos ha terminado.",
    ),
    (
        "it",
        "Imposta un timer di 5 minuti",
        "Il timer di 5 minuti è partito. Avviserò tutta la stanza quando sarà finito.",
        "Il timer di 5 minuti è finito.",
    ),
    (
        "nl",
        "Zet een timer op 5 minuten",
        "De timer van 5 minuten loopt. Ik laat het de hele kamer weten als hij afgelopen is.",
        "De timer van 5 minuten is afgelopen.",
    ),
    (
        "ca",
        "Posa un temporitzador de 5 minuts",
        "El temporitzador per a 5 minuts està en marxa. Avisaré tota la sala quan s’acabi.",
        "El temporitzador per a 5 minuts s’ha acabat.",
    ),
    (
        "gl",
        "Pon un temporizador de 5 minutos",
        "O temporizador de 5 minutos está en marcha. Avisarei a toda a sala cando remate.",
        "O temporizador de 5 minutos rematou.",
    ),
    (
        "da",
        "Sæt en timer på 5 minutter",
        "Timeren på 5 minutter er i gang. Jeg giver hele rummet besked, når den er udløbet.",
        "Timeren på 5 minutter er udløbet.",
    ),
    (
        "ar",
        "اضبط مؤقّتًا لمدة ٥ دقائق",
        "بدأ مؤقّت لمدة 5 دقائق. سأخبر الغرفة كلها عند انتهائه.",
        "انتهى المؤقّت المضبوط لمدة 5 دقائق.",
    ),
]

ASKING = [
    ("en", "set a timer", "how much time is left?", "cancel the timer"),
    ("pt", "temporizador", "quanto tempo falta?", "cancela o temporizador"),
    ("fr", "mets un minuteur", "combien de temps reste-t-il ?", "annule le minuteur"),
    ("de", "stell einen Timer", "wie lange noch?", "brich den Timer ab"),
    ("es", "pon un temporizador", "¿cuánto tiempo queda?", "cancela el temporizador"),
    ("it", "metti un timer", "quanto manca?", "annulla il timer"),
    ("nl", "zet een timer", "hoe lang nog?", "zet de timer uit"),
    ("ca", "posa un temporitzador", "quant de temps queda?", "cancel·la el temporitzador"),
    ("gl", "pon un temporizador", "canto tempo queda?", "cancela o temporizador"),
    ("da", "sæt en timer", "hvor lang tid er der tilbage?", "stop timeren"),
    ("ar", "اضبط مؤقّتًا", "كم تبقّى من الوقت؟", "ألغِ المؤقّت"),
]


def test_timers_are_known_in_every_language() -> None:
    assert {lang for lang, *_ in TIMERS} == {lang for lang, *_ in ASKING} == set(LANGS)


@pytest.mark.parametrize(("lang", "question", "confirmed", "over"), TIMERS)
def test_a_timer_is_confirmed_at_once_and_announced_when_it_is_over(
    lang: str, question: str, confirmed: str, over: str
) -> None:
    talk = Talk(lang)

    assert talk.hear(question) == confirmed
    assert [alarm.delay_s for alarm in talk.alarms.promised] == [300]
    assert talk.announced == []
    talk.alarms.ring()
    assert talk.announced == [(over, lang)]


def test_the_announcement_is_in_the_askers_own_variant() -> None:
    talk = Talk("pt-BR")
    talk.ask("temporizador de 1 hora")
    talk.alarms.ring()

    assert talk.announced == [("O temporizador de 1 hora terminou.", "pt-BR")]


@pytest.mark.parametrize(("lang", "start"), [(lang, start) for lang, start, *_ in ASKING])
def test_a_timer_without_a_length_asks_for_it(lang: str, start: str) -> None:
    talk = Talk(lang)
    _, question, confirmed, _ = next(row for row in TIMERS if row[0] == lang)
    length = " ".join(question.split()[-2:])

    asked = talk.ask(start)

    assert asked.expects_reply
    assert "5" in asked.lines[0]
    assert talk.hear(length) == confirmed
    assert talk.hear(length) == read_table(lang)["say"]["fallback"], "the second time nobody asked"


@pytest.mark.parametrize(("lang", "left", "cancel"), [(lang, *rest) for lang, _, *rest in ASKING])
def test_a_timer_tells_how_long_and_can_be_cancelled(lang: str, left: str, cancel: str) -> None:
    talk = Talk(lang)
    _, question, *_ = next(row for row in TIMERS if row[0] == lang)
    none = talk.hear(left)
    assert none == talk.hear(cancel)
    talk.ask(question)
    talk.wait(minutes=2)

    assert "5" in talk.hear(left)
    assert "3" in talk.hear(left)
    assert "5" in talk.hear(cancel)
    assert talk.hear(left) == none
    talk.alarms.ring()
    assert talk.announced == []


def test_all_timers_of_a_member_are_told_and_cancelled_together() -> None:
    talk = Talk("en")
    talk.ask("timer for 5 minutes")
    talk.ask("timer for an hour")
    talk.ask("timer for 10 minutes", session="rui")

    assert talk.ask("time left").lines == (
        "The timer for 5 minutes ends in 5 minutes.",
        "The timer for 1 hour ends in 1 hour.",
    )
    assert talk.hear("cancel the timers") == "All your timers are cancelled."
    talk.alarms.ring()
    assert talk.announced == [("The timer for 10 minutes is over.", "en")]


def test_a_timer_that_is_over_is_no_longer_told() -> None:
    talk = Talk("en")
    talk.ask("timer for 5 minutes")
    talk.alarms.ring()
    talk.ask("timer for 10 minutes")

    assert talk.hear("time left") == "The timer for 10 minutes ends in 10 minutes."


def test_summer_time_does_not_change_what_is_left() -> None:
    """In Lisbon the clock goes back an hour at 1:00 UTC on 25 October 2026."""
    talk = Talk("en", now=Talk().now.replace(month=10, day=25, hour=0, minute=30))
    talk.ask("timer for 2 hours", timezone="Europe/Lisbon")
    talk.wait(hours=1)

    left = talk.ask("time left", timezone="Europe/Lisbon")

    assert left.lines == ("The timer for 2 hours ends in 1 hour.",)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("timer for 24 hours", "The timer for 24 hours is running."),
        ("timer for 24 hours and 1 second", "A timer can run for 24 hours at most."),
        ("timer for 999999999 hours", "A timer can run for 24 hours at most."),
    ],
)
def test_a_day_is_the_limit(text: str, answer: str) -> None:
    assert Talk("en").hear(text).startswith(answer)


def test_a_member_may_have_only_so_many_timers() -> None:
    talk = Talk("en")
    for _ in range(TIMERS_PER_SESSION_MAX):
        talk.ask("timer for 5 minutes")

    assert talk.hear("timer for 5 minutes").startswith("You have too many timers running already.")
    assert talk.hear("timer for 5 minutes", session="rui").startswith("The timer for 5 minutes is")


def test_the_room_may_have_only_so_many_timers() -> None:
    talk = Talk("en")
    for number in range(TIMERS_MAX):
        talk.ask("timer for 5 minutes", session=f"member {number}")

    assert talk.hear("timer for 5 minutes").startswith("You have too many timers running already.")
    talk.alarms.ring()
    assert talk.hear("timer for 5 minutes").startswith("The timer for 5 minutes is running.")


def test_a_length_said_too_late_sets_no_timer() -> None:
    talk = Talk("en")
    talk.ask("set a timer")
    talk.wait(minutes=3)

    assert "small assistant" in talk.hear("5 minutes")


def test_somebody_elses_length_sets_no_timer() -> None:
    talk = Talk("en")
    talk.ask("set a timer", session="ana")

    assert "small assistant" in talk.hear("5 minutes", session="rui")


def test_a_length_beyond_what_it_can_read_is_asked_back_and_not_guessed() -> None:
    talk = Talk("pt")
    asked = talk.ask("temporizador de duzentos e vinte segundos")

    assert asked.expects_reply
    assert talk.alarms.promised == []


@pytest.mark.parametrize("lang", LANGS)
def test_a_private_timer_promises_nothing_to_the_whole_room(lang: str) -> None:
    question = next(asked for each, asked, *_ in TIMERS if each == lang)

    confirmed = Talk(lang).hear(question)
    whispered = Talk(lang).whisper(question)

    assert whispered.split(".")[0] == confirmed.split(".")[0]
    assert whispered != confirmed


def test_a_private_timer_is_not_spoken_of_to_all() -> None:
    talk = Talk("en")
    talk.whisper("timer for 5 minutes")

    assert talk.hear("time left") == "You have no timer running."
    assert talk.hear("cancel the timer") == "You have no timer running."
    assert talk.whisper("time left") == "The timer for 5 minutes ends in 5 minutes."


def test_cancelling_for_all_to_read_leaves_a_private_timer_running() -> None:
    talk = Talk("en")
    talk.whisper("timer for 5 minutes")
    talk.hear("timer for 10 minutes")

    assert talk.hear("cancel the timer") == "The timer for 10 minutes is cancelled."
    talk.alarms.ring()
    assert talk.announced == [("The timer for 5 minutes is over.", "en")]


def test_in_private_all_timers_are_told_and_cancelled() -> None:
    talk = Talk("en")
    talk.whisper("timer for 5 minutes")
    talk.hear("timer for 10 minutes")

    assert talk.whisper("time left").count("ends in") == 2
    assert talk.whisper("cancel the timers") == "All your timers are cancelled."
    talk.alarms.ring()
    assert talk.announced == []
