"""The log and the outbox in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from hivemind_chatroom.errors import StorageAwayError
from hivemind_chatroom.room.model import (
    NO_MESSAGE,
    Asked,
    Correlation,
    Delivery,
    Draft,
    MemberId,
    Message,
    MessageId,
    Page,
)
from hivemind_chatroom.room.operating import StorageStanding, StorageState
from hivemind_chatroom.room.ports import Appended, Clock, Purged
from hivemind_chatroom.room.tally import Tally
from hivemind_chatroom.store.ages import Ages
from hivemind_chatroom.store.pages import Wanted
from hivemind_chatroom.store.postgres.appending import Appender
from hivemind_chatroom.store.postgres.book import PostgresBook
from hivemind_chatroom.store.postgres.changes import PostgresChanges, forget_old_changes
from hivemind_chatroom.store.postgres.codes import PostgresCodes
from hivemind_chatroom.store.postgres.connections import Connections
from hivemind_chatroom.store.postgres.elsewhere import PostgresElsewhere
from hivemind_chatroom.store.postgres.lead import PostgresLead
from hivemind_chatroom.store.postgres.reading import (
    NUMBER_MAX,
    forget_messages,
    forget_old_messages,
    forget_what_they_asked,
    lines_since,
    message_numbered,
    messages_numbered,
    page_of,
)
from hivemind_chatroom.store.postgres.rows import message_of
from hivemind_chatroom.store.postgres.schema import prepare
from hivemind_chatroom.store.postgres.settings import PostgresSettings
from hivemind_chatroom.store.tallying import tally_of

_ORDERED: Final = "ORDER BY message_id"

_MARK: Final = """
    UPDATE outbox SET delivery = %s FROM message
    WHERE message.id = message_id AND message_id = ANY(%s) AND delivery = ANY(%s)
    AND EXISTS (SELECT FROM leader WHERE token = %s FOR KEY SHARE)
    RETURNING message.*, outbox.corr, outbox.delivery
"""
"""Whoever leads next waits for it with a token of its own; after that it moves nothing."""

_FIND: Final = """
    SELECT mark.corr AS found_by, outbox.* FROM mark
    JOIN outbox ON outbox.message_id = mark.message_id
    WHERE mark.corr = ANY(%s)
"""

_NOTE: Final = "SELECT note_change(%s, %s)"

_ASK_AGAIN: Final = """
    WITH moved AS (
        UPDATE outbox SET corr = %(corr)s, delivery = 'queued', queued_at = %(today_s)s
        FROM message
        WHERE message.id = message_id AND message_id = %(number)s AND delivery = ANY(%(from)s)
        RETURNING message.*, outbox.corr, outbox.delivery
    ), marked AS (
        INSERT INTO mark SELECT corr, id FROM moved
    )
    SELECT * FROM moved
"""

_SIZE: Final = """
    SELECT last_id - first_id + 1 AS messages, sum(pg_total_relation_size(c.oid))::bigint AS bytes
    FROM room, pg_class AS c
    WHERE c.relkind = 'r' AND c.relnamespace = to_regnamespace(quote_ident(current_schema()))
    GROUP BY last_id, first_id
