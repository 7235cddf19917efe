"""What the database promises beyond the contract: it survives its process."""

from __future__ import annotations

import contextlib
import math
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from contract.stores import ANA, asked_as, draft, ids, keep, mark, purge
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.errors import StorageFullError
from hivemind_chatroom.room.model import Delivery
from hivemind_chatroom.store import wiping
from hivemind_chatroom.store.connections import connect
from hivemind_chatroom.store.forgetting import WordsLeft, forget_messages
from hivemind_chatroom.store.sqlite import SqliteStore

Open = Callable[[FakeClock], SqliteStore]


@pytest.fixture
def open_again(tmp_path: Path) -> Iterator[Open]:
    """Close the store that is open, if one is, and open its file again."""
    opened: list[SqliteStore] = []

    def again(clock: FakeClock) -> SqliteStore:
        if opened:
            opened[-1].close()
        opened.append(SqliteStore(tmp_path / "room.db", clock))
        return opened[-1]

    yield again
    opened[-1].close()


def test_everything_is_there_again(open_again: Open) -> None:
    store = open_again(FakeClock())
    keep(store, draft("hello", client_id="a", corr="c1"), draft("secret", private_to=ANA))
    mark(store, 1, Delivery.SENDING)
    before, room_id = store.page(ANA), store.room_id
    store = open_again(FakeClock())
    assert store.page(ANA) == before
    assert store.room_id == room_id
    assert ids(store.page(None, words="hel").messages) == [1]
    assert not store.append(draft("hello", client_id="a")).is_new
    assert [asked.corr for asked in store.under_way()] == ["c1"]
    assert keep(store, draft())[0].id == 3


def test_what_an_earlier_run_asked_is_as_old_as_the_day_says(open_again: Open) -> None:
    keep(open_again(FakeClock()), draft(corr="c1"))
    later = FakeClock()
    later.advance(20)
    [asked] = open_again(later).waiting()
    assert asked.since == later.monotonic() - 20


def test_what_was_asked_in_the_future_is_too_old(open_again: Open) -> None:
    keep(open_again(FakeClock()), draft(corr="c1"))
    earlier = FakeClock()
    earlier.set_back(60)
    [asked] = open_again(earlier).waiting()
    assert asked.since == -math.inf


def test_a_clock_that_is_corrected_makes_nothing_old(open_again: Open) -> None:
    clock = FakeClock()
    store = open_again(clock)
    keep(store, draft(corr="c1"))
    asked_at = clock.monotonic()
    clock.set_back(-3 * 365 * 86_400)
    assert store.waiting()[0].since == asked_at
    clock.set_back(4 * 365 * 86_400)
    assert store.waiting()[0].since == asked_at


def test_numbers_have_no_holes_where_appends_are_repeated(open_again: Open) -> None:
    store = open_again(FakeClock())
    with ThreadPoolExecutor(8) as pool:
        marks = [str(number % 100) for number in range(400)]
        list(pool.map(lambda mark: store.append(draft(client_id=mark)), marks))
    assert ids(store.page(None, limit=200).messages) == list(range(1, 101))


def test_a_closed_store_takes_nothing(open_again: Open) -> None:
    store = open_again(FakeClock())
    store.close()
    store.close()
    with pytest.raises(StorageFullError):
        store.append(draft())


LONG_AGO = STARTED_AT - timedelta(days=1000)
SECRET = "Quetzalcoatlus"


def files_with(folder: Path, word: str) -> set[str]:
    """Return the files that hold a word, as it was written or as the search index folds it."""
    spellings = {word.encode(), word.lower().encode()}
    return {
        path.name
        for path in folder.glob("room.db*")
        if any(spelling in path.read_bytes() for spelling in spellings)
    }


def test_nothing_of_a_removed_message_is_left_in_the_files(
    open_again: Open, tmp_path: Path
) -> None:
    store = open_again(FakeClock())
    keep(store, *(draft(f"line {number}") for number in range(100)))
    removed = keep(store, draft(f"the {SECRET} flies"))[0]
    keep(store, *(draft(f"line {number}") for number in range(100)))
    assert ids(store.page(None, words=SECRET).messages) == [removed.id]
    assert files_with(tmp_path, SECRET)
    store.remove(removed.id)
    assert files_with(tmp_path, SECRET) == set()
    assert len(store.page(None, words="line", limit=300).messages) == 200


def test_nothing_of_a_message_removed_in_a_later_run_is_left(
    open_again: Open, tmp_path: Path
) -> None:
    removed = keep(open_again(FakeClock()), draft(SECRET), draft())[0]
    store = open_again(FakeClock())
    assert files_with(tmp_path, SECRET)
    store.remove(removed.id)
    assert files_with(tmp_path, SECRET) == set()


def test_nothing_of_what_is_purged_is_left(open_again: Open, tmp_path: Path) -> None:
    store = open_again(FakeClock())
    keep(store, draft(f"the {SECRET} flies"), *(draft("hello") for _ in range(20)))
    assert purge(store, sent_before=STARTED_AT, most=5) == 16
    assert files_with(tmp_path, SECRET) == set()


def test_what_a_purge_has_left_undone_is_done_in_the_next_run(
    open_again: Open, tmp_path: Path
) -> None:
    store = open_again(FakeClock())
    keep(store, draft(f"the {SECRET} flies", corr="c1"), *(draft("hello") for _ in range(250)))
    assert store.purge(sent_before=STARTED_AT, most=1).is_more
    store = open_again(FakeClock())
    assert store.first_id() == 201
    assert purge(store, sent_before=STARTED_AT, most=1) == 50
    assert files_with(tmp_path, SECRET) == set()
    assert asked_as(store, "c1") is None


@pytest.mark.skipif(sqlite3.sqlite_version_info >= (3, 42), reason="the index forgets at once")
def test_words_whose_removal_a_crash_has_cut_short_are_gone_after_the_next_purge(
    open_again: Open, tmp_path: Path
) -> None:
    store = open_again(FakeClock())
    keep(store, draft(f"the {SECRET} flies"), *(draft("hello") for _ in range(20)))
    store.close()
    with contextlib.closing(connect(tmp_path / "room.db")) as connection:
        forget_messages(connection, [1])
    store = open_again(FakeClock())
    assert files_with(tmp_path, SECRET)
    assert purge(store, sent_before=LONG_AGO, most=100) == 0
    assert files_with(tmp_path, SECRET) == set()


def test_a_removal_whose_rest_the_disk_refuses_is_one_and_a_later_purge_does_the_rest(
    open_again: Open, tmp_path: Path
) -> None:
    store = open_again(FakeClock())
    removed = keep(store, draft(f"the {SECRET} flies"), draft())[0]

    def refuse(_: sqlite3.Connection) -> WordsLeft:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.MonkeyPatch.context() as disk:
        disk.setattr(wiping, "forget_words", refuse)
        assert store.remove(removed.id) == removed
    assert ids(store.page(None).messages) == [2]
    assert purge(store, sent_before=LONG_AGO, most=100) == 0
    assert files_with(tmp_path, SECRET) == set()


def test_where_the_log_begins_is_known_in_the_next_run(open_again: Open) -> None:
    store = open_again(FakeClock())
    keep(store, draft(), draft(), draft())
    purge(store, sent_before=STARTED_AT, most=1)
    assert open_again(FakeClock()).first_id() == 3
