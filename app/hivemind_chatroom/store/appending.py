"""Messages as they come in: numbered, kept and queued, all that wait by one statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import chain

from hivemind_chatroom.room.model import Delivery, Draft, Message, MessageId
from hivemind_chatroom.room.ports import Appended, Clock
from hivemind_chatroom.store.rows import Values, message_of, message_values

_Once = tuple[str, str]
"""An author, and the mark that its browser gave a message."""

_INCOMING = """
    CREATE TEMP VIEW incoming AS
    SELECT message.*, corr, delivery, queued_at FROM message, outbox;

    CREATE TEMP TRIGGER incoming_in INSTEAD OF INSERT ON incoming BEGIN
        SELECT RAISE(ABORT, 'another number is next')
        WHERE new.id <> (SELECT last_id + 1 FROM room);
        UPDATE room SET last_id = new.id;
        INSERT INTO message VALUES (
            new.id, new.kind, new.author_id, new.author_name, new.text, new.lang, new.sent_at,
            new.to_id, new.to_name, new.private_to, new.client_id, new.in_reply_to,
            new.expects_reply, new.media, new.words
        );
        INSERT INTO outbox
        SELECT new.id, new.corr, new.author_id, new.delivery, new.queued_at
        WHERE new.corr IS NOT NULL;
        INSERT INTO mark SELECT new.corr, new.id WHERE new.corr IS NOT NULL;
    END;
"""
"""What one message changes, so that any number of them is one statement: see writer.py."""


class Appender:
    """Appends through the writer's connection, on its thread."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        """Prepare the connection; the queue's times are of `clock`."""
        connection.executescript(_INCOMING)
        self._clock = clock
        self._last_id = 0
        """As far as is known: another one is refused by the database, and then looked up."""

    def append(self, connection: sqlite3.Connection, drafts: Sequence[Draft]) -> list[Appended]:
        """Number and keep drafts, and queue for the hub those that have a `corr`.

        Returns:
            What became of each: a new message, or the first one of its author's client_id.
        """
        try:
            return self._append(connection, drafts, {})
        except sqlite3.IntegrityError:
            self._last_id = connection.execute("SELECT last_id FROM room").fetchone()[0]
            return self._append(connection, drafts, _seen(connection, drafts))

    def _append(
        self, connection: sqlite3.Connection, drafts: Sequence[Draft], seen: Mapping[_Once, Message]
    ) -> list[Appended]:
        first_of = dict(seen)
        appended = []
        last_id = self._last_id
        for draft in drafts:
            once = _once(draft)
            first = first_of.get(once) if once else None
            if first is None:
                last_id += 1
                delivery = Delivery.QUEUED if draft.corr else None
                message = Message(MessageId(last_id), draft, delivery)
                appended.append(Appended(message, is_new=True))
                if once:
                    first_of[once] = message
            else:
                appended.append(Appended(first, is_new=False))
        if last_id > self._last_id:
            self._keep(connection, [each.message for each in appended if each.is_new])
            self._last_id = last_id
        return appended

    def _keep(self, connection: sqlite3.Connection, messages: Sequence[Message]) -> None:
        today_s = self._clock.now().timestamp()
        rows = [
            (
                *message_values(message),
                message.draft.corr,
                message.delivery and message.delivery.value,
                today_s,
            )
            for message in messages
        ]
        statement = f"INSERT INTO incoming VALUES {_places(rows)}"  # noqa: S608 - question marks
        connection.execute(statement, [*chain.from_iterable(rows)])


def _once(draft: Draft) -> _Once | None:
    return None if draft.client_id is None else (draft.author.id, draft.client_id)


def _seen(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> dict[_Once, Message]:
    marks = [once for draft in drafts if (once := _once(draft))]
    if not marks:
        return {}
    query = f"""
        WITH once (author, mark) AS (VALUES {_places(marks)})
        SELECT message.*, outbox.corr, outbox.delivery
        FROM once CROSS JOIN message ON author_id = author AND client_id = mark
        LEFT JOIN outbox ON outbox.message_id = message.id
    """  # noqa: S608 - nothing in it but question marks
    rows = connection.execute(query, [*chain.from_iterable(marks)])
    return {(row["author_id"], row["client_id"]): message_of(row) for row in rows}


def _places(rows: Sequence[Values]) -> str:
    row = f"({','.join('?' * len(rows[0]))})"
    return ",".join([row] * len(rows))
