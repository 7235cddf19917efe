"""A database with very many messages, made quickly."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.store.sqlite import SqliteStore

_FILL = """
    PRAGMA synchronous = OFF;
    PRAGMA temp_store = MEMORY;
    BEGIN;
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {messages})
    INSERT INTO message (
        id, kind, author_id, author_name, text, lang, sent_at, client_id, expects_reply, words
    )
    SELECT
        n, 'person', 'member-' || (n % 50), 'Member ' || (n % 50),
        'This is line ' || n || ' of the bench', 'en',
        strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-' || ({messages} - n) || ' seconds'),
        'mark-' || n, 0,
        'this is line ' || n || ' of the bench' FROM number;
    INSERT INTO outbox
    SELECT id, 'corr-' || id, author_id, 'answered', 0 FROM message WHERE id % 2;
    INSERT INTO mark SELECT corr, message_id FROM outbox;
    UPDATE room SET last_id = {messages};
    COMMIT;
"""


def fill(file: Path, messages: int) -> None:
    """Make a database of a room in which every other message was asked of the assistant.

    Args:
        file: Where it is to be.
        messages: How many it has.
    """
    SqliteStore(file, SystemClock()).close()
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript(_FILL.format(messages=messages))
