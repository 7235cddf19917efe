from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.builtin.talk import Talk

NB = "\u00a0"

EVENING = datetime(2026, 11, 4, 20, 14, tzinfo=UTC)
ONE_O_CLOCK = datetime(2026, 11, 1, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "question", "evening", "one_o_clock"),
    [
        ("en", "What time is it?", "It is 20:14.", "It is 01:05."),
        ("en", "what's the time", "It is 20:14.", "It is 01:05."),
        ("en", "do you have the time?", "It is 20:14.", "It is 01:05."),
        ("pt", "Que horas são?", "São 20:14.", "É 1:05."),
        ("pt", "diz-me as horas", "São 20:14.", "É 1:05."),
        ("fr", "Quelle heure est-il ?", f"Il est 20{NB}h{NB}14.", f"Il est 1{NB}h{NB}05."),
        ("fr", "il est quelle heure", f"Il est 20{NB}h{NB}14.", f"Il est 1{NB}h{NB}05."),
        ("de", "Wie spät ist es?", "Es ist 20:14 Uhr.", "Es ist 1:05 Uhr."),
        ("de", "Wie viel Uhr ist es?", "Es ist 20:14 Uhr.", "Es ist 1:05 Uhr."),
        ("es", "¿Qué hora es?", "Son las 20:14.", "Es la 1:05."),
        ("es", "dime la hora", "Son las 20:14.", "Es la 1:05."),
        ("it", "Che ore sono?", "Sono le 20:14.", "È l’1:05."),
        ("nl", "Hoe laat is het?", "Het is 20:14 uur.", "Het is 1:05 uur."),
        ("ca", "Quina hora és?", "Són les 20:14.", "És la 1:05."),
        ("gl", "Que hora é?", "Son as 20:14.", "É a 1:05."),
        ("da", "Hvad er klokken?", "Klokken er 20.14.", "Klokken er 01.05."),
        ("ar", "كم الساعة الآن؟", "الساعة الآن 20:14.", "الساعة الآن 1:05."),
        ("ar", "ما الوقت", "الساعة الآن 20:14.", "الساعة الآن 1:05."),
    ],
)
def test_the_time_is_told(lang: str, question: str, evening: str, one_o_clock: str) -> None:
    assert Talk(lang, EVENING).hear(question) == evening
    assert Talk(lang, ONE_O_CLOCK).hear(question) == one_o_clock


@pytest.mark.parametrize(
    ("lang", "question", "evening"),
    [
        ("en", "what time is it", "It is 8:14 PM."),
        ("pt", "que horas são", "São 8:14 da noite."),
        ("fr", "quelle heure est-il", f"Il est 8{NB}h{NB}14 du soir."),
        ("de", "wie spät ist es", "Es ist 8:14 Uhr abends."),
        ("es", "qué hora es", "Son las 8:14 de la noche."),
        ("it", "che ore sono", "Sono le 8:14 di sera."),
        ("nl", "hoe laat is het", "Het is 8:14 uur ’s avonds."),
        ("ca", "quina hora és", "Són les 8:14 del vespre."),
        ("gl", "que hora é", "Son as 8:14 da noite."),
        ("da", "hvad er klokken", "Klokken er 8.14 om aftenen."),
        ("ar", "كم الساعة", "الساعة الآن 8:14 مساءً."),
    ],
)
def test_members_who_count_to_twelve_hear_the_part_of_the_day(
    lang: str, question: str, evening: str
) -> None:
    assert Talk(lang, EVENING).ask(question, clock_hours=12).lines == (evening,)


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (0, "It is 12:30 AM."),
        (11, "It is 11:30 AM."),
        (12, "It is 12:30 PM."),
        (13, "It is 1:30 PM."),
    ],
)
def test_twelve_comes_before_one(hour: int, said: str) -> None:
    now = datetime(2026, 11, 4, hour, 30, tzinfo=UTC)

    assert Talk("en", now).ask("what time is it", clock_hours=12).lines == (said,)


