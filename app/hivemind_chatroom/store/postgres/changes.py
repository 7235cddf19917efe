"""What other instances of the room do, read from the database they share: the port `Changes`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hivemind_chatroom.room.changes import Change, ChangeKind, Hints, News
from hivemind_chatroom.room.model import MessageId
from hivemind_chatroom.store.postgres.connecting import Connection
from hivemind_chatroom.store.postgres.connections import Connections
from hivemind_chatroom.store.postgres.elsewhere import VOID_S
from hivemind_chatroom.store.postgres.listening import Listening
from hivemind_chatroom.store.postgres.rows import message_of

_MOST: Final = 1_000
"""Messages, and likewise changes, that one look reads."""

_KEPT_S: Final = 3_600
"""How long a change is kept for who has not heard of it, in seconds."""

_FORGET_MOST: Final = 10_000
"""Changes that one step forgets."""

_NEWS: Final = """
    SELECT room.last_id, change_count.last_id AS change_id,
        coalesce((SELECT min(id) FROM change), change_count.last_id + 1) AS oldest,
        EXISTS (
            SELECT FROM instance
            WHERE instance.id <> %s AND seen_at > clock_timestamp() - make_interval(secs => %s)
        ) AS has_others,
        message.id, kind, author_id, author_name, text, lang, sent_at, to_id, to_name, private_to,
        client_id, in_reply_to, expects_reply, media, outbox.corr, outbox.delivery
    FROM room CROSS JOIN change_count
    LEFT JOIN message ON message.id > %s
    LEFT JOIN outbox ON outbox.message_id = message.id
    ORDER BY message.id LIMIT %s
"""
"""One row at least: the two counters stand in each."""

_CHANGES: Final = """
    SELECT id, kind, subject, instance FROM change
    WHERE id > %s AND id <= %s ORDER BY id LIMIT %s
"""

_FORGET: Final = """
    DELETE FROM change WHERE id IN (
        SELECT id FROM change WHERE made_at < now() - make_interval(secs => %s)
        ORDER BY id LIMIT %s
    )
"""

_KINDS: Final = frozenset(kind.value for kind in ChangeKind)


class PostgresChanges:
    """Reads what there is by number; safe to call from any thread."""

    def __init__(self, connections: Connections) -> None:
        """Read by these connections; what is changed by them is not news."""
        self._connections = connections

    @property
    def instance(self) -> str:
        """What tells this run from the others."""
        return self._connections.instance

    def change_id(self) -> int:
        """Return up to where there are changes now."""
        with self._connections.lent() as connection:
            row = connection.execute("SELECT last_id FROM change_count").fetchone()
        return int(row["last_id"]) if row else 0

    def news(self, after: MessageId, change_id: int) -> News:
        """Read what came after a message and a change.

        Both counters are read at one moment, with the messages. What they count is there when they
        say so: they are locked until it is committed.
        """
        with self._connections.lent() as connection:
            rows = connection.execute(_NEWS, (self.instance, VOID_S, after, _MOST)).fetchall()
            now = rows[0]
            changes, known_to = self._changes(connection, change_id, now["change_id"])
        messages = [message_of(row) for row in rows if row["id"] is not None]
        last_id = MessageId(max(now["last_id"], after))
        if len(messages) == _MOST:
            last_id = messages[-1].id
        return News(
            tuple(messages),
            last_id,
            tuple(changes),
            known_to,
            is_more=last_id < now["last_id"] or known_to < now["change_id"],
            is_alone=not now["has_others"],
            is_all=change_id + 1 >= now["oldest"],
        )

    def hints(self, tell: Callable[[], None]) -> Hints:
        """Make what calls `tell` when there may be news, on a thread of its own."""
        return Listening(self._connections, tell)

    def _changes(
        self, connection: Connection, after: int, through: int
    ) -> tuple[list[Change], int]:
        """Return what others did, and up to where that is everything."""
        if through <= after:
            return [], after
        rows = connection.execute(_CHANGES, (after, through, _MOST)).fetchall()
        changes = [
            Change(ChangeKind(row["kind"]), row["subject"])
            for row in rows
            if row["instance"] != self.instance and row["kind"] in _KINDS
        ]
        return changes, rows[-1]["id"] if len(rows) == _MOST else through


def forget_old_changes(connection: Connection) -> int:
    """Forget some of the changes that everybody has heard of; return how many, 0 at the end."""
    return connection.execute(_FORGET, (_KEPT_S, _FORGET_MOST)).rowcount
