"""Says again what it said last, and what it said in private to who hears it in private alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hivemind_chatroom.hub.builtin.ask import Answer, Ask
from hivemind_chatroom.hub.builtin.sessions import Sessions

SESSIONS_MAX: Final = 1_000
REMEMBERED_FOR: Final = timedelta(hours=1)


class Repeat:
    """The last answer of every member, and the last one that all have read."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._last = Sessions[Answer](SESSIONS_MAX, REMEMBERED_FOR)

    def remember(self, ask: Ask, answer: Answer) -> None:
        """Keep an answer in case the member did not catch it."""
        self._last.set(ask.asker, answer)

    def say_again(self, ask: Ask) -> Answer | None:
        """Answer "say that again"; what was played is not played again."""
        if not ask.book.hears("repeat", ask.words):
            return None
        last = self._last.get(ask.asker)
        return replace(last, media=None) if last else ask.answer(ask.book.say("repeat_nothing"))
