from __future__ import annotations

import pytest

from hivemind_chatroom.desktop.sentences import Sentences, system_language


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("pt_PT.UTF-8", "pt-PT"),
        ("de_DE@euro", "de-DE"),
        ("C.UTF-8", ""),
        ("POSIX", ""),
        ("fr", "fr"),
    ],
)
def test_the_systems_language_is_that_of_its_user(
    monkeypatch: pytest.MonkeyPatch, name: str, tag: str
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", name)
    assert system_language() == tag


@pytest.mark.parametrize("wanted", ["", "en", "tlh"])
def test_whoever_speaks_none_of_our_languages_reads_english(
    monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert Sentences.in_language(wanted).stop == "Stop the room"


@pytest.mark.parametrize("tag", ["ar", "de", "es", "fr", "pt-PT"])
def test_the_window_speaks_the_operators_language(tag: str) -> None:
    assert Sentences.in_language(tag).stop != "Stop the room"
