"""Plays the one tune the room brings along."""

from __future__ import annotations

from typing import Final

from hivemind_chatroom.hub.builtin.ask import Answer, Ask, Media

TUNE_URI: Final = "/static/tune.wav"
"""A path, so that a browser plays it from whatever address it knows the room by."""


def play_tune(ask: Ask) -> Answer | None:
    """Answer "play a tune"."""
    if not ask.book.hears("tune", ask.words):
        return None
    book = ask.book
    media = Media(book.say("tune_title"), book.say("tune_artist"), TUNE_URI)
    return ask.answer(book.say("tune"), media=media)