"""


class PostgresStore:
    """A `MessageLog` and an `Outbox`, with the `MemberBook` in `book`.

    What a call has changed is on the database's disk when it returns.
    """

    def __init__(self, address: str, clock: Clock) -> None:
        """Open a database, in which tables are made if it is empty.

        Args:
            address: As libpq takes it, `postgresql://...`.
            clock: Both clocks.

        Raises:
            DatabaseAwayError: It does not answer, or does not let us in.
            DatabaseEncodingError: It can't keep every text.
            DatabaseForeignError: It is somebody else's; nothing was touched.
            DatabaseInUseError: Somebody is alone with it, to move a room.
            DatabaseNewerError: A newer version of the program has written it.
            UpgradeFailedError: It is of an older version, and stays so.
        """
        prepare(address)
        self._connections = Connections(address)
        self._ages = Ages(clock)
        self.lead = PostgresLead(self._connections, address, self._ages.forget_all)
        try:
            self._open(clock)
        except BaseException:
            self.close()
            raise

    def _open(self, clock: Clock) -> None:
        self._appender = Appender(self._connections, clock)
        self.book = PostgresBook(self._connections, clock)
        self.elsewhere = PostgresElsewhere(self._connections, clock)
        self.device_codes = PostgresCodes(self._connections)
        self.shared = PostgresSettings(self._connections)
        self.changes = PostgresChanges(self._connections)
        self.room_id = str(self._of_the_room("id"))
        """What tells this room from others, made with the database."""
        self.history = str(self._of_the_room("history"))
        """What tells the room's numbers from those before a restore."""
        self.invitation_key = bytes(self._of_the_room("invitation_key"))
        """What the room makes its invitations with, made with the database."""

    def standing(self) -> StorageStanding:
        """Tell what the database holds; what is free on its disk, only its own computer knows."""
        try:
            with self._connections.lent() as connection:
                row = connection.execute(_SIZE).fetchone() or {"messages": 0, "bytes": 0}
        except StorageAwayError:
            return StorageStanding(StorageState.AWAY)
        return StorageStanding(StorageState.OK, messages=row["messages"], bytes=row["bytes"])

    def append(self, draft: Draft) -> Appended:
        """Number and keep a draft, and queue it for the hub if it has a `corr`."""
        return self.append_all([draft])[0]

    def append_all(self, drafts: Sequence[Draft]) -> Sequence[Appended]:
        """Number and keep drafts in their order, all in one step."""
        appended = self._appender.append_all(drafts)
        for each in appended:
            if each.is_new and each.message.delivery:
                self._begin_to_age(each.message.id)
        return appended

    def get(self, message_id: MessageId) -> Message | None:
        """Return one message, or None when there is none with this number."""
        with self._connections.lent() as connection:
            return message_numbered(connection, message_id)

    def get_all(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, Message]:
        """Return those of the messages that are there."""
        with self._connections.lent() as connection:
            return {message.id: message for message in messages_numbered(connection, message_ids)}

    def last_id(self) -> MessageId:
        """Return the highest number given, 0 in an empty room."""
        return MessageId(self._of_the_room("last_id"))

    def first_id(self) -> MessageId:
        """Return the lowest number that `purge` has left; 1 as long as it has removed nothing."""
        return MessageId(self._of_the_room("first_id"))

    def remove(self, message_id: MessageId) -> Message | None:
        """Forget one message, and what it asked if that has not left; its file forgets it later."""
        with self._connections.lent() as connection, connection.transaction():
            removed = next(iter(forget_messages(connection, [min(message_id, NUMBER_MAX)])), None)
            if removed:
                subject = f"{removed.id} {removed.draft.private_to or ''}".rstrip()
                connection.execute(_NOTE, ("removed", subject))
        self._ages.forget(message_id)
        return removed

    def purge(self, *, sent_before: datetime, most: int, through: MessageId = NO_MESSAGE) -> Purged:
        """Forget some of what is old, and of all but the newest."""
        with self._connections.lent() as connection, connection.transaction():
            gone = forget_old_messages(connection, sent_before, most, through)
            is_more = bool(
                gone or forget_what_they_asked(connection) or forget_old_changes(connection)
            )
            if through and not is_more:  # of what is old or too much, nobody is told
                connection.execute(_NOTE, ("forgotten", str(through)))
            return Purged(gone, is_more)

    def forget_copies(self) -> None:
        """Do nothing: none are set aside; dumps are the business of whoever makes them."""

    def page(
        self,
        viewer: MemberId | None,
        *,
        before: MessageId | None = None,
        after: MessageId | None = None,
        limit: int = 50,
        words: str = "",
    ) -> Page:
        """Return what `viewer` may see, oldest first; see `MessageLog.page`."""
        with self._connections.lent() as connection:
            return page_of(connection, Wanted(viewer, before, after, limit, words))

    def tally(self, since: datetime) -> Tally:
        """Count over what was said from a moment on."""
        with self._connections.lent() as connection:
            return tally_of(lines_since(connection, since))

    def waiting(
        self, *, after: MessageId | None = None, limit: int | None = None
    ) -> Sequence[Asked]:
        """Return what is queued, in the order of its numbers."""
        queued_after = f"delivery = 'queued' AND message_id > %s {_ORDERED} LIMIT %s"
        return self._asked(queued_after, after or 0, limit)

    def under_way(self) -> Sequence[Asked]:
        """Return what is sending or sent, oldest first."""
        return self._asked(f"delivery IN ('sending', 'sent') {_ORDERED}")

    def find(self, corrs: Collection[Correlation]) -> Mapping[Correlation, Asked]:
        """Return the utterances with these marks, by the mark."""
        with self._connections.lent() as connection:
            rows = connection.execute(_FIND, ([*corrs],)).fetchall()
        return {Correlation(row["found_by"]): self._ages.asked_of(row) for row in rows}

    def latest_of(self, member_id: MemberId) -> Asked | None:
        """Return the newest utterance of a member, one that is sending or sent if there is any."""
        newest = "member_id = %s ORDER BY delivery IN ('sending', 'sent') DESC, message_id DESC"
        return next(iter(self._asked(f"{newest} LIMIT 1", member_id)), None)

    def mark(
        self,
        message_ids: Collection[MessageId],
        delivery: Delivery,
        *,
        only_from: AbstractSet[Delivery],
    ) -> list[Message]:
        """Move utterances on in one step; all stay where another instance leads, and so sends."""
        numbers = [min(message_id, NUMBER_MAX) for message_id in message_ids]
        token = self.lead.token
        if token is None:
            return []
        values = (delivery.value, numbers, _values_of(only_from), token)
        with self._connections.lent() as connection:
            rows = connection.execute(_MARK, values).fetchall()
        if not rows:
            self.lead.doubt()
        moved = sorted((message_of(row) for row in rows), key=attrgetter("id"))
        for message in moved:
            self._ages.move(message.id, delivery)
        return moved

    def ask_again(
        self, message_id: MessageId, corr: Correlation, *, only_from: AbstractSet[Delivery]
    ) -> Message | None:
        """Queue an utterance anew under another mark, as old as if it were asked now."""
        values = {
            "corr": corr,
            "today_s": self._ages.today_s(),
            "number": min(message_id, NUMBER_MAX),
            "from": _values_of(only_from),
        }
        with self._connections.lent() as connection:
            row = connection.execute(_ASK_AGAIN, values).fetchone()
        if row is None:
            return None
        self._begin_to_age(message_id)
        return message_of(row)

    def close(self) -> None:
        """Let go of the database, after what is being written; a second close does nothing."""
        self.lead.close()
        self._connections.close()

    def _begin_to_age(self, message_id: MessageId) -> None:
        """Note that something is asked now; where another instance leads, that one sees it end."""
        note = self._ages.forget if self.lead.token is None else self._ages.begin
        note(message_id)

    def _of_the_room(self, column: str) -> Any:  # noqa: ANN401 - the schema knows its type
        with self._connections.lent() as connection:
            query = f"SELECT {column} FROM room"  # noqa: S608 - our own names
            row = connection.execute(query.encode()).fetchone()
        return row[column] if row else None

    def _asked(self, where: str, *values: object) -> list[Asked]:
        with self._connections.lent() as connection:
            query = f"SELECT * FROM outbox WHERE {where}"  # noqa: S608 - our own conditions
            rows = connection.execute(query.encode(), values).fetchall()
        return [self._ages.asked_of(row) for row in rows]


def _values_of(deliveries: AbstractSet[Delivery]) -> list[str]:
    return [delivery.value for delivery in deliveries]
