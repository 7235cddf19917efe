"""Which delivery state may follow which: every utterance ends in exactly one people can see."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hivemind_chatroom.room.model import Delivery

ANSWER_DEADLINE_S = 30.0
"""How long after an utterance was sent silence counts as no answer, in seconds."""

SEND_DEADLINE_S = 30.0
"""How old a queued utterance may be and still go out by itself, in seconds."""

CLOCKS_APART_S = 5.0
"""How far ahead the clock of another instance may be, in seconds; what is queued then is new."""

LATE_ANSWER_S = 60.0
"""How long after the last news of an utterance its answer may still come, in seconds."""

ON_ITS_WAY = frozenset({Delivery.SENDING, Delivery.SENT})
"""The bytes may have left and the hub has not ended it."""

MAY_BE_ASKED_AGAIN = frozenset({Delivery.UNCONFIRMED, Delivery.UNANSWERED, Delivery.EXPIRED})
"""Nobody knows an answer to it; its member decides whether it may happen twice."""

_LATE = frozenset({Delivery.UNCONFIRMED, Delivery.UNANSWERED})
"""We gave up and the hub may still answer."""

MAY_BE_ANSWERED = ON_ITS_WAY | _LATE
"""The hub may have it and has not ended it."""

MAY_PRECEDE: Mapping[Delivery, frozenset[Delivery]] = MappingProxyType(
    {
        Delivery.SENDING: frozenset({Delivery.QUEUED}),
        Delivery.SENT: frozenset({Delivery.SENDING}),
        Delivery.QUEUED: frozenset({Delivery.SENDING}),  # the link refused it before any byte left
        Delivery.EXPIRED: frozenset({Delivery.QUEUED}),
        Delivery.UNCONFIRMED: ON_ITS_WAY,
        Delivery.UNANSWERED: ON_ITS_WAY,
        Delivery.ANSWERED: MAY_BE_ANSWERED,
        Delivery.UNMATCHED: MAY_BE_ANSWERED,
        Delivery.REFUSED: MAY_BE_ANSWERED,
    }
)
