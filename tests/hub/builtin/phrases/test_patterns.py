from __future__ import annotations

import pytest

from hivemind_chatroom.hub.builtin.phrases.patterns import Patterns


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("time is it", "do you know what time is it now"),
        ("set|start .. timer", "please start a long timer"),
        ("set|start .. timer", "set timer"),
        ("guess*", "guessing"),
        ("guess* .. number", "guess the number"),
        ("=help", "help"),
        ("=good morning|evening", "good evening"),
        ("l'heure", "c est l heure"),
        ("são", "sao"),
    ],
)
def test_what_is_meant_matches(pattern: str, words: str) -> None:
    assert Patterns([pattern]).match(words)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("time is it", "time it is"),
        ("time is it", "bedtime is it"),
        ("time is it", "time is item"),
        ("set|start .. timer", "timer set"),
        ("=help", "help me"),
        ("guess*", "second guess"[:-1]),
    ],
)
def test_what_is_not_meant_does_not_match(pattern: str, words: str) -> None:
    assert not Patterns([pattern]).match(words)


def test_an_exception_outweighs_every_match() -> None:
    patterns = Patterns(["time is it", "!it in"])

    assert patterns.match("what time is it")
    assert not patterns.match("what time is it in tokyo")


def test_no_patterns_match_nothing() -> None:
    assert not Patterns([]).match("")
    assert not Patterns(["!never"]).match("anything")


def test_a_hostile_text_is_read_in_no_time() -> None:
    """Two hundred characters are all the assistant looks at; many gaps must not multiply."""
    patterns = Patterns(["a .. a .. b"])

    assert not patterns.match("a " * 100)
