from __future__ import annotations

import pytest

from hivemind_chatroom.hub.builtin.phrases.book import Phrase
from hub.builtin.talk import Talk, read_table


@pytest.mark.parametrize(
    ("lang", "hello", "thanks", "stop"),
    [
        ("en", "Hello!", "Thank you very much", "stop"),
        ("pt", "Olá", "Muito obrigada!", "pare"),
        ("pt", "Bom dia!", "obrigado", "chega"),
        ("fr", "Bonsoir", "merci beaucoup", "arrête"),
        ("de", "Guten Abend!", "Danke schön", "Stopp!"),
        ("es", "¡Hola!", "muchas gracias", "basta"),
        ("it", "Ciao a tutti", "grazie mille", "basta"),
        ("nl", "Goedemorgen", "dank je wel", "stop"),
        ("ca", "Bon dia", "moltes gràcies", "prou"),
        ("gl", "Boas tardes", "grazas", "abonda"),
        ("da", "Godmorgen", "Mange tak", "stop"),
        ("ar", "السلام عليكم", "شكرًا جزيلًا", "توقّف"),
    ],
)
def test_it_is_polite(lang: str, hello: str, thanks: str, stop: str) -> None:
    say = read_table(lang)["say"]
    polite: list[tuple[Phrase, str]] = [("greeting", hello), ("thanks", thanks), ("stop", stop)]

    for phrase, text in polite:
        assert Talk(lang).hear(text) == say[phrase]


def test_a_greeting_before_a_question_does_not_hide_it() -> None:
    assert Talk("en").hear("Hello, what time is it?") == "It is 20:14."
