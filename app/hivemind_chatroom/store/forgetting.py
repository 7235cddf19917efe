"""Removing messages so that nothing of them stays in the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

_AT_ONCE = 1_000
"""Messages that one transaction removes, so that whoever posts waits for no more than these."""


def forget_messages(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """Remove messages; what they asked and has no answer yet is not asked any more."""
    each = [(number,) for number in numbers]
    connection.executemany("DELETE FROM message WHERE id = ?", each)
    connection.executemany(
        "UPDATE outbox SET delivery = 'expired' "
        "WHERE message_id = ? AND delivery IN ('queued', 'sending', 'sent')",
        each,
    )


def forget_old_messages(connection: sqlite3.Connection, sent_before: datetime, most: int) -> int:
    """Remove some of the messages that are old or too many; return how many, 0 at the end."""
    rows = connection.execute(
        """
        SELECT id FROM message WHERE id <= (SELECT last_id FROM room) - :most
        UNION
        SELECT id FROM message WHERE sent_at < :sent_before
        ORDER BY id LIMIT :at_once
        """,
        {"most": most, "sent_before": sent_before.isoformat(), "at_once": _AT_ONCE},
    ).fetchall()
    forget_messages(connection, [row[0] for row in rows])
    return len(rows)


def forget_what_they_asked(connection: sqlite3.Connection) -> None:
    """Note where the log begins now, and remove the outbox rows and marks before it."""
    connection.execute(
        "UPDATE room SET first_id = COALESCE((SELECT MIN(id) FROM message), last_id + 1)"
    )
    connection.execute("DELETE FROM outbox WHERE message_id < (SELECT first_id FROM room)")


def forget_words(connection: sqlite3.Connection) -> None:
    """Rewrite the search index without what was removed; until then it only says "removed".

    See sqlite.org/fts5.html, section 6.8: the next merge drops the words, `optimize` merges all.
    """
    connection.execute("INSERT INTO message_words (message_words) VALUES ('optimize')")
