"""The members in the database: a `MemberBook`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.room.ports import MemberRecord
from hivemind_chatroom.store.postgres.connections import Connections
from hivemind_chatroom.store.rows import member_row, record_of

_KEEP: Final = """
    INSERT INTO member (
        id, name, lang, site_id, color, session_id, session_state, is_held,
        muted_until, removed_until, renamed_from, renamed_until, has_left
    ) VALUES (
        %(id)s, %(name)s, %(lang)s, %(site_id)s, %(color)s, %(session_id)s, %(session_state)s,
        %(is_held)s, %(muted_until)s, %(removed_until)s, %(renamed_from)s, %(renamed_until)s,
        %(has_left)s
    ) ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, lang = excluded.lang, site_id = excluded.site_id,
        session_state = excluded.session_state, is_held = excluded.is_held,
        muted_until = excluded.muted_until, removed_until = excluded.removed_until,
        renamed_from = excluded.renamed_from, renamed_until = excluded.renamed_until,
        has_left = excluded.has_left
"""


class PostgresBook:
    """Keeps members; safe to call from any thread."""

    def __init__(self, connections: Connections) -> None:
        """Keep them through these, which the log uses too."""
        self._connections = connections

    def records(self) -> Sequence[MemberRecord]:
        """Return everybody, in the order of arrival."""
        digests: defaultdict[str, set[bytes]] = defaultdict(set)
        with self._connections.lent() as connection:
            for row in connection.execute("SELECT member_id, digest FROM cookie"):
                digests[row["member_id"]].add(bytes(row["digest"]))
            rows = connection.execute("SELECT * FROM member ORDER BY arrived").fetchall()
        return [record_of(row, frozenset(digests[row["id"]])) for row in rows]

    def keep(self, record: MemberRecord) -> None:
        """Keep a member as it is now."""
        member_id, digests = record.member.id, [*record.digests]
        with self._connections.lent() as connection, connection.transaction():
            connection.execute(_KEEP, member_row(record))
            connection.execute("DELETE FROM cookie WHERE member_id = %s", (member_id,))
            connection.execute(
                "INSERT INTO cookie SELECT unnest(%s::bytea[]), %s", (digests, member_id)
            )

    def forget(self, member_id: MemberId) -> None:
        """Forget a member with its cookies; one who isn't there is no news."""
        with self._connections.lent() as connection:
            connection.execute("DELETE FROM member WHERE id = %s", (member_id,))
