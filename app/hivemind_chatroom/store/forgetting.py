"""Removing messages so that nothing of them stays in the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum

_AT_ONCE = 200
"""Messages that one transaction removes, so that whoever posts waits for no more than these."""

_PAGES_AT_ONCE = 250
"""Pages of the search index that one transaction rewrites, for the same reason."""

_CAN_SECURE_DELETE = sqlite3.sqlite_version_info >= (3, 42)
"""Whether the library takes words out of the search index at once (sqlite.org/fts5.html, 6.11)."""

_WORDS_VERSION = 4
"""The form of the search index that libraries before 3.42 read; the first secure delete makes 5."""

_STRUCTURE = 10
"""The row of `message_words_data` that lists the index's segments by their levels."""

_LEVELS_MAX = 1_000
"""Each rewriting puts all segments on a level of its own, above the others, and an index of more
than 2,000 can't be read (fts5IndexOptimizeStruct, FTS5_MAX_SEGMENT in fts5_index.c of 3.40)."""

_VARINT_BITS = 7

_MERGED = 2
"""A merge that changed fewer rows than these has found nothing to do (fts5.html, 6.8)."""


class WordsLeft(IntEnum):
    """What may be left of removed messages in the search index (`room.words_left`)."""

    NONE = 0
    SOME = 1
    GOING = 2
    """The index is being rewritten without it."""
    GOING_AND_MORE = 3
    """So it is, and something was removed meanwhile: it will have to be rewritten once more."""

    @property
    def is_going(self) -> bool:
        """Whether the index is being rewritten."""
        return self in (WordsLeft.GOING, WordsLeft.GOING_AND_MORE)


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
        connection.execute(
            "UPDATE room SET words_left = CASE WHEN words_left < ? THEN ? ELSE ? END",
            (WordsLeft.GOING, WordsLeft.SOME, WordsLeft.GOING_AND_MORE),
        )


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
        _index_anew(connection)


def forget_words(connection: sqlite3.Connection) -> WordsLeft:
    """Rewrite a part of the search index without what was removed; until then it says "removed".

    Args:
        connection: Inside a transaction.

    Returns:
        What is left now; some, when more was removed while all of it was rewritten.
    """
    left = WordsLeft(connection.execute("SELECT words_left FROM room").fetchone()[0])
    if left is WordsLeft.NONE:
        return left
    if left is WordsLeft.SOME and _levels(connection) >= _LEVELS_MAX:
        # All at once: 0.3 s for 100,000 messages, once in 500 rewritings.
        _index_anew(connection)
        left = WordsLeft.NONE
    elif _merge(connection, begins=left is WordsLeft.SOME):
        left = max(left, WordsLeft.GOING)
    else:
        left = WordsLeft.SOME if left is WordsLeft.GOING_AND_MORE else WordsLeft.NONE
    connection.execute("UPDATE room SET words_left = ?", (left,))
    return left


def _index_anew(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO message_words (message_words) VALUES ('rebuild')")


def _merge(connection: sqlite3.Connection, *, begins: bool) -> bool:
    """Rewrite some pages; return whether there is more to rewrite."""
    # A negative number begins with all of the index, a positive one goes on with what was begun.
    pages = -_PAGES_AT_ONCE if begins else _PAGES_AT_ONCE
    before = connection.total_changes
    connection.execute(
        "INSERT INTO message_words (message_words, rank) VALUES ('merge', ?)", (pages,)
    )
    return connection.total_changes - before >= _MERGED


def _levels(connection: sqlite3.Connection) -> int:
    """Return how many levels the search index has.

    Their number comes after four bytes, as SQLite's varint: seven bits a byte, the highest first
    (fts5_index.c, "Structure record"; sqlite.org/fileformat2.html, 1.6).
    """
    query = "SELECT block FROM message_words_data WHERE id = ?"
    [structure] = connection.execute(query, (_STRUCTURE,)).fetchone()
    levels = 0
    for byte in structure[4:]:
        levels = levels << _VARINT_BITS | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says whether another byte follows
            break
    return levels
