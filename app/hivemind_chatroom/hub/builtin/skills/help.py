"""Says what the assistant can do, and what it can't."""

from __future__ import annotations

from hivemind_chatroom.hub.builtin.ask import Answer, Ask


def tell_abilities(ask: Ask) -> Answer | None:
    """Answer "what can you do?"."""
    return ask.answer(ask.book.say("help")) if ask.book.hears("help", ask.words) else None


def admit_limits(ask: Ask) -> Answer:
    """Say honestly that nothing here answers this."""
    return ask.answer(ask.book.say("fallback"))
