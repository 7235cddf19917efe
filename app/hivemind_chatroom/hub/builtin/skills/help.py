"""Says what the assistant can do, and what it can't."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hivemind_chatroom.hub.builtin.ask import Answer, Ask
from hivemind_chatroom.hub.builtin.sessions import Sessions

SESSIONS_MAX: Final = 1_000

KNOWN_FOR: Final = timedelta(hours=12)
"""How long somebody who was told what we can't do need not be told again."""


def tell_abilities(ask: Ask) -> Answer | None:
    """Answer "what can you do?"."""
    return ask.answer(ask.book.say("help")) if ask.book.hears("help", ask.words) else None


class Limits:
    """Whom it was told already that most things are beyond us.

    A family talks with each other in front of the assistant. Whatever of that it does not
    understand it leaves alone after the first time, and the room says quietly that there is no
    answer.
    """

    def __init__(self) -> None:
        """Begin with nobody told."""
        self._told = Sessions[bool](SESSIONS_MAX, KNOWN_FOR)

    def admit(self, ask: Ask) -> Answer | None:
        """Say honestly, and once, that nothing here answers this."""
        if self._told.get(ask.asker):
            return None
        self._told.set(ask.asker, value=True)
        return ask.answer(ask.book.say("fallback"))
