"""Every store there is, and words to speak of what it keeps."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from fakes import STARTED_AT
from hivemind_chatroom.room.delivery import MAY_PRECEDE
from hivemind_chatroom.room.model import (
    Asked,
    Author,
    Correlation,
    Delivery,
    Draft,
    Kind,
    MemberId,
    Message,
    MessageId,
)
from hivemind_chatroom.room.ports import Clock, MessageLog, Outbox, Store
from hivemind_chatroom.store.memory import MemoryStore
from hivemind_chatroom.store.sqlite import SqliteStore

ANA, BOB = MemberId("ana"), MemberId("bob")


def open_store(kind: str, folder: Path, clock: Clock) -> Store:
    """Open a store of one kind."""
    return MemoryStore(clock) if kind == "memory" else SqliteStore(folder / "room.db", clock)


def draft(
    text: str = "hi",
    *,
    author: MemberId = ANA,
    client_id: str | None = None,
    private_to: MemberId | None = None,
    corr: str | None = None,
) -> Draft:
    """Return a line that somebody says."""
    return Draft(
        kind=Kind.PERSON,
        author=Author(author, author.title()),
        text=text,
        lang="en",
        sent_at=STARTED_AT,
        private_to=private_to,
        client_id=client_id,
        corr=Correlation(corr) if corr else None,
    )


def keep(store: MessageLog, *drafts: Draft) -> list[Message]:
    """Keep some lines."""
    return [store.append(each).message for each in drafts]


def purge(store: MessageLog, *, sent_before: datetime, most: int) -> int:
    """Purge step by step until nothing is left to do; return how many messages are forgotten."""
    total, is_more = 0, True
    while is_more:
        purged = store.purge(sent_before=sent_before, most=most)
        total, is_more = total + purged.messages, purged.is_more
    return total


def ids(messages: tuple[Message, ...]) -> list[int]:
    """Return their numbers."""
    return [message.id for message in messages]


def mark(store: Outbox, number: int, delivery: Delivery) -> Message | None:
    """Move an utterance on, from wherever it may come."""
    moved = store.mark([MessageId(number)], delivery, only_from=MAY_PRECEDE[delivery])
    return moved[0] if moved else None


def asked_as(store: Outbox, corr: str) -> Asked | None:
    """Find an utterance by a mark."""
    return store.find([Correlation(corr)]).get(Correlation(corr))
