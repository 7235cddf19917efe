"""Reading and forgetting: pages of the log, and what is old."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Final

from hivemind_chatroom.room.model import Message, MessageId, Page
from hivemind_chatroom.store.pages import Wanted
from hivemind_chatroom.store.postgres.connecting import Connection
from hivemind_chatroom.store.postgres.rows import message_of
from hivemind_chatroom.store.tallying import Line
from hivemind_chatroom.store.words import folded_words

NUMBER_MAX: Final = 2**63 - 1
"""The highest `bigint`; whoever asks for a higher number means this one."""

_AT_ONCE: Final = 200
"""Messages that one transaction removes."""

_WORD_MAX: Final = 200
"""As in appending.py."""

_SELECT: Final = """
    SELECT message.*, outbox.corr, outbox.delivery
    FROM message LEFT JOIN outbox ON outbox.message_id = message.id
"""

_REMOVE: Final = """
    WITH gone AS (
        DELETE FROM message WHERE id = ANY(%s) RETURNING *
    ), ended AS (
        UPDATE outbox SET delivery = 'expired' FROM gone
        WHERE message_id = gone.id AND delivery IN ('queued', 'sending', 'sent')
    )
    SELECT gone.*, outbox.corr, outbox.delivery
    FROM gone LEFT JOIN outbox ON outbox.message_id = gone.id
"""


def message_numbered(connection: Connection, message_id: int) -> Message | None:
    """Return one message, or None when there is none with this number."""
    return next(iter(messages_numbered(connection, [message_id])), None)


def messages_numbered(connection: Connection, message_ids: Collection[int]) -> list[Message]:
    """Return those of the messages that are there, by their numbers."""
    numbers = [min(message_id, NUMBER_MAX) for message_id in message_ids]
    rows = connection.execute(f"{_SELECT} WHERE id = ANY(%s) ORDER BY id", (numbers,))
    return [message_of(row) for row in rows]


def page_of(connection: Connection, wanted: Wanted) -> Page:
    """Return what the viewer may see of it, oldest first."""
    forward = wanted.after is not None
    where = ["(private_to IS NULL OR private_to = %s::text)"]
    values: list[object] = [wanted.viewer]
    if starts := [word[:_WORD_MAX] for word in folded_words(wanted.words)]:
        where.append("words @@ %s::tsquery")
        values.append(" & ".join(f"'{start}':*" for start in starts))
    for bound, sign in ((wanted.before, "<"), (wanted.after, ">")):
        if bound is not None:
            where.append(f"id {sign} %s")
            values.append(min(bound, NUMBER_MAX))
    order = "ASC" if forward else "DESC"
    query = f"{_SELECT} WHERE {' AND '.join(where)} ORDER BY id {order} LIMIT %s"
    rows = connection.execute(query.encode(), (*values, wanted.limit + 1)).fetchall()
    found = [message_of(row) for row in rows[: wanted.limit]]
    return Page(tuple(found if forward else reversed(found)), more=len(rows) > wanted.limit)


def forget_messages(connection: Connection, numbers: list[int]) -> list[Message]:
    """Remove messages; what they asked and has no answer yet is not asked any more."""
    rows = connection.execute(_REMOVE, (numbers,)).fetchall()
    return [message_of(row) for row in rows]


def forget_old_messages(
    connection: Connection, sent_before: datetime, most: int, through: int
) -> int:
    """Remove some of the messages that are old or too many, and note where the log begins then.

    Args:
        connection: Inside a transaction.
        sent_before: What was sent before this moment is old.
        most: How many numbers, from the newest down, are not too many.
        through: What has a number up to this one goes in any case.

    Returns:
        How many those were, 0 at the end.
    """
    many = """
        SELECT id FROM message
        WHERE id <= GREATEST((SELECT last_id FROM room) - %s::bigint, %s::bigint)
        ORDER BY id LIMIT %s
    """
    rows = connection.execute(many, (most, min(through, NUMBER_MAX), _AT_ONCE)).fetchall()
    if not rows:
        old = "SELECT id FROM message WHERE sent_at < %s ORDER BY sent_at LIMIT %s"
        rows = connection.execute(old, (sent_before, _AT_ONCE)).fetchall()
    if rows:
        # Nobody may be counting while it is found out which number is the first. It is locked
        # first: who counts may wait for the end of a removal, and the removal locks what all note
        # their changes in.
        connection.execute("SELECT last_id FROM room FOR UPDATE")
        forget_messages(connection, [row["id"] for row in rows])
        connection.execute(
            "UPDATE room SET first_id = COALESCE((SELECT MIN(id) FROM message), last_id + 1)"
        )
    return len(rows)


def forget_what_they_asked(connection: Connection) -> int:
    """Remove some of the utterances before the log's beginning; return how many, 0 at the end."""
    before = """
        DELETE FROM outbox WHERE message_id IN (
            SELECT message_id FROM outbox WHERE message_id < (SELECT first_id FROM room) LIMIT %s
        )
    """
    return connection.execute(before, (_AT_ONCE,)).rowcount


def lines_since(connection: Connection, since: datetime) -> Iterable[Line]:
    """Read the lines that were sent from a moment on, in their order."""
    lines = """
        SELECT id, kind, author_id, sent_at, in_reply_to, delivery, queued_at
        FROM message LEFT JOIN outbox ON message_id = id
        WHERE sent_at >= %s ORDER BY id
    """
    for row in connection.execute(lines, (since,)):
        sent_at, queued_at = row["sent_at"], row["queued_at"]
        yield Line(
            MessageId(row["id"]),
            row["kind"],
            row["author_id"],
            sent_at,
            row["in_reply_to"],
            row["delivery"],
            sent_at if queued_at is None else datetime.fromtimestamp(queued_at, UTC),
        )
