from __future__ import annotations

import wave
from pathlib import Path

import pytest

import hivemind_chatroom
from hivemind_chatroom.hub.builtin.ask import Media
from hivemind_chatroom.hub.builtin.skills.tune import TUNE_URI
from hub.builtin.talk import Talk

TUNE = Path(hivemind_chatroom.__file__).parent / "web" / TUNE_URI.lstrip("/")


@pytest.mark.parametrize(
    ("lang", "question", "title"),
    [
        ("en", "Play a tune", "A little tune"),
        ("en", "play some music", "A little tune"),
        ("pt", "Toca uma música", "Uma pequena melodia"),
        ("fr", "Joue de la musique", "Une petite mélodie"),
        ("de", "Spiel eine Melodie", "Eine kleine Melodie"),
        ("es", "Pon música", "Una pequeña melodía"),
        ("it", "Suona qualcosa", "Una piccola melodia"),
        ("nl", "Speel een deuntje", "Een klein deuntje"),
        ("ca", "Toca una cançó", "Una petita melodia"),
        ("gl", "Toca unha canción", "Unha pequena melodía"),
        ("da", "Spil noget musik", "En lille melodi"),
        ("ar", "شغّل موسيقى", "لحن قصير"),
    ],
)
def test_it_plays_the_tune(lang: str, question: str, title: str) -> None:
    media = Talk(lang).ask(question).media

    assert media is not None
    assert (media.title, media.uri) == (title, "/static/tune.wav")
    assert media.artist


def test_nothing_is_played_unasked() -> None:
    talk = Talk("en")

    assert [talk.ask(text).media for text in ("tell me a joke", "let's play a game")] == [None] * 2
    assert isinstance(talk.ask("music").media, Media)


def test_the_tune_is_there_short_and_small() -> None:
    assert TUNE.stat().st_size <= 60_000
    with wave.open(str(TUNE)) as sound:
        assert 2 <= sound.getnframes() / sound.getframerate() <= 3
        samples = sound.readframes(sound.getnframes())
    assert len(set(samples)) > 100, "it is not silent"
