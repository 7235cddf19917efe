"""The small assistant: a row of skills, the first that understands answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hivemind_chatroom.hub.builtin.ask import Answer, Ask, Asker, Skill
from hivemind_chatroom.hub.builtin.phrases.book import FALLBACK_LANG, Phrasebooks
from hivemind_chatroom.hub.builtin.phrases.folding import fold
from hivemind_chatroom.hub.builtin.skills.clock import tell_date, tell_time
from hivemind_chatroom.hub.builtin.skills.guess import ChooseNumber, Guess
from hivemind_chatroom.hub.builtin.skills.help import Limits, tell_abilities
from hivemind_chatroom.hub.builtin.skills.jokes import Jokes
from hivemind_chatroom.hub.builtin.skills.manners import be_polite
from hivemind_chatroom.hub.builtin.skills.repeat import Repeat
from hivemind_chatroom.hub.builtin.skills.timer import Announce, CallLater, Timers
from hivemind_chatroom.hub.builtin.skills.tune import play_tune

COMMAND_MAX: Final = 200
"""Characters of a text that are looked at: whatever is longer is no command of ours."""


class Assistant:
    """Answers what it understands, in the asker's language where it can.

    It is meant for one thread; an answer takes microseconds, so that may be the hub's loop.
    """

    def __init__(
        self,
        call_later: CallLater,
        announce: Announce,
        choose: ChooseNumber,
    ) -> None:
        """Put the skills in their order.

        Args:
            call_later: calls back on the assistant's thread after a delay in seconds.
            announce: tells the whole room something.
            choose: draws the numbers of the guessing game.
        """
        self._books = Phrasebooks()
        self._repeat = Repeat()
        guess, timers = Guess(choose), Timers(call_later, announce)
        self._skills: Sequence[Skill] = (
            # these two hold a conversation: what their member says next is theirs first
            guess.take_turn,
            timers.take_duration,
            self._repeat.say_again,
            timers.answer,
            tell_time,
            tell_date,
            Jokes().tell,
            play_tune,
            guess.start,
            tell_abilities,
            be_polite,
            guess.remind,
            Limits().admit,
        )

    def answer(self, text: str, lang: str, asker: Asker) -> Answer | None:
        """Answer what somebody said; None where there is nothing to say.

        Args:
            text: what was said, as it was typed.
            lang: BCP-47 tag of the language it was said in.
            asker: who said it.
        """
        ask = self._understand(text, lang, asker)
        answers = (skill(ask) for skill in self._skills)
        answer = next((answer for answer in answers if answer), None)
        if answer is not None:
            self._repeat.remember(ask, answer)
        return answer

    def _understand(self, text: str, lang: str, asker: Asker) -> Ask:
        book = self._books.choose(lang)
        spoken = lang if self._books.speaks(lang) else FALLBACK_LANG
        words = fold(text) if len(text) <= COMMAND_MAX else ""
        return Ask(words, spoken, book, asker)
