"""Messages as they come in: numbered, kept and queued, all that wait by one statement."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from itertools import islice, pairwise
from typing import Final

import psycopg

from hivemind_chatroom.errors import ChatroomError
from hivemind_chatroom.room.model import Delivery, Draft, Message, MessageId
from hivemind_chatroom.room.ports import Appended, Clock
from hivemind_chatroom.store.postgres.connecting import Connection
from hivemind_chatroom.store.postgres.connections import Connections
from hivemind_chatroom.store.postgres.failures import away
from hivemind_chatroom.store.postgres.rows import message_of
from hivemind_chatroom.store.rows import message_values

_BATCH_MAX: Final = 256
"""Calls in one statement, so that the first of them does not wait for ever."""

_WORD_MAX: Final = 200
"""Letters of a word that searches know; PostgreSQL takes 2,046 bytes at most."""

_Once = tuple[str, str]
"""An author, and the mark that its browser gave a message."""

_KEEP: Final = """
    WITH counted AS (
        UPDATE room SET last_id = last_id + %(count)s RETURNING last_id - %(count)s AS before
    ), incoming AS (
        SELECT before + nth AS number, given.* FROM counted, ROWS FROM (
            json_to_recordset(%(drafts)s::json) AS (
                kind text, author_id text, author_name text, text text, lang text,
                sent_at timestamptz, to_id text, to_name text, private_to text, client_id text,
                in_reply_to bigint, expects_reply boolean, media text, words text, corr text
            )
        ) WITH ORDINALITY AS given (
            kind, author_id, author_name, text, lang, sent_at, to_id, to_name, private_to,
            client_id, in_reply_to, expects_reply, media, words, corr, nth
        )
    ), kept AS (
        INSERT INTO message
        SELECT number, kind, author_id, author_name, text, lang, sent_at, to_id, to_name,
            private_to, client_id, in_reply_to, expects_reply, media,
            array_to_tsvector(string_to_array(words, ' '))
        FROM incoming
    ), queued AS (
        INSERT INTO outbox SELECT number, corr, author_id, 'queued', %(today_s)s
        FROM incoming WHERE corr IS NOT NULL
    ), marked AS (
        INSERT INTO mark SELECT corr, number FROM incoming WHERE corr IS NOT NULL
    )
    SELECT before FROM counted
"""
"""A transaction of its own: it holds the lock of the row it counts in to the end. The drafts are
one parameter: an array for each column costs more of our time than all else that is done here."""

_COLUMNS: Final = (
    "kind", "author_id", "author_name", "text", "lang", "sent_at", "to_id", "to_name",
    "private_to", "client_id", "in_reply_to", "expects_reply", "media", "words",
)  # fmt: skip

_SEEN: Final = """
    SELECT message.*, outbox.corr, outbox.delivery
    FROM unnest(%s::text[], %s::text[]) AS once (author, mark)
    JOIN message ON author_id = author AND client_id = mark
    LEFT JOIN outbox ON outbox.message_id = message.id
