"""What was sent over one connection: finds the utterance that a refusal without a name is about.

hivemind-core answers a message it does not admit with `hive.policy.denied`, which says the message
type and nothing that tells one utterance from another (hivemind-core `protocol.py`,
`_send_denied`). But it admits or denies in the order in which messages came, and a probe is always
denied. So a probe sent after the first denial closes the list: when its own denial comes, every
denial before it is about something sent before it.
"""

from __future__ import annotations

from hivemind_chatroom.room.model import Correlation

_SENT_MAX = 1_000
"""Utterances remembered at most; the oldest is forgotten."""


class Ledger:
    """The utterances of one connection of which the hub has given no sign yet."""

    def __init__(self) -> None:
        """Begin with a fresh connection."""
        self._before_probe: dict[Correlation, None] = {}
        self._since_probe: dict[Correlation, None] = {}
        self._refusals: list[bool] = []

    def sent(self, corr: Correlation) -> None:
        """Note that an utterance has left."""
        self._since_probe[corr] = None
        if len(self._since_probe) > _SENT_MAX:
            del self._since_probe[next(iter(self._since_probe))]

    def admitted(self, corr: Correlation) -> None:
        """Note that the hub has shown to have taken an utterance."""
        self._before_probe.pop(corr, None)
        self._since_probe.pop(corr, None)

    def probed(self) -> None:
        """Note that a probe has left."""
        self._before_probe |= self._since_probe
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
        asked = list(self._before_probe)[-len(self._refusals) :] if self._refusals else []
        refused = list(zip(asked, self._refusals[-len(asked) :], strict=False))
        self._before_probe = {}
        self._refusals = []
        return refused
