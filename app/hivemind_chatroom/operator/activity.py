"""What happens now, in a line each, without a word that anybody wrote."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from hivemind_chatroom.room.book import MemberRecord
from hivemind_chatroom.room.feed import (
    CodesGuessed,
    DeviceCodeEnded,
    Event,
    HubChanged,
    LogForgotten,
    MemberChanged,
    MemberGone,
    MemberRuled,
    MessagePosted,
    MessageRemoved,
    MessageUpdated,
    NumbersGone,
    RoomChanged,
    RoomClosing,
    Thinking,
    UtteranceQueued,
)
from hivemind_chatroom.room.model import (
    Delivery,
    HubState,
    HubStatus,
    Kind,
    Member,
    MemberId,
    Message,
)
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.ruling import NO_RULING, Ruling
from hivemind_chatroom.room.underway import UnderWay

LINES = 50
"""So many of the newest are remembered."""


class Happening(StrEnum):
    """What sort of thing happened."""

    ASKED = "asked"
    ANSWERED = "answered"
    UNMATCHED = "unmatched"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    JOINED = "joined"
    LEFT = "left"
    MUTED = "muted"
    UNMUTED = "unmuted"
    REMOVED = "removed"
    LET_IN = "let_in"
    GUESSED = "guessed"
    """Somebody typed wrong codes until they had to wait."""
    RENAMED = "renamed"
    HUB = "hub"
    ANNOUNCED = "announced"


_ENDED = {
    Delivery.ANSWERED: Happening.ANSWERED,
    Delivery.UNMATCHED: Happening.UNMATCHED,
    Delivery.REFUSED: Happening.REFUSED,
    Delivery.UNANSWERED: Happening.UNANSWERED,
}

_PROBLEMS = frozenset({Happening.UNMATCHED, Happening.REFUSED, Happening.UNANSWERED})

_HUB_IS_WELL = frozenset({HubState.OFF, HubState.CONNECTING, HubState.CONNECTED})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened."""

    at: datetime
    """Aware, UTC."""
    kind: Happening
    name: str = ""
    """Whom it is about, if it is about somebody."""
    detail: str = ""
    """A code: how the hub stands, or why; of a new name, the name."""
    ms: int | None = None
    """How long an answer took, in milliseconds."""
    is_problem: bool = False


class Activity:
    """Listens to the room's feed and remembers the newest lines; safe from any thread."""

    def __init__(
        self, clock: Clock, known: Iterable[MemberRecord], hub: Callable[[], HubStatus]
    ) -> None:
        """Begin with nothing.

        Args:
            clock: Dates the lines.
            known: Who is a member already, with what was decided about them: neither is news.
            hub: How the hub stands for the host, which is no news yet either; never waits.
        """
        records = list(known)
        self._clock = clock
        self._lock = threading.Lock()
        self._lines: deque[Line] = deque(maxlen=LINES)
        self._names = {record.member.id: record.member.name for record in records}
        self._rulings = {record.member.id: record.ruling for record in records}
        self._under_way = UnderWay(clock)
        self._hub = hub
        self._hub_told = _standing(hub())

    def lines(self) -> list[Line]:
        """Return the newest, oldest first."""
        with self._lock:
            return list(self._lines)

    def note(self, event: Event) -> None:
        """Remember what is worth a line; never waits."""
        with self._lock:
            line = self._line_of(event)
            if line is not None:
                self._lines.append(line)
            if not isinstance(event, MessagePosted):  # how one ends may be the first sign of a hub
                self._tell_hub()

    def look_at_hub(self) -> None:
        """Remember how the hub stands, if that is new; never waits."""
        with self._lock:
            self._tell_hub()

    def _line_of(self, event: Event) -> Line | None:
        line: Line | None = None
        match event:
            case UtteranceQueued(message_id):
                self._under_way.begin(message_id)
            case MessagePosted(message):
                line = self._said(message)
            case MessageUpdated(message):
                line = self._moved_on(message)
            case MemberChanged(member, _):
                line = self._came(member)
            case MemberGone(member_id):
                line = self._left(member_id)
            case MemberRuled(member, ruling):
                line = self._ruled(member, ruling)
            case CodesGuessed(waiting) if waiting:
                line = Line(self._clock.now(), Happening.GUESSED, is_problem=True)
            case (
                MessageRemoved()
                | NumbersGone()
                | LogForgotten()
                | DeviceCodeEnded()
                | RoomChanged()
                | RoomClosing()
                | Thinking()
                | CodesGuessed()
                | HubChanged()
            ):
                """Nothing that a line is for, or, of the hub, what is told for itself."""
            case _:
                assert_never(event)
        return line

    def _said(self, message: Message) -> Line | None:
        if message.draft.kind is Kind.ANNOUNCEMENT:
            return Line(self._clock.now(), Happening.ANNOUNCED)
        if message.draft.corr is None:
            return None
        return Line(self._clock.now(), Happening.ASKED, message.draft.author.name)

    def _moved_on(self, message: Message) -> Line | None:
        if message.delivery is None or (kind := _ENDED.get(message.delivery)) is None:
            return None
        ms, name = self._under_way.ms(message.id), message.draft.author.name
        return Line(self._clock.now(), kind, name, ms=ms, is_problem=kind in _PROBLEMS)

    def _came(self, member: Member) -> Line | None:
        before = self._names.get(member.id)
        self._names[member.id] = member.name
        if before is None:
            return Line(self._clock.now(), Happening.JOINED, member.name)
        if before != member.name:
            return Line(self._clock.now(), Happening.RENAMED, before, member.name)
        return None

    def _left(self, member_id: MemberId) -> Line | None:
        self._rulings.pop(member_id, None)
        name = self._names.pop(member_id, None)
        if name is None:
            return None
        return Line(self._clock.now(), Happening.LEFT, name)

    def _ruled(self, member: Member, ruling: Ruling) -> Line | None:
        """Tell what is new in a ruling, which has all that was decided about its member."""
        now, before = self._clock.now(), self._rulings.get(member.id, NO_RULING)
        self._rulings[member.id] = ruling
        kind: Happening | None = None
        if ruling.removed_until not in {None, before.removed_until}:
            self._names.pop(member.id, None)  # the feed tells that they are gone, too
            kind = Happening.REMOVED
        elif not ruling.removed_until and (before.removed_until or member.id not in self._names):
            self._names[member.id] = member.name  # nor need it tell that they have come
            kind = Happening.LET_IN
        elif ruling.muted_until not in {None, before.muted_until}:
            kind = Happening.MUTED
        elif before.in_force(now).muted_until and not ruling.muted_until:
            kind = Happening.UNMUTED
        return None if kind is None else Line(now, kind, member.name)

    def _tell_hub(self) -> None:
        state, reason = told = _standing(self._hub())
        if told == self._hub_told:  # each attempt tells it anew
            return
        self._hub_told = told
        is_problem = state not in _HUB_IS_WELL
        line = Line(self._clock.now(), Happening.HUB, detail=reason or state, is_problem=is_problem)
        self._lines.append(line)


def _standing(status: HubStatus) -> tuple[HubState, str]:
    return status.state, str(status.reason)
