"""The log and the outbox in one SQLite file that survives a loss of power."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hivemind_chatroom.errors import StorageFullError
from hivemind_chatroom.room.leading import SoleLead
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
from hivemind_chatroom.room.operating import StorageStanding
from hivemind_chatroom.room.ports import Appended, Clock, Purged
from hivemind_chatroom.room.tally import Tally
from hivemind_chatroom.store.ages import Ages
from hivemind_chatroom.store.appending import Appender
from hivemind_chatroom.store.book import SqliteBook
from hivemind_chatroom.store.connections import Readers, connect
from hivemind_chatroom.store.files import delete_set_aside, prepare
from hivemind_chatroom.store.forgetting import (
    WordsLeft,
    forget_messages,
    forget_old_messages,
    forget_what_they_asked,
    forget_words_at_once,
)
from hivemind_chatroom.store.pages import (
    Wanted,
    message_numbered,
    messages_numbered,
    page_of,
    places,
)
from hivemind_chatroom.store.schema import current_schema
from hivemind_chatroom.store.standing import standing_of
from hivemind_chatroom.store.tallying import lines_since, tally_of
from hivemind_chatroom.store.wiping import Wiping
from hivemind_chatroom.store.writer import Writer

_ORDERED = "ORDER BY message_id"
_NEWEST = f"{_ORDERED} DESC LIMIT 1"
_NO_LIMIT = -1


class SqliteStore:
    """A `MessageLog` and an `Outbox`, with the `MemberBook` in `book`.

    What a call has changed is on the disk when it returns.
    """

    def __init__(self, file: Path, clock: Clock, *, is_own_place: bool = False) -> None:
        """Open a database, made if it isn't there; a broken one of ours is set aside.

        Args:
            file: Where it is.
            clock: Both clocks.
            is_own_place: Whether nobody else keeps files there under that name.

        Raises:
            DatabaseForeignError: It is another program's file, or no file; nothing was touched.
            FolderInUseError: Another room uses it.
            DatabaseNewerError: A newer version of the program has written it.
            UpgradeFailedError: It is of an older version, and stays so.
            FolderUnusableError: The file can't be made or written.
        """
        self._database = prepare(file, current_schema(), clock.now(), is_own_place=is_own_place)
        connection = connect(self._database.file)
        forget_words_at_once(connection)
        self._appender = Appender(connection, clock)
        self._writer = Writer(connection)
        self._wiping = Wiping(self._writer)
        self._readers = Readers(self._database.file)
        self._ages = Ages(clock)
        self.book = SqliteBook(self._writer, self._readers)
        self.elsewhere = None
        self.device_codes = None
        self.shared = None
        self.lead = SoleLead()
        self.changes = None
        """No other instance of the room can know of what is here."""

    @property
    def room_id(self) -> str:
        """What tells this room from others, made with the database."""
        return str(self._of_the_room("id"))

    @property
    def history(self) -> str:
        """What tells the room's numbers from those before a restore."""
        return str(self._of_the_room("history"))

    @property
    def invitation_key(self) -> bytes:
        """What the room makes its invitations with, made with the database."""
        return bytes(self._of_the_room("invitation_key"))

    def standing(self) -> StorageStanding:
        """Tell what the database holds; messages that were removed singly are counted too."""
        messages = self.last_id() - self.first_id() + 1
        return standing_of(self._database, messages=messages, is_full=self._writer.is_full)

    @property
    def set_aside(self) -> Path | None:
        """Where a broken database was put that stood in this one's place."""
        return self._database.set_aside

    def append(self, draft: Draft) -> Appended:
        """Number and keep a draft, and queue it for the hub if it has a `corr`."""
        return self._writer.change_together(self._append, draft)

    def append_all(self, drafts: Sequence[Draft]) -> Sequence[Appended]:
        """Number and keep drafts in their order, all in one step."""
        return self._writer.change(lambda connection: self._append(connection, drafts))

    def get(self, message_id: MessageId) -> Message | None:
        """Return one message, or None when there is none with this number."""
        with self._readers.reading() as connection:
            return message_numbered(connection, message_id)

    def get_all(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, Message]:
        """Return those of the messages that are there."""
        with self._readers.reading() as connection:
            return {message.id: message for message in messages_numbered(connection, message_ids)}

    def last_id(self) -> MessageId:
        """Return the highest number given, 0 in an empty room."""
        return MessageId(self._of_the_room("last_id"))

    def first_id(self) -> MessageId:
        """Return the lowest number that `purge` has left; 1 as long as it has removed nothing."""
        return MessageId(self._of_the_room("first_id"))

    def remove(self, message_id: MessageId) -> Message | None:
        """Forget one message, and what it asked if that has not left; its bytes are overwritten."""

        def change(connection: sqlite3.Connection) -> Message | None:
            message = message_numbered(connection, message_id)
            if message is not None:
                forget_messages(connection, [message_id])
            return message

        removed = self._writer.change(change)
        if removed is not None:
            self._ages.forget(message_id)
            with contextlib.suppress(StorageFullError):  # it is removed; `purge` does the rest
                self._wiping.finish()
        return removed

    def purge(self, *, sent_before: datetime, most: int, through: MessageId = NO_MESSAGE) -> Purged:
        """Forget some of what is old, and of all but the newest; their bytes are overwritten.

        Of what is forgotten while the search index is rewritten, by a later purge, unless `through`
        says what goes in any case.
        """

        def change(connection: sqlite3.Connection) -> Purged:
            gone = forget_old_messages(connection, sent_before, most, through)
            return Purged(gone, is_more=bool(gone or forget_what_they_asked(connection)))

        purged = self._writer.change(change)
        if purged.is_more:
            return purged
        left = self._wiping.step()
        return Purged(0, is_more=left.is_going or (bool(through) and left is WordsLeft.SOME))

    def forget_copies(self) -> None:
        """Delete the databases in whose place this one stands."""
        delete_set_aside(self._database.file)

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
        with self._readers.reading() as connection:
            return page_of(connection, Wanted(viewer, before, after, limit, words))

    def tally(self, since: datetime) -> Tally:
        """Count over what was said from a moment on."""
        with self._readers.reading() as connection:
            return tally_of(lines_since(connection, since))

    def waiting(
        self, *, after: MessageId | None = None, limit: int | None = None
    ) -> Sequence[Asked]:
        """Return what is queued, in the order of its numbers."""
        queued_after = f"delivery = 'queued' AND message_id > ? {_ORDERED} LIMIT ?"
        return self._asked(queued_after, after or 0, _NO_LIMIT if limit is None else limit)

    def under_way(self) -> Sequence[Asked]:
        """Return what is sending or sent, oldest first."""
        return self._asked(f"delivery IN ('sending', 'sent') {_ORDERED}")

    def find(self, corrs: Collection[Correlation]) -> Mapping[Correlation, Asked]:
        """Return the utterances with these marks, by the mark."""
        query = f"""
            SELECT mark.corr AS found_by, outbox.* FROM mark
            JOIN outbox ON outbox.message_id = mark.message_id
            WHERE mark.corr IN ({places(corrs)})
        """  # noqa: S608 - question marks
        with self._readers.reading() as connection:
            rows = connection.execute(query, [*corrs]).fetchall()
        return {Correlation(row["found_by"]): self._ages.asked_of(row) for row in rows}

    def latest_of(self, member_id: MemberId) -> Asked | None:
        """Return the newest utterance of a member, one that is sending or sent if there is any."""
        under_way = f"member_id = ? AND delivery IN ('sending', 'sent') {_NEWEST}"
        found = self._asked(under_way, member_id) or self._asked(
            f"member_id = ? {_NEWEST}", member_id
        )
        return next(iter(found), None)

    def mark(
        self,
        message_ids: Collection[MessageId],
        delivery: Delivery,
        *,
        only_from: AbstractSet[Delivery],
    ) -> list[Message]:
        """Move utterances on in one step; those that don't stand in `only_from` stay."""

        def change(connection: sqlite3.Connection) -> list[Message]:
            found = messages_numbered(connection, message_ids)
            moving = [message for message in found if message.delivery in only_from]
            numbers = [message.id for message in moving]
            where = f"message_id IN ({places(numbers)})"
            update = f"UPDATE outbox SET delivery = ? WHERE {where}"  # noqa: S608 - question marks
            connection.execute(update, (delivery.value, *numbers))
            for number in numbers:
                self._ages.move(number, delivery)
            return [replace(message, delivery=delivery) for message in moving]

        return self._writer.change(change)

    def ask_again(
        self, message_id: MessageId, corr: Correlation, *, only_from: AbstractSet[Delivery]
    ) -> Message | None:
        """Queue an utterance anew under another mark, as old as if it were asked now."""

        def change(connection: sqlite3.Connection) -> Message | None:
            message = message_numbered(connection, message_id)
            if message is None or message.delivery not in only_from:
                return None
            update = "UPDATE outbox SET corr = ?, delivery = ?, queued_at = ? WHERE message_id = ?"
            connection.execute(update, (corr, Delivery.QUEUED, self._ages.today_s(), message_id))
            connection.execute("INSERT INTO mark VALUES (?, ?)", (corr, message_id))
            self._ages.begin(message_id)
            draft = replace(message.draft, corr=corr)
            return replace(message, draft=draft, delivery=Delivery.QUEUED)

        return self._writer.change(change)

    def close(self) -> None:
        """Finish what is being written and let go of the file; a second close does nothing."""
        self._writer.stop()
        self._readers.close()
        self._database.lock.release()

    def _append(
        self, connection: sqlite3.Connection, drafts: Sequence[Draft]
    ) -> Sequence[Appended]:
        appended = self._appender.append(connection, drafts)
        for each in appended:
            if each.is_new and each.message.delivery:
                self._ages.begin(each.message.id)
        return appended

    def _of_the_room(self, column: str) -> Any:  # noqa: ANN401 - the schema knows its type
        with self._readers.reading() as connection:
            query = f"SELECT {column} FROM room"  # noqa: S608 - our own names
            return connection.execute(query).fetchone()[0]

    def _asked(self, where: str, *values: object) -> list[Asked]:
        with self._readers.reading() as connection:
            query = f"SELECT * FROM outbox WHERE {where}"  # noqa: S608 - our own conditions
            rows = connection.execute(query, values).fetchall()
        return [self._ages.asked_of(row) for row in rows]
