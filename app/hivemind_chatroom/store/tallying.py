"""Counting over the log: one pass over the messages of a stretch of time, without their words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from hivemind_chatroom.room.model import Delivery, Kind, MemberId
from hivemind_chatroom.room.tally import Question, Spoken, Tally

_LINES: Final = """
    SELECT id, kind, author_id, sent_at, in_reply_to, delivery, queued_at
    FROM message LEFT JOIN outbox ON message_id = id
    WHERE sent_at >= ? ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Line:
    """What of a message counts."""

    id: int
    kind: str
    author_id: str
    sent_at: datetime
    in_reply_to: int | None
    delivery: str | None
    asked_at: datetime


def lines_since(connection: sqlite3.Connection, since: datetime) -> Iterable[Line]:
    """Read the lines that were sent from a moment on, in their order."""
    for row in connection.execute(_LINES, (since.astimezone(UTC).isoformat(),)):
        sent_at, queued_at = datetime.fromisoformat(row["sent_at"]), row["queued_at"]
        yield Line(
            row["id"],
            row["kind"],
            row["author_id"],
            sent_at,
            row["in_reply_to"],
            row["delivery"],
            sent_at if queued_at is None else datetime.fromtimestamp(queued_at, UTC),
        )


def tally_of(lines: Iterable[Line]) -> Tally:
    """Count over lines, which are in their order."""
    spoken: list[Spoken] = []
    asked: list[Line] = []
    answered_at: dict[int, datetime] = {}
    for line in lines:
        if line.kind == Kind.PERSON:
            spoken.append(Spoken(MemberId(line.author_id), line.sent_at))
        if line.delivery is not None:
            asked.append(line)
        if line.in_reply_to is not None:
            answered_at[line.in_reply_to] = line.sent_at
    questions = (
        Question(line.asked_at, line.delivery == Delivery.ANSWERED, answered_at.get(line.id))
        for line in asked
    )
    return Tally(tuple(spoken), tuple(questions))
