from __future__ import annotations

from datetime import timedelta

import pytest

from hivemind_chatroom.hub.builtin.phrases.book import Phrasebooks
from hivemind_chatroom.hub.builtin.phrases.folding import fold
from hub.builtin.talk import LANGS

BOOKS = Phrasebooks()

HALF_PAST_ONE = timedelta(hours=1, minutes=30)


def read(lang: str, text: str) -> timedelta | None:
    return BOOKS.choose(lang).durations.read(fold(text))


@pytest.mark.parametrize(
    ("lang", "text", "duration"),
    [
        ("en", "a timer for 5 minutes", timedelta(minutes=5)),
        ("en", "ten seconds", timedelta(seconds=10)),
        ("en", "an hour", timedelta(hours=1)),
        ("en", "an hour and a half", HALF_PAST_ONE),
        ("en", "one and a half hours", HALF_PAST_ONE),
        ("en", "1 hour 30 minutes", HALF_PAST_ONE),
        ("en", "1 hour, 2 minutes and 3 seconds", timedelta(hours=1, minutes=2, seconds=3)),
        ("en", "1h30", HALF_PAST_ONE),
        ("en", "1.5 hours", HALF_PAST_ONE),
        ("en", "half an hour", timedelta(minutes=30)),
        ("en", "a quarter of an hour", timedelta(minutes=15)),
        ("en", "twenty-five minutes", timedelta(minutes=25)),
        ("en", "a second timer for 5 minutes", timedelta(minutes=5)),
        ("en", "an hour and a second", timedelta(hours=1, seconds=1)),
        ("pt", "um temporizador de 5 minutos", timedelta(minutes=5)),
        ("pt", "uma hora e meia", HALF_PAST_ONE),
        ("pt", "meia hora", timedelta(minutes=30)),
        ("pt", "vinte e cinco minutos", timedelta(minutes=25)),
        ("pt", "1 hora e 30 minutos", HALF_PAST_ONE),
        ("fr", "une heure et demie", HALF_PAST_ONE),
        ("fr", "une demi-heure", timedelta(minutes=30)),
        ("fr", "un quart d’heure", timedelta(minutes=15)),
        ("fr", "trois quarts d’heure", timedelta(minutes=45)),
        ("fr", "quatre-vingt-dix secondes", timedelta(seconds=90)),
        ("fr", "1h30", HALF_PAST_ONE),
        ("de", "anderthalb Stunden", HALF_PAST_ONE),
        ("de", "eine halbe Stunde", timedelta(minutes=30)),
        ("de", "eine Viertelstunde", timedelta(minutes=15)),
        ("de", "fünfundzwanzig Minuten", timedelta(minutes=25)),
        ("de", "1,5 Stunden", HALF_PAST_ONE),
        ("de", "eine Stunde und ein Timer", timedelta(hours=1)),
        ("es", "media hora", timedelta(minutes=30)),
        ("es", "hora y media", HALF_PAST_ONE),
        ("es", "tres cuartos de hora", timedelta(minutes=45)),
        ("es", "treinta y un segundos", timedelta(seconds=31)),
        ("it", "mezz’ora", timedelta(minutes=30)),
        ("it", "un’ora e mezza", HALF_PAST_ONE),
        ("nl", "anderhalf uur", HALF_PAST_ONE),
        ("nl", "een kwartier", timedelta(minutes=15)),
        ("nl", "een half uur", timedelta(minutes=30)),
        ("ca", "una hora i mitja", HALF_PAST_ONE),
        ("ca", "mitja hora", timedelta(minutes=30)),
        ("gl", "hora e media", HALF_PAST_ONE),
        ("da", "en timer på 2 timer", timedelta(hours=2)),
        ("da", "en timer på en time", timedelta(hours=1)),
        ("da", "halvanden time", HALF_PAST_ONE),
        ("da", "en halv time", timedelta(minutes=30)),
        ("da", "et kvarter", timedelta(minutes=15)),
        ("ar", "٥ دقائق", timedelta(minutes=5)),
        ("ar", "ساعة ونصف", HALF_PAST_ONE),
        ("ar", "ساعتين إلا ربع", timedelta(hours=1, minutes=45)),
        ("ar", "دقيقتين", timedelta(minutes=2)),
        ("ar", "نصف ساعة", timedelta(minutes=30)),
        ("ar", "خمس وعشرين دقيقة", timedelta(minutes=25)),
        ("ar", "ساعة وعشر دقائق", timedelta(hours=1, minutes=10)),
        ("ar", "ساعة و30 دقيقة", HALF_PAST_ONE),
        ("ar", "10 ثوانٍ", timedelta(seconds=10)),
    ],
)
def test_lengths_of_time_are_read(lang: str, text: str, duration: timedelta) -> None:
    assert read(lang, text) == duration


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "set a timer"),
        ("en", "a hundred and twenty seconds"),
        ("en", "minutes 5"),
        ("en", "0 minutes"),
        ("en", "a timer for 7"),
        ("en", "1h90"),
        ("en", ""),
        ("pt", "cento e vinte segundos"),
        ("da", "en timer"),
        ("ar", "مؤقت"),
    ],
)
def test_what_is_half_understood_is_not_guessed(lang: str, text: str) -> None:
    assert read(lang, text) is None


