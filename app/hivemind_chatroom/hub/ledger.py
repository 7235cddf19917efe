"""What was sent over one connection: finds the utterance that a refusal without a name is about.

hivemind-core answers a message it does not admit with `hive.policy.denied`, which says the message
type and nothing that tells one utterance from another (hivemind-core `protocol.py`,
`_send_denied`). But it admits or denies in the order in which messages came, and a probe is always
denied. So a probe sent after the first denial closes the list: when its own denial comes, every
denial before it is about something sent before it.
"""

from __future__ import annotations

from collections import deque
from itertools import islice

from hivemind_chatroom.room.model import Correlation

_SENT_MAX = 1_000
"""Utterances remembered at most on either side of a probe, and denials; the oldest is forgotten."""


class Ledger:
    """The utterances of one connection of which the hub has given no sign yet."""

    def __init__(self) -> None:
        """Begin with a fresh connection."""
        self._before_probe: dict[Correlation, None] = {}
        self._since_probe: dict[Correlation, None] = {}
        self._refusals: deque[bool] = deque(maxlen=_SENT_MAX)

    def sent(self, corr: Correlation) -> None:
        """Note that an utterance has left."""
        self._since_probe[corr] = None
        _forget_oldest(self._since_probe)

    def admitted(self, corr: Correlation) -> None:
        """Note that the hub has shown to have taken an utterance."""
        self._before_probe.pop(corr, None)
        self._since_probe.pop(corr, None)

    def probed(self) -> None:
        """Note that a probe has left."""
        self._before_probe |= self._since_probe
        _forget_oldest(self._before_probe)
        self._since_probe = {}

    def refused(self, *, backend_is_away: bool) -> None:
        """Note that the hub did not take some utterance."""
        self._refusals.append(backend_is_away)

    def close_list(self) -> list[tuple[Correlation, bool]]:
        """Take the answer to the probe.

        Returns:
            The utterances that were refused, with whether it was for want of a backend. Denials
            that fewer utterances than were sent can have caused are the newest ones': what a hub
            denies it mostly goes on denying.
        """
        count = min(len(self._before_probe), len(self._refusals))
        asked = islice(self._before_probe, len(self._before_probe) - count, None)
        reasons = islice(self._refusals, len(self._refusals) - count, None)
        refused = list(zip(asked, reasons, strict=True))
        self._before_probe = {}
        self._refusals.clear()
        return refused


def _forget_oldest(utterances: dict[Correlation, None]) -> None:
    while len(utterances) > _SENT_MAX:
        del utterances[next(iter(utterances))]
