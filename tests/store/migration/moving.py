"""Rooms that are moved, and words to speak of it."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contract.stores import ANA, BOB, draft, keep, mark, purge
from contract.test_book import record
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.room.model import (
    Author,
    Correlation,
    Delivery,
    Draft,
    Media,
    MessageId,
)
from hivemind_chatroom.room.ports import Store
from hivemind_chatroom.room.ruling import UNTIL_UNDONE, Ruling
from hivemind_chatroom.store.migration.migration import Progress, Seal, move
from hivemind_chatroom.store.migration.postgres import postgres_source, postgres_target
from hivemind_chatroom.store.migration.side import Side
from hivemind_chatroom.store.migration.sqlite import sqlite_source, sqlite_target
from hivemind_chatroom.store.migration.tables import TABLES
from hivemind_chatroom.store.postgres.store import PostgresStore
from hivemind_chatroom.store.sqlite import SqliteStore

Place = Path | str
"""A file of SQLite, or an address of PostgreSQL."""


def opened(place: Place) -> Store:
    if isinstance(place, Path):
        return SqliteStore(place, FakeClock())
    return PostgresStore(place, FakeClock())


def moved(source: Place, target: Place, told: list[Progress] | None = None) -> Seal:
    said = [] if told is None else told
    old = sqlite_source(source) if isinstance(source, Path) else postgres_source(source)
    with old as from_here:
        new = sqlite_target(target) if isinstance(target, Path) else postgres_target(target)
        with new as to_there:
            return move(from_here, to_there, said.append)


def rows_of(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that a file of SQLite has, to the byte."""
    query = "SELECT * FROM {} ORDER BY 1, 2"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return {
            table.name: connection.execute(query.format(table.name)).fetchall() for table in TABLES
        }


def fill(store: Store) -> None:
    """Have everything happen in a room that leaves something."""
    wordy = Draft(
        kind=draft().kind,
        author=Author(BOB, "Bób 🐝"),
        text="Grüße\naus 東京 'quoted' \\ 🐝 a_b%c",
        lang="pt-PT",
        sent_at=STARTED_AT.replace(microsecond=120000),
        to=Author(ANA, "Ana"),
        in_reply_to=MessageId(1),
        expects_reply=True,
        media=Media("https://example.org/ü.mp3", "Título", "Ω"),
    )
    keep(store, draft("too old"), draft("asked", corr="first", client_id="1"), wordy)
    keep(store, draft("between us", private_to=ANA, corr="private"))
    keep(store, draft("removed " * 3, corr="gone"), draft("removed too"), draft("waits", corr="w"))
    keep(store, draft("x" * 300), draft("on its way", author=BOB, corr="sent"))
    mark(store, 2, Delivery.SENDING)
    mark(store, 2, Delivery.UNCONFIRMED)
    store.ask_again(MessageId(2), Correlation("again"), only_from={Delivery.UNCONFIRMED})
    mark(store, 9, Delivery.SENDING)
    mark(store, 9, Delivery.SENT)
    store.remove(MessageId(5))
    store.remove(MessageId(6))
    purge(store, sent_before=STARTED_AT - timedelta(days=1), most=8)
    ruled = Ruling(UNTIL_UNDONE, STARTED_AT.replace(microsecond=5), "Anna ü", STARTED_AT)
    for each in (
        record("Zoe", b"\x00" * 32, b"\xff" * 32),
        replace(record("Ana"), ruling=ruled),
        replace(record("Bob", is_held=False), has_left=True),
    ):
        store.book.keep(each)


class StoppedError(Exception):
    """In the middle of a move."""


def stopped_at(step: str, source: Place, target: Place) -> None:
    """Move a room until a step of `Side` would begin."""

    def stop(*_: object) -> None:
        raise StoppedError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Side, step, stop)
        with pytest.raises(StoppedError):
            moved(source, target)