LARGE = [
    ("en", "two hundred and twenty seconds"),
    ("en", "thousand and twenty seconds"),
    ("pt", "duzentos e vinte segundos"),
    ("pt", "mil e vinte segundos"),
    ("fr", "deux-cents vingt secondes"),
    ("fr", "mille vingt secondes"),
    ("de", "zweihundert und zwanzig Sekunden"),
    ("de", "tausend zwanzig Sekunden"),
    ("es", "doscientos veinte segundos"),
    ("es", "mil veinte segundos"),
    ("it", "duecento venti secondi"),
    ("it", "mille e venti secondi"),
    ("nl", "tweehonderd twintig seconden"),
    ("nl", "duizend twintig seconden"),
    ("ca", "doscents vint segons"),
    ("ca", "mil vint segons"),
    ("gl", "douscentos vinte segundos"),
    ("gl", "mil vinte segundos"),
    ("da", "tohundrede og tyve sekunder"),
    ("da", "tusind og tyve sekunder"),
    ("ar", "مئتان وعشرون ثانية"),
    ("ar", "ثلاثمائة وعشرون ثانية"),
    ("ar", "ألف وعشرون ثانية"),
]


@pytest.mark.parametrize(("lang", "text"), LARGE)
def test_the_smaller_part_of_a_large_number_is_not_taken_for_it(lang: str, text: str) -> None:
    assert read(lang, text) is None


def test_large_numbers_are_tried_in_every_language() -> None:
    assert {lang for lang, _ in LARGE} == set(LANGS)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("pt", "10 minutos para o milho"),
        ("it", "10 minuti per la millefoglie"),
        ("ar", "مؤقت الفرن 10 دقائق"),
    ],
)
def test_a_word_that_only_looks_like_a_large_number_is_none(lang: str, text: str) -> None:
    assert read(lang, text) == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("lang", "seconds", "said"),
    [
        ("en", 1, "1 second"),
        ("en", 3723, "1 hour, 2 minutes and 3 seconds"),
        ("en", 86_400, "24 hours"),
        ("en", 299.6, "5 minutes"),
        ("pt", 5400, "1 hora e 30 minutos"),
        ("fr", 61, "1 minute et 1 seconde"),
        ("de", 7260, "2 Stunden und 1 Minute"),
        ("es", 30, "30 segundos"),
        ("it", 3600, "1 ora"),
        ("nl", 7200, "2 uur"),
        ("ca", 60, "1 minut"),
        ("gl", 3601, "1 hora e 1 segundo"),
        ("da", 7201, "2 timer og 1 sekund"),
        ("ar", 60, "دقيقة واحدة"),
        ("ar", 120, "دقيقتين"),
        ("ar", 300, "5 دقائق"),
        ("ar", 660, "11 دقيقة"),
        ("ar", 86_400, "24 ساعة"),
        ("ar", 3605, "ساعة واحدة و5 ثوانٍ"),
        ("ar", 7323, "ساعتين ودقيقتين و3 ثوانٍ"),
    ],
)
def test_lengths_of_time_are_said(lang: str, seconds: float, said: str) -> None:
    assert BOOKS.choose(lang).durations.say(timedelta(seconds=seconds)) == said


def test_nothing_left_is_said_as_a_second() -> None:
    """A timer that ends this moment is asked for before it rang."""
    assert BOOKS.choose("en").durations.say(timedelta(seconds=-1)) == "1 second"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("seconds", [1, 2, 60, 119, 120, 300, 660, 3600, 5400, 7323, 43_210])
def test_what_is_said_can_be_read(lang: str, seconds: int) -> None:
    duration = timedelta(seconds=seconds)

    assert read(lang, BOOKS.choose(lang).durations.say(duration)) == duration
