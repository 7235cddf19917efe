"""What a room must hold: the contract once more, in a plain list and a few sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hivemind_chatroom.room.delivery import (
    ANSWER_DEADLINE_S,
    CLOCKS_APART_S,
    MAY_BE_ANSWERED,
    MAY_BE_ASKED_AGAIN,
    SEND_DEADLINE_S,
)
from hivemind_chatroom.room.model import Correlation, Delivery, MemberId

ON_ITS_WAY = {Delivery.SENDING, Delivery.SENT}
TOO_OLD_S = 1e9


@dataclass
class Line:
    """One message, and what became of it if it was asked."""

    number: int
    author: str
    text: str
    sent_at: datetime
    client_id: str | None = None
    private_to: str | None = None
    delivery: Delivery | None = None
    corrs: list[Correlation] = field(default_factory=list)
    """All the marks it went out with."""
    age_s: float = 0.0
    """Since it was asked or sent."""
    asked_at: datetime | None = None
    """By the time of day, which is all that a restart knows."""


class Expected:
    """What a room that keeps its promises holds."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.last = 0
        self.first = 1
        self.removed: dict[Correlation, MemberId] = {}
        """Whose the questions were that are no more and may be answered yet."""
        self._numbers: dict[Correlation, int] = {}

    # --- what people do -----------------------------------------------------------------------

    def known(self, author: str, client_id: str | None) -> Line | None:
        """Return what this browser has posted under this mark."""
        marked = (each for each in self.lines if each.author == author and client_id is not None)
        return next((each for each in marked if each.client_id == client_id), None)

    def keep(self, line: Line) -> None:
        """Give a line the next number."""
        self.last += 1
        assert line.number == self.last, "the numbers have no holes"
        self.lines.append(line)

    def ask(self, line: Line, corr: Correlation, now: datetime) -> None:
        """Queue a line for the hub."""
        line.delivery, line.age_s, line.asked_at = Delivery.QUEUED, 0.0, now
        line.corrs.append(corr)
        self._numbers[corr] = line.number

    def remove(self, line: Line) -> None:
        """Take a line out; its number stays taken."""
        self.lines.remove(line)
        self.removed |= dict.fromkeys(line.corrs, MemberId(line.author))

    def purge(self, sent_before: datetime, most: int) -> int:
        """Forget what is old, and all but the newest."""
        gone = [
            line
            for line in self.lines
            if line.number <= self.last - most or line.sent_at < sent_before
        ]
        for line in gone:
            self.remove(line)
        if gone:
            self.first = self.lines[0].number if self.lines else self.last + 1
            self.removed = {
                corr: owner
                for corr, owner in self.removed.items()
                if self._numbers[corr] >= self.first
            }
        return len(gone)

    # --- what the hub and time do -------------------------------------------------------------

    def asked(self, *deliveries: Delivery) -> list[Line]:
        """Return what stands so, oldest first."""
        return [line for line in self.lines if line.delivery in deliveries]

    def may_be_asked_again(self) -> list[Line]:
        """Return what has no answer."""
        return self.asked(*MAY_BE_ASKED_AGAIN)

    def end(self, line: Line, delivery: Delivery) -> None:
        """Let the hub end something, which may have been given up before."""
        if line.delivery in MAY_BE_ANSWERED:
            line.delivery = delivery

    def lose_link(self) -> None:
        """Doubt what was on its way."""
        for line in self.asked(*ON_ITS_WAY):
            line.delivery = Delivery.UNCONFIRMED

    def grow_older(self, seconds: float) -> None:
        """Let time pass; nothing is settled by that."""
        for line in self.lines:
            line.age_s += seconds

    def settle(self) -> None:
        """End what has waited too long."""
        for line in self.lines:
            match line.delivery:
                case Delivery.QUEUED if line.age_s >= SEND_DEADLINE_S:
                    line.delivery = Delivery.EXPIRED
                case Delivery.SENT if line.age_s >= ANSWER_DEADLINE_S:
                    line.delivery = Delivery.UNANSWERED
                case Delivery.SENDING if line.age_s >= SEND_DEADLINE_S + ANSWER_DEADLINE_S:
                    line.delivery = Delivery.UNCONFIRMED
                case _:
                    pass

    def restart(self, now: datetime) -> None:
        """Take up what an earlier run has left; how old it is, only the time of day tells."""
        self.lose_link()
        for line in self.asked(Delivery.QUEUED):
            assert line.asked_at
            age_s = (now - line.asked_at).total_seconds()
            line.age_s = max(age_s, 0.0) if age_s >= -CLOCKS_APART_S else TOO_OLD_S
        self.settle()