"""


class _Job:
    """Drafts that wait together, and then what became of them."""

    __slots__ = ("appended", "drafts", "failure", "following", "turn")

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.drafts = drafts
        self.appended: list[Appended] | None = None
        self.failure: Exception | None = None
        self.following: _Job | None = None
        """Whose turn is next of those that were appended together; None for the last of them."""
        self.turn = threading.Lock()
        """Released when it is done, or when its thread is to append what waits."""
        self.turn.acquire()

    @property
    def is_done(self) -> bool:
        return self.appended is not None or self.failure is not None


class Appender:
    """Appends; whoever comes while a statement is on its way shares the next one.

    Of those whose drafts were appended together each wakes the next, and the last of them wakes
    whoever appends what has come meanwhile. Woken all at once, they would all contend for Python's
    lock; and a statement that leaves before they are back has fewer to share it. The price: where
    another thread computes, each of them waits for that lock before the next statement leaves.
    """

    def __init__(self, connections: Connections, clock: Clock) -> None:
        """Append by these connections; the queue's times are of `clock`."""
        self._connections = connections
        self._clock = clock
        self._waiting: list[_Job] = []
        self._lock = threading.Lock()
        self._is_appending = False
        """Somebody appends what has waited, for all of them, or is about to."""

    def append_all(self, drafts: Sequence[Draft]) -> list[Appended]:
        """Number and keep drafts, and queue for the hub those that have a `corr`; all or none.

        Raises:
            StorageFullError: Nothing was kept.
            StorageAwayError: Nothing is known to be kept.
        """
        job = _Job(drafts)
        with self._lock:
            self._waiting.append(job)
            is_first, self._is_appending = not self._is_appending, True
        if not is_first:
            job.turn.acquire()
        try:
            if not job.is_done:
                self._append_what_waits()
        finally:
            self._give_turn_to(job.following)
        if job.failure is not None:
            raise job.failure
        assert job.appended is not None  # noqa: S101 - it is done
        return job.appended

    def _append_what_waits(self) -> None:
        """Append what waits: the caller's own job, and those that came after it."""
        with self._lock:
            jobs, self._waiting = self._waiting[:_BATCH_MAX], self._waiting[_BATCH_MAX:]
        for job, following in pairwise(jobs):
            job.following = following
        try:
            self._attempt(jobs)
        finally:
            for job in jobs:
                if not job.is_done:  # this thread is being ended, and the others would wait on
                    job.failure = away()

    def _give_turn_to(self, following: _Job | None) -> None:
        """Wake the next one; where there is none, whoever has waited longest."""
        if following is None:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._is_appending = following is not None
        if following is not None:
            following.turn.release()

    def _attempt(self, jobs: Sequence[_Job]) -> None:
        try:
            with self._connections.lent() as connection:
                appended = self._appended(connection, [each for job in jobs for each in job.drafts])
        except Exception as error:  # noqa: BLE001 - all who wait must be told
            if len(jobs) > 1 and not isinstance(error, ChatroomError):
                for job in jobs:  # one of them may be to blame, and fails alone
                    self._attempt([job])
                return
            for job in jobs:
                job.failure = error
        else:
            of_all = iter(appended)
            for job in jobs:
                job.appended = [*islice(of_all, len(job.drafts))]

    def _appended(self, connection: Connection, drafts: Sequence[Draft]) -> list[Appended]:
        if _are_different(drafts):
            try:
                return self._kept(connection, drafts, {})
            except psycopg.errors.UniqueViolation:  # one of them was kept before
                pass
        with connection.transaction():
            connection.execute("SELECT last_id FROM room FOR UPDATE")
            return self._kept(connection, drafts, _seen(connection, drafts))

    def _kept(
        self, connection: Connection, drafts: Sequence[Draft], seen: Mapping[_Once, Message]
    ) -> list[Appended]:
        new: dict[object, Draft] = {}
        for draft in drafts:
            once = _once(draft)
            if once is None or once not in seen:
                new.setdefault(once or object(), draft)
        kept = self._insert(connection, [*new.values()]) if new else []
        by_draft = {id(message.draft): message for message in kept}
        first_of = {once: each for each in kept if (once := _once(each.draft))} | dict(seen)
        return [
            Appended(found, is_new=True)
            if (found := by_draft.get(id(draft)))
            else Appended(first_of[once], is_new=False)
            for draft in drafts
            for once in [_once(draft) or ("", "")]
        ]

    def _insert(self, connection: Connection, drafts: Sequence[Draft]) -> list[Message]:
        messages = [
            Message(MessageId(0), draft, Delivery.QUEUED if draft.corr else None)
            for draft in drafts
        ]
        values = {
            "count": len(drafts),
            "drafts": json.dumps([*map(_row, messages)], ensure_ascii=False),
            "today_s": self._clock.now().timestamp(),
        }
        row = connection.execute(_KEEP, values).fetchone()
        before = int(row["before"]) if row else 0
        return [
            Message(MessageId(before + nth), message.draft, message.delivery)
            for nth, message in enumerate(messages, start=1)
        ]


def _once(draft: Draft) -> _Once | None:
    return None if draft.client_id is None else (draft.author.id, draft.client_id)


def _are_different(drafts: Sequence[Draft]) -> bool:
    marks = [once for draft in drafts if (once := _once(draft))]
    return len(marks) == len(set(marks))


def _seen(connection: Connection, drafts: Sequence[Draft]) -> dict[_Once, Message]:
    marks = [once for draft in drafts if (once := _once(draft))]
    authors, clients = [each[0] for each in marks], [each[1] for each in marks]
    rows = connection.execute(_SEEN, (authors, clients)).fetchall()
    return {(row["author_id"], row["client_id"]): message_of(row) for row in rows}


def _row(message: Message) -> dict[str, object]:
    row = dict(zip(_COLUMNS, message_values(message)[1:], strict=True))
    return row | {"words": shortened(str(row["words"])), "corr": message.draft.corr}


def shortened(words: str) -> str:
    """Return words, with a space between, no longer than searches know them."""
    if len(words) <= _WORD_MAX:
        return words
    return " ".join(word[:_WORD_MAX] for word in words.split(" "))
