"""Removing messages so that nothing of them stays in the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

_AT_ONCE = 200
"""Messages that one transaction removes, so that whoever posts waits for no more than these."""

_PAGES_AT_ONCE = 250
"""Pages of the search index that one transaction rewrites, for the same reason."""

_CAN_SECURE_DELETE = sqlite3.sqlite_version_info >= (3, 42)
"""Whether the library takes words out of the search index at once (sqlite.org/fts5.html, 6.11)."""

_WORDS_VERSION = 4
"""The form of the search index that libraries before 3.42 read; the first secure delete makes 5."""

_NONE, _GOING = 0, 2
"""What `room.words_left` says when nothing is left, and when the index is being rewritten."""

_MERGED = 2
"""A merge that changed fewer rows than these has found nothing to do (fts5.html, 6.8)."""


def forget_messages(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """Remove messages; what they asked and has no answer yet is not asked any more.

    That their words may be left in the search index is written down in the same transaction:
    whatever ends the program then, `forget_words` goes on in the next run.
    """
    each = [(number,) for number in numbers]
    connection.executemany("DELETE FROM message WHERE id = ?", each)
    connection.executemany(
        "UPDATE outbox SET delivery = 'expired' "
        "WHERE message_id = ? AND delivery IN ('queued', 'sending', 'sent')",
        each,
    )
    if not _CAN_SECURE_DELETE:
        connection.execute("UPDATE room SET words_left = 1")


def forget_old_messages(
    connection: sqlite3.Connection, sent_before: datetime, most: int, through: int
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
    rows = connection.execute(
        """
        SELECT id FROM message WHERE id <= MAX((SELECT last_id FROM room) - ?, ?)
        ORDER BY id LIMIT ?
        """,
        (most, through, _AT_ONCE),
    ).fetchall()
    if not rows:
        old = "SELECT id FROM message WHERE sent_at < ? ORDER BY sent_at LIMIT ?"
        rows = connection.execute(old, (sent_before.isoformat(), _AT_ONCE)).fetchall()
    if rows:
        forget_messages(connection, [row[0] for row in rows])
        connection.execute(
            "UPDATE room SET first_id = COALESCE((SELECT MIN(id) FROM message), last_id + 1)"
        )
    return len(rows)


def forget_what_they_asked(connection: sqlite3.Connection) -> int:
    """Remove some of the utterances before the log's beginning; return how many, 0 at the end."""
    before = """
        DELETE FROM outbox WHERE message_id IN (
            SELECT message_id FROM outbox WHERE message_id < (SELECT first_id FROM room) LIMIT ?
        )
    """
    return connection.execute(before, (_AT_ONCE,)).rowcount


def forget_words_at_once(connection: sqlite3.Connection) -> None:
    """Let the search index forget the words of a message with it, where the library can."""
    if _CAN_SECURE_DELETE:
        connection.execute(
            "INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1)"
        )


def make_words_readable(connection: sqlite3.Connection) -> None:
    """Make the search index anew where a newer library wrote it as this one can't read it."""
    if _CAN_SECURE_DELETE:
        return
    renamed = "UPDATE message_words_config SET v = ? WHERE k = 'version' AND v > ?"
    if connection.execute(renamed, (_WORDS_VERSION, _WORDS_VERSION)).rowcount:
        connection.execute("INSERT INTO message_words (message_words) VALUES ('rebuild')")


def forget_words(connection: sqlite3.Connection) -> bool:
    """Rewrite a part of the search index without what was removed; until then it says "removed".

    Args:
        connection: Inside a transaction.

    Returns:
        Whether there may be more to do.
    """
    [left] = connection.execute("SELECT words_left FROM room").fetchone()
    if left == _NONE:
        return False
    # A negative number begins with all of the index, a positive one goes on with what was begun.
    pages = _PAGES_AT_ONCE if left == _GOING else -_PAGES_AT_ONCE
    before = connection.total_changes
    connection.execute(
        "INSERT INTO message_words (message_words, rank) VALUES ('merge', ?)", (pages,)
    )
    is_more = connection.total_changes - before >= _MERGED
    connection.execute("UPDATE room SET words_left = ?", (_GOING if is_more else _NONE,))
    return is_more
