"""Reading the log: one message, or a page of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from hivemind_chatroom.room.model import MemberId, Message, MessageId, Page
from hivemind_chatroom.store.rows import message_of
from hivemind_chatroom.store.words import folded_words

_NUMBER_MAX: Final = 2**63 - 1
"""SQLite's highest integer; whoever asks for a higher number means this one."""

_COLUMNS: Final = "SELECT message.*, outbox.corr, outbox.delivery"
_DELIVERED: Final = "LEFT JOIN outbox ON outbox.message_id = message.id"
_SELECT: Final = f"{_COLUMNS} FROM message {_DELIVERED}"
_SEARCH: Final = f"""
    {_COLUMNS} FROM message_words CROSS JOIN message ON id = message_words.rowid {_DELIVERED}
"""
"""The index gives the numbers in their order: of a common word, no more are read than wanted."""


def message_numbered(connection: sqlite3.Connection, message_id: MessageId) -> Message | None:
    """Return one message, or None when there is none with this number."""
    return next(iter(messages_numbered(connection, [message_id])), None)


def messages_numbered(
    connection: sqlite3.Connection, message_ids: Collection[MessageId]
) -> list[Message]:
    """Return those of the messages that are there, by their numbers."""
    where = f"WHERE id IN ({places(message_ids)}) ORDER BY id"
    numbers = [min(message_id, _NUMBER_MAX) for message_id in message_ids]
    return [message_of(row) for row in connection.execute(f"{_SELECT} {where}", numbers)]


def places(values: Collection[object]) -> str:
    """Return as many question marks as there are values."""
    return ",".join("?" * len(values))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the log is asked for; see `MessageLog.page`."""

    viewer: MemberId | None
    before: MessageId | None
    after: MessageId | None
    limit: int
    words: str


def page_of(connection: sqlite3.Connection, wanted: Wanted) -> Page:
    """Return what the viewer may see of it, oldest first."""
    forward = wanted.after is not None
    where = ["(private_to IS NULL OR private_to = ?)"]
    values: list[object] = [wanted.viewer]
    select, number = _SELECT, "id"
    if match := _match(wanted.words):
        select, number = _SEARCH, "message_words.rowid"
        where.append("message_words MATCH ?")
        values.append(match)
    for bound, sign in ((wanted.before, "<"), (wanted.after, ">")):
        if bound is not None:
            where.append(f"{number} {sign} ?")
            values.append(min(bound, _NUMBER_MAX))
    order = "ASC" if forward else "DESC"
    query = f"{select} WHERE {' AND '.join(where)} ORDER BY {number} {order} LIMIT ?"
    rows = connection.execute(query, (*values, wanted.limit + 1)).fetchall()
    found = [message_of(row) for row in rows[: wanted.limit]]
    return Page(tuple(found if forward else reversed(found)), more=len(rows) > wanted.limit)


def _match(words: str) -> str:
    """Return a search as FTS5 wants it: every word quoted, and the beginning of one of the text's.

    See sqlite.org/fts5.html, sections 3.1 and 3.3.
    """
    return " ".join(f'"{word}"*' for word in folded_words(words))