def test_thirteen_is_one_only_for_those_who_count_to_twelve() -> None:
    talk = Talk("es", datetime(2026, 11, 4, 13, 5, tzinfo=UTC))

    assert talk.ask("qué hora es").lines == ("Son las 13:05.",)
    assert talk.ask("qué hora es", clock_hours=12).lines == ("Es la 1:05 de la tarde.",)


@pytest.mark.parametrize(
    ("timezone", "said"),
    [
        ("Europe/Lisbon", "It is 20:14."),
        ("Asia/Tokyo", "It is 05:14."),
        ("Asia/Kathmandu", "It is 01:59."),
        ("America/Chicago", "It is 14:14."),
    ],
)
def test_the_time_is_that_of_the_members_place(timezone: str, said: str) -> None:
    assert Talk("en", EVENING).ask("what time is it", timezone=timezone).lines == (said,)


@pytest.mark.parametrize(
    ("lang", "question", "fourth", "first"),
    [
        ("en", "What's the date?", "Today is Wednesday, 4 November 2026.", "Sunday, 1 November"),
        ("pt", "Que dia é hoje?", "Hoje é quarta-feira, 4 de novembro de 2026.", "1 de novembro"),
        ("fr", "On est quel jour ?", "Nous sommes le mercredi 4 novembre 2026.", "1er novembre"),
        ("de", "Welcher Tag ist heute?", "Heute ist Mittwoch, der 4. November 2026.", "der 1. Nov"),
        ("es", "¿Qué día es hoy?", "Hoy es miércoles, 4 de noviembre de 2026.", "1 de noviembre"),
        ("it", "Che giorno è oggi?", "Oggi è mercoledì 4 novembre 2026.", "1º novembre"),
        ("nl", "Welke dag is het?", "Het is vandaag woensdag 4 november 2026.", "1 november"),
        ("ca", "Quin dia és avui?", "Avui és dimecres, 4 de novembre de 2026.", "1 de novembre"),
        ("gl", "Que día é hoxe?", "Hoxe é mércores, 4 de novembro de 2026.", "1 de novembro"),
        ("da", "Hvilken dag er det?", "I dag er det onsdag den 4. november 2026.", "1. november"),
        ("ar", "ما هو تاريخ اليوم؟", "اليوم هو الأربعاء، 4 نوفمبر 2026.", "الأحد، 1 نوفمبر"),
    ],
)
def test_the_date_is_told(lang: str, question: str, fourth: str, first: str) -> None:
    assert Talk(lang, EVENING).hear(question) == fourth
    assert first in Talk(lang, ONE_O_CLOCK).hear(question)


def test_the_date_is_that_of_the_members_place() -> None:
    answer = Talk("en", EVENING).ask("what day is it", timezone="Asia/Tokyo")

    assert answer.lines == ("Today is Thursday, 5 November 2026.",)


def test_members_who_write_the_month_first_hear_it_first() -> None:
    answer = Talk("en", EVENING).ask("what day is it", month_first=True)

    assert answer.lines == ("Today is Wednesday, November 4, 2026.",)


@pytest.mark.parametrize(
    ("lang", "question"),
    [
        ("en", "What time is it in Tokyo?"),
        ("en", "what time is dinner?"),
        ("pt", "Que horas são em Tóquio?"),
        ("pt", "A que horas é o jantar?"),
        ("fr", "Quelle heure est-il à Tokyo ?"),
        ("fr", "À quelle heure est le dîner ?"),
        ("de", "Wie spät ist es in Tokio?"),
        ("de", "Um wie viel Uhr essen wir?"),
        ("es", "¿Qué hora es en Tokio?"),
        ("es", "¿A qué hora es la cena?"),
        ("it", "A che ora è la cena?"),
        ("nl", "Hoe laat is het in Tokio?"),
        ("ca", "A quina hora és el sopar?"),
        ("gl", "Que hora é en Toquio?"),
        ("da", "Hvad er klokken i Tokyo?"),
        ("ar", "كم الساعة في طوكيو؟"),
    ],
)
def test_the_time_of_another_place_or_event_is_not_made_up(lang: str, question: str) -> None:
    assert not any(character.isdigit() for character in Talk(lang, EVENING).hear(question))
