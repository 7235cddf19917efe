"""The members in the database: a `MemberBook`."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from hivemind_chatroom.room.book import MemberRecord
from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.store.connections import Readers
from hivemind_chatroom.store.rows import member_row, record_of
from hivemind_chatroom.store.writer import Writer

_KEEP = """
    INSERT INTO member (
        id, arrived, name, lang, site_id, color, session_id, session_state, is_held,
        muted_until, removed_until, renamed_from, renamed_until, has_left
    ) VALUES (
        :id, (SELECT COALESCE(MAX(arrived), 0) + 1 FROM member), :name, :lang, :site_id, :color,
        :session_id, :session_state, :is_held,
        :muted_until, :removed_until, :renamed_from, :renamed_until, :has_left
    ) ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, lang = excluded.lang, site_id = excluded.site_id,
        session_state = excluded.session_state, is_held = excluded.is_held,
        muted_until = excluded.muted_until, removed_until = excluded.removed_until,
        renamed_from = excluded.renamed_from, renamed_until = excluded.renamed_until,
        has_left = excluded.has_left
"""


class SqliteBook:
    """Keeps members; safe to call from any thread."""

    def __init__(self, writer: Writer, readers: Readers) -> None:
        """Keep them through these, which the log uses too."""
        self._writer = writer
        self._readers = readers

    def records(self) -> Sequence[MemberRecord]:
        """Return everybody, in the order of arrival."""
        digests: defaultdict[str, set[bytes]] = defaultdict(set)
        with self._readers.reading() as connection:
            for row in connection.execute("SELECT member_id, digest FROM cookie"):
                digests[row["member_id"]].add(row["digest"])
            rows = connection.execute("SELECT * FROM member ORDER BY arrived").fetchall()
        return [record_of(row, frozenset(digests[row["id"]])) for row in rows]

    def those(self, member_ids: Collection[MemberId]) -> Mapping[MemberId, MemberRecord]:
        """Return what is kept of those of the members that are there."""
        wanted = {*member_ids}
        return {each.member.id: each for each in self.records() if each.member.id in wanted}

    def let_in_elsewhere(self, digest: bytes) -> MemberId | None:  # noqa: ARG002 - the port's
        """Return None: one instance at a time uses the file."""
        return None

    def keep(self, record: MemberRecord) -> None:
        """Keep a member as it is now."""

        def change(connection: sqlite3.Connection) -> None:
            connection.execute(_KEEP, member_row(record))
            connection.execute("DELETE FROM cookie WHERE member_id = ?", (record.member.id,))
            cookies = [(digest, record.member.id) for digest in record.digests]
            connection.executemany("INSERT INTO cookie VALUES (?, ?)", cookies)

        self._writer.change(change)

    def forget(self, record: MemberRecord) -> None:
        """Forget a member with its cookies; one who isn't there is no news."""
        forgotten = (record.member.id,)
        self._writer.change(
            lambda connection: connection.execute("DELETE FROM member WHERE id = ?", forgotten)
        )
        self._writer.empty_journal()
