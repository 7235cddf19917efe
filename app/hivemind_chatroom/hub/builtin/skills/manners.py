"""Greets, accepts thanks and lets itself be told to stop."""

from __future__ import annotations

from typing import Final

from hivemind_chatroom.hub.builtin.ask import Answer, Ask

_POLITE: Final = ("greeting", "thanks", "stop")


def be_polite(ask: Ask) -> Answer | None:
    """Answer "hello", "thank you" and a "stop" that nothing else was waiting for."""
    for topic in _POLITE:
        if ask.book.hears(topic, ask.words):
            return ask.answer(ask.book.say(topic))
    return None
