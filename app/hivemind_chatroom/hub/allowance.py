"""How much a hub may say: what it is asked for, and so much besides.

A hub that speaks without end would else push all that people have said out of what the room keeps.
"""

from __future__ import annotations

import logging
from collections import OrderedDict

from hivemind_chatroom.room.limits import Rate, TokenBuckets
from hivemind_chatroom.room.model import Address, Correlation
from hivemind_chatroom.room.ports import Clock

_log = logging.getLogger(__name__)

UNASKED = Rate(per_second=0.2, burst=100)
"""Replies that nobody has asked for: an alarm may ring every five seconds for ever, and a hundred
announcements may come at once."""

ANSWER_MAX = 100
"""Replies to one utterance that count as its answer; the rest counts as unasked."""

UNMARKED_FOR_EACH = 5
"""Unasked replies that an utterance makes up for: some assistants don't say what they answer."""

_ASKED_MAX = 1_000
"""Utterances whose answers are told from what nobody asked for; the oldest is forgotten."""

_HUB = ""
"""Whose bucket it is: there is one hub."""

TELL_EVERY_S = 60.0
"""How often the log tells how much was left out, in seconds."""


class Allowance:
    """Counts what a hub says, over all connections to it; for the link's thread."""

    def __init__(self, clock: Clock) -> None:
        """Begin with a full allowance."""
        self._clock = clock
        self._asked: OrderedDict[Correlation, int] = OrderedDict()
        self._unasked = TokenBuckets(UNASKED, clock)
        self._left_out = 0
        self._told_at: float | None = None

    def asked(self, corr: Correlation) -> None:
        """Note that an utterance has left: it may be answered."""
        self._asked[corr] = ANSWER_MAX
        if len(self._asked) > _ASKED_MAX:
            self._asked.popitem(last=False)
        self._unasked.give(_HUB, UNMARKED_FOR_EACH)

    def admits(self, address: Address) -> bool:
        """Take in that the hub says something; tell whether the room is to hear it."""
        left = self._asked.get(address.corr, 0) if address.corr else 0
        if address.corr and left:
            self._asked[address.corr] = left - 1
            return True
        if self._unasked.allows(_HUB):
            return True
        self._left_out += 1
        return False

    def tell(self) -> None:
        """Have the log say how much was left out, at once and then now and again."""
        now = self._clock.monotonic()
        if not self._left_out or (self._told_at is not None and now < self._told_at + TELL_EVERY_S):
            return
        _log.warning("the hub says more than it was asked for: %d replies left out", self._left_out)
        self._left_out, self._told_at = 0, now
