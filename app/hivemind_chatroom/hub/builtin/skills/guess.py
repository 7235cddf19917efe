"""Plays guess-the-number, one game for each member."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hivemind_chatroom.hub.builtin.ask import Answer, Ask
from hivemind_chatroom.hub.builtin.sessions import Sessions

LOWEST: Final = 1
HIGHEST: Final = 100
GAMES_MAX: Final = 500
GAME_KEPT_FOR: Final = timedelta(minutes=15)

ChooseNumber = Callable[[int, int], int]
"""Draws a number between two, both included, as `random.SystemRandom().randint` does."""


@dataclass(frozen=True, slots=True)
class _Game:
    number: int
    guesses: int = 0


class Guess:
    """All games that are being played."""

    def __init__(self, choose: ChooseNumber) -> None:
        """Begin without a game; `choose` draws the numbers."""
        self._choose = choose
        self._games = Sessions[_Game](GAMES_MAX, GAME_KEPT_FOR)

    def take_turn(self, ask: Ask) -> Answer | None:
        """Answer a guess or the end of the game, when the asker is in one."""
        game = self._games.get(ask.asker)
        if game is None:
            return None
        if ask.book.hears("stop", ask.words):
            self._games.forget(ask.asker)
            return ask.answer(ask.book.say("guess_stopped", number=game.number))
        guess = None if ask.book.hears("timer", ask.words) else _read_guess(ask)
        return None if guess is None else self._judge(ask, game, guess)

    def start(self, ask: Ask) -> Answer | None:
        """Answer "let's play guess the number"."""
        if not ask.book.hears("guess", ask.words):
            return None
        self._games.set(ask.asker, _Game(self._choose(LOWEST, HIGHEST)))
        return ask.answer(ask.book.say("guess_start", low=LOWEST, high=HIGHEST), expects_reply=True)

    def remind(self, ask: Ask) -> Answer | None:
        """Ask for a number when a member in a game says something nobody understands."""
        if self._games.get(ask.asker) is None:
            return None
        return ask.answer(ask.book.say("guess_remind"), expects_reply=True)

    def _judge(self, ask: Ask, game: _Game, guess: int) -> Answer:
        book = ask.book
        if not LOWEST <= guess <= HIGHEST:
            line = book.say("guess_range", low=LOWEST, high=HIGHEST)
            return ask.answer(line, expects_reply=True)
        game = _Game(game.number, game.guesses + 1)
        if guess == game.number:
            self._games.forget(ask.asker)
            return ask.answer(book.say_counted("guess_won", game.guesses, number=guess))
        self._games.set(ask.asker, game)
        hint = book.say("guess_higher" if game.number > guess else "guess_lower", guess=guess)
        return ask.answer(hint, expects_reply=True)


def _read_guess(ask: Ask) -> int | None:
    """Find the one whole number in what was said; "a 7" is seven although "a" may mean one."""
    numbers = ask.book.numbers.read_all(ask.words.split())
    said = [number for number in numbers if not number.is_article] or numbers
    if len(said) != 1 or not said[0].value.is_integer():
        return None
    return int(said[0].value)
