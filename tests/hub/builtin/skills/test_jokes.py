from __future__ import annotations

import pytest

from hub.builtin.talk import Talk, read_table


@pytest.mark.parametrize(
    ("lang", "question"),
    [
        ("en", "Tell me a joke"),
        ("en", "make me laugh"),
        ("pt", "Conta uma piada"),
        ("pt", "conta-me uma anedota"),
        ("fr", "Raconte-moi une blague"),
        ("de", "Erzähl mir einen Witz"),
        ("es", "Cuéntame un chiste"),
        ("it", "Raccontami una barzelletta"),
        ("nl", "Vertel een mop"),
        ("ca", "Explica’m un acudit"),
        ("gl", "Cóntame un chiste"),
        ("da", "Fortæl en vittighed"),
        ("ar", "احكِ لي نكتة"),
    ],
)
def test_every_joke_is_told_before_the_first_comes_again(lang: str, question: str) -> None:
    talk = Talk(lang)
    jokes = read_table(lang)["jokes"]

    told = [talk.hear(question) for _ in range(len(jokes) + 1)]

    assert told == [*jokes, jokes[0]]
