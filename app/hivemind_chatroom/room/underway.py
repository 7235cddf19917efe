"""What is under way: when each utterance was asked, to tell how long its answer took."""

from __future__ import annotations

from collections import OrderedDict

from hivemind_chatroom.room.model import MessageId
from hivemind_chatroom.room.ports import Clock

UNDER_WAY_MAX = 1_000
"""Utterances whose start is remembered, the newest."""


class UnderWay:
    """Times utterances; whoever owns it holds a lock of its own."""

    def __init__(self, clock: Clock) -> None:
        """Begin with none."""
        self._clock = clock
        self._asked_at: OrderedDict[MessageId, float] = OrderedDict()

    def begin(self, message_id: MessageId) -> None:
        """Note that an utterance is asked now, be it once more."""
        self._asked_at[message_id] = self._clock.monotonic()
        self._asked_at.move_to_end(message_id)
        if len(self._asked_at) > UNDER_WAY_MAX:
            self._asked_at.popitem(last=False)

    def ms(self, message_id: MessageId) -> int | None:
        """End an utterance, and return how long it took, in milliseconds.

        None for one that has ended already, that an earlier run has asked, or that was asked too
        many ago.
        """
        since = self._asked_at.pop(message_id, None)
        return None if since is None else round((self._clock.monotonic() - since) * 1_000)
