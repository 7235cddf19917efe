"""The members in the database: a `MemberBook` that several instances of the room share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import psycopg

from hivemind_chatroom.room.book import MemberRecord, OutdatedError
from hivemind_chatroom.room.limits import Rate, TokenBuckets
from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.room.names import skeletons
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.store.postgres.connecting import Connection
from hivemind_chatroom.store.postgres.connections import Connections
from hivemind_chatroom.store.rows import Found, member_row, record_of

LOOKS: Final = Rate(per_second=100, burst=200)
"""How fast cookies that are nobody's are looked for, whoever comes by them."""

_THOSE: Final = """
    SELECT *, ARRAY(SELECT digest FROM cookie WHERE member_id = id) AS digests
    FROM member WHERE id = ANY(%s) ORDER BY arrived
"""

_VERSION: Final = "SELECT version FROM member WHERE id = %s FOR UPDATE"

_FREE_NAMES: Final = "DELETE FROM name_taken WHERE member_id = %s AND skeleton <> ALL(%s)"

_TAKE_NAMES: Final = """
    INSERT INTO name_taken SELECT skeleton, %s FROM unnest(%s::text[]) AS skeleton
    ON CONFLICT DO NOTHING
"""
"""Waits for whoever takes one of them at this moment; what they had then is seen by `_HOLDERS`."""

_HOLDERS: Final = "SELECT skeleton, member_id FROM name_taken WHERE skeleton = ANY(%s)"

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
        has_left = excluded.has_left, version = member.version + 1
"""

_FORGET: Final = "DELETE FROM member WHERE id = %(id)s AND %(version)s IN (0, version)"


class PostgresBook:
    """Keeps members; safe to call from any thread.

    What is written says which version it follows, and a name is one member's by `name_taken`: of
    two instances at once the second is refused, and reads what the first one has kept.
    """

    def __init__(self, connections: Connections, clock: Clock) -> None:
        """Keep them through these, which the log uses too."""
        self._connections = connections
        self._looks = TokenBuckets(LOOKS, clock)

    def records(self) -> Sequence[MemberRecord]:
        """Return everybody, in the order of arrival."""
        digests: defaultdict[str, set[bytes]] = defaultdict(set)
        with self._connections.lent() as connection:
            for row in connection.execute("SELECT member_id, digest FROM cookie"):
                digests[row["member_id"]].add(bytes(row["digest"]))
            rows = connection.execute("SELECT * FROM member ORDER BY arrived").fetchall()
        return [_record_of(row, digests[row["id"]]) for row in rows]

    def those(self, member_ids: Collection[MemberId]) -> Mapping[MemberId, MemberRecord]:
        """Return what is kept of those of the members that are there."""
        with self._connections.lent() as connection:
            rows = connection.execute(_THOSE, ([*member_ids],)).fetchall()
        found = [_record_of(row, {bytes(each) for each in row["digests"]}) for row in rows]
        return {each.member.id: each for each in found}

    def let_in_elsewhere(self, digest: bytes) -> MemberId | None:
        """Return whose cookie this is, unless too many were looked for lately."""
        if not self._looks.allows(""):
            return None
        with self._connections.lent() as connection:
            query = "SELECT member_id FROM cookie WHERE digest = %s"
            row = connection.execute(query, (digest,)).fetchone()
        return MemberId(row["member_id"]) if row else None

    def keep(self, record: MemberRecord) -> None:
        """Keep a member as it is now, if that follows what is kept.

        The row is written last: it is then that others are told.
        """
        member_id, digests = record.member.id, [*record.digests]
        with self._connections.lent() as connection:
            try:
                with connection.transaction():
                    _require_current(connection, record)
                    _take_names(connection, record)
                    connection.execute("DELETE FROM cookie WHERE member_id = %s", (member_id,))
                    connection.execute(
                        "INSERT INTO cookie SELECT unnest(%s::bytea[]), %s", (digests, member_id)
                    )
                    connection.execute(_KEEP, member_row(record))
            except (psycopg.errors.DeadlockDetected, psycopg.errors.UniqueViolation) as error:
                raise OutdatedError(member_id) from error

    def forget(self, record: MemberRecord) -> None:
        """Forget a member with its cookies, if it is what is kept."""
        forgotten = {"id": record.member.id, "version": record.version}
        with self._connections.lent() as connection:
            if connection.execute(_FORGET, forgotten).rowcount:
                return
            if connection.execute(_VERSION, (record.member.id,)).fetchone():
                raise OutdatedError(record.member.id)


def take_all_names(connection: Connection) -> None:
    """Write down the names of members who were brought here without them."""
    rows = connection.execute("SELECT id, name FROM member ORDER BY arrived").fetchall()
    for row in rows:
        connection.execute(_TAKE_NAMES, (row["id"], sorted(skeletons(row["name"]))))


def _require_current(connection: Connection, record: MemberRecord) -> None:
    """Make sure that a record follows what is kept, where it says so.

    Raises:
        OutdatedError: It does not.
    """
    row = connection.execute(_VERSION, (record.member.id,)).fetchone()
    if record.version and record.version != (row["version"] if row else 0) + 1:
        raise OutdatedError(record.member.id)


def _take_names(connection: Connection, record: MemberRecord) -> None:
    """Make all that looks like the member's name the member's.

    Raises:
        OutdatedError: Somebody else has it.
    """
    member_id, wanted = record.member.id, sorted(skeletons(record.member.name))
    connection.execute(_FREE_NAMES, (member_id, wanted))
    connection.execute(_TAKE_NAMES, (member_id, wanted))
    rows = connection.execute(_HOLDERS, (wanted,)).fetchall()
    others = {MemberId(row["member_id"]) for row in rows if row["member_id"] != member_id}
    if others or len(rows) < len(wanted):
        raise OutdatedError(member_id, *others)


def _record_of(row: Found, digests: set[bytes]) -> MemberRecord:
    return replace(record_of(row, frozenset(digests)), version=row["version"])
