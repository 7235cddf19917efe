"""Messages, utterances and members as rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from hivemind_chatroom.room.book import MemberRecord
from hivemind_chatroom.room.model import (
    Author,
    Correlation,
    Delivery,
    Draft,
    Kind,
    Media,
    Member,
    MemberId,
    Message,
    MessageId,
    Session,
    SessionId,
)
from hivemind_chatroom.room.ruling import Ruling
from hivemind_chatroom.store.words import folded_words

Row = dict[str, object]
"""Values by the names of their columns."""

Found = sqlite3.Row | Mapping[str, Any]
"""A row as a database has given it."""

Values = tuple[object, ...]
"""Values in the order of their columns."""


def message_values(message: Message) -> Values:
    """Return a message as a row of `message`."""
    draft = message.draft
    return (
        message.id,
        draft.kind.value,  # an enumeration costs SQLite a search for an adapter
        draft.author.id,
        draft.author.name,
        draft.text,
        draft.lang,
        draft.sent_at.isoformat(),
        draft.to.id if draft.to else None,
        draft.to.name if draft.to else None,
        draft.private_to,
        draft.client_id,
        draft.in_reply_to,
        draft.expects_reply,
        json.dumps(asdict(draft.media)) if draft.media else None,
        " ".join(folded_words(draft.text)),
    )


def message_of(row: Found) -> Message:
    """Return the message of a row of `message`, its moment as text, with its row of `outbox`."""
    return message_of_row(row, datetime.fromisoformat(row["sent_at"]))


def message_of_row(row: Found, sent_at: datetime) -> Message:
    """Return the message of a row of `message` with its row of `outbox`.

    Args:
        row: What databases keep alike.
        sent_at: Its moment, aware, UTC, which each keeps in its own way.
    """
    draft = Draft(
        kind=Kind(row["kind"]),
        author=Author(row["author_id"], row["author_name"]),
        text=row["text"],
        lang=row["lang"],
        sent_at=sent_at,
        to=None if row["to_id"] is None else Author(row["to_id"], row["to_name"]),
        private_to=None if row["private_to"] is None else MemberId(row["private_to"]),
        client_id=row["client_id"],
        in_reply_to=None if row["in_reply_to"] is None else MessageId(row["in_reply_to"]),
        expects_reply=bool(row["expects_reply"]),
        media=None if row["media"] is None else Media(**json.loads(row["media"])),
        corr=None if row["corr"] is None else Correlation(row["corr"]),
    )
    delivery = None if row["delivery"] is None else Delivery(row["delivery"])
    return Message(MessageId(row["id"]), draft, delivery)


def member_row(record: MemberRecord) -> Row:
    """Return a member as a row of `member`, without its place in the order of arrival."""
    member, ruling = record.member, record.ruling
    return {
        "id": member.id,
        "name": member.name,
        "lang": member.lang,
        "site_id": member.site_id,
        "color": member.color,
        "session_id": member.session.id,
        "session_state": json.dumps(member.session.state),
        "is_held": record.is_held,
        "has_left": record.has_left,
        "muted_until": _moment_value(ruling.muted_until),
        "removed_until": _moment_value(ruling.removed_until),
        "renamed_from": ruling.renamed_from,
        "renamed_until": _moment_value(ruling.renamed_until),
    }


def record_of(row: Found, digests: frozenset[bytes]) -> MemberRecord:
    """Return the member of a row of `member`, with the digests of its cookies."""
    session = Session(SessionId(row["session_id"]), json.loads(row["session_state"]))
    return MemberRecord(
        Member(
            MemberId(row["id"]),
            row["name"],
            row["lang"],
            row["site_id"],
            row["color"],
            session,
        ),
        is_held=bool(row["is_held"]),
        has_left=bool(row["has_left"]),
        digests=digests,
        ruling=Ruling(
            muted_until=_moment_of(row["muted_until"]),
            removed_until=_moment_of(row["removed_until"]),
            renamed_from=row["renamed_from"],
            renamed_until=_moment_of(row["renamed_until"]),
        ),
    )


def _moment_value(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment_of(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
