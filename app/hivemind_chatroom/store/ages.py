"""Since when something is asked, by the clock that never jumps."""

from __future__ import annotations

from hivemind_chatroom.room.delivery import CLOCKS_APART_S, ON_ITS_WAY
from hivemind_chatroom.room.model import Asked, Correlation, Delivery, MemberId, MessageId
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.store.rows import Found

_OPEN = ON_ITS_WAY | {Delivery.QUEUED}


class Ages:
    """Remembers when the utterances of this run were asked or sent; any thread may call."""

    def __init__(self, clock: Clock) -> None:
        """Begin with none."""
        self._clock = clock
        self._since: dict[MessageId, float] = {}

    def begin(self, message_id: MessageId) -> None:
        """Note that something is asked now."""
        self._since[message_id] = self._clock.monotonic()

    def move(self, message_id: MessageId, delivery: Delivery) -> None:
        """Note that it has come so far now."""
        if delivery is Delivery.SENT:
            self.begin(message_id)
        elif delivery not in _OPEN:
            self.forget(message_id)

    def forget(self, message_id: MessageId) -> None:
        """Forget one; who was never asked is no news."""
        self._since.pop(message_id, None)

    def forget_all(self) -> None:
        """Forget everything: another instance of the room may have gone on with it since."""
        self._since.clear()

    def asked_of(self, row: Found) -> Asked:
        """Return the utterance of a row of `outbox`, with since when it is asked."""
        message_id, delivery = MessageId(row["message_id"]), Delivery(row["delivery"])
        return Asked(
            message_id,
            Correlation(row["corr"]),
            MemberId(row["member_id"]),
            delivery,
            self.since(message_id, row["queued_at"], delivery),
        )

    def since(self, message_id: MessageId, queued_at: float, delivery: Delivery) -> float:
        """Tell since when one is asked.

        Of another run's only the time of day tells. It is asked once, as it may jump later.

        Args:
            message_id: Which.
            queued_at: When it was queued, in Unix time.
            delivery: How far it has come.
        """
        known = self._since.get(message_id)
        if known is not None:
            return known
        age_s = self.today_s() - queued_at
        is_known = age_s >= -CLOCKS_APART_S
        since = self._clock.monotonic() - (max(age_s, 0.0) if is_known else float("inf"))
        return self._since.setdefault(message_id, since) if delivery in _OPEN else since

    def today_s(self) -> float:
        """Return the time of day in Unix time."""
        return self._clock.now().timestamp()
