"""What instances that share a database tell each other: numbers without holes, hints in time."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest

from contract.stores import ANA, draft, ids, keep, mark
from fakes import FakeClock, FakeLanguages, FeedRecorder
from hivemind_chatroom.room.changes import Change, ChangeKind, News
from hivemind_chatroom.room.feed import MessageUpdated
from hivemind_chatroom.room.model import Correlation, Delivery, MessageId
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.postgres import changes
from hivemind_chatroom.store.postgres.store import PostgresStore

_EVER = datetime.min.replace(tzinfo=UTC)


def news(store: PostgresStore, after: int = 0, change_id: int = 0) -> News:
    return store.changes.news(MessageId(after), change_id)


def test_messages_of_all_are_read_by_number(here: PostgresStore, there: PostgresStore) -> None:
    one, two = *keep(here, draft("one")), *keep(there, draft("two", private_to=ANA))
    assert news(here).messages == (one, two)
    assert news(here, after=1).messages == (two,)
    assert news(here, after=2) == News((), MessageId(2), (), 0)


def test_what_is_gone_before_it_is_read_counts_as_read(
    here: PostgresStore, there: PostgresStore
) -> None:
    keep(there, draft("one"), draft("two"), draft("three"))
    there.remove(MessageId(2))
    there.remove(MessageId(3))
    assert ids(news(here).messages) == [1]
    assert news(here).last_id == 3


def test_only_what_others_did_is_news(here: PostgresStore, there: PostgresStore) -> None:
    keep(there, draft("what time is it", corr="c1"))
    mark(here, 1, Delivery.SENDING)
    found = news(there)
    assert found.changes == (Change(ChangeKind.MESSAGE, "1"),)
    assert news(here).changes == ()
    assert news(here).change_id == found.change_id == there.changes.change_id() == 1
    assert news(there, change_id=1).changes == ()


def test_many_utterances_that_move_at_once_are_many_changes(
    here: PostgresStore, there: PostgresStore
) -> None:
    keep(there, *(draft(f"line {nth}", corr=f"c{nth}") for nth in range(4)))
    numbers = [MessageId(number) for number in (3, 1, 4)]
    here.mark(numbers, Delivery.SENDING, only_from={Delivery.QUEUED})
    here.mark(numbers, Delivery.SENDING, only_from={Delivery.QUEUED})
    assert [change.subject for change in news(there).changes] == ["1", "3", "4"]


def test_how_far_another_instance_has_an_utterance_is_told_here(
    here: PostgresStore, there: PostgresStore
) -> None:
    keep(here, draft(corr="c1"))
    room, told = Room(RoomSettings(), there, FakeClock(), FakeLanguages()), FeedRecorder()
    room.feed.listen(told)
    moved = mark(here, 1, Delivery.SENDING)
    room.following.catch_up()
    assert moved
    assert told.events == [MessageUpdated(moved)]


def test_what_is_asked_again_is_a_change(here: PostgresStore, there: PostgresStore) -> None:
    keep(here, draft(corr="c1"))
    there.ask_again(MessageId(1), Correlation("c2"), only_from={Delivery.QUEUED})
    assert news(here).changes == (Change(ChangeKind.MESSAGE, "1"),)


def test_a_removal_says_who_alone_could_see_the_message(
    here: PostgresStore, there: PostgresStore
) -> None:
    keep(here, draft(), draft(private_to=ANA))
    for number in (1, 2, 2, 9):
        there.remove(MessageId(number))
    assert news(here).changes == (
        Change(ChangeKind.REMOVED, "1"),
        Change(ChangeKind.REMOVED, "2 ana"),
    )


def test_that_all_was_forgotten_is_told_and_that_what_is_old_was_is_not(
    here: PostgresStore, there: PostgresStore
) -> None:
    keep(here, draft("one"), draft("two"))
    while there.purge(sent_before=_EVER, most=1).is_more:
        pass
    assert news(here).changes == ()
    while there.purge(sent_before=_EVER, most=10, through=MessageId(2)).is_more:
        pass
    assert news(here).changes == (Change(ChangeKind.FORGOTTEN, "2"),)


def test_who_waits_for_the_counter_of_messages_holds_nothing_that_others_wait_for(
    here: PostgresStore, address: str
) -> None:
    keep(here, draft("one", corr="c1", client_id="once"), draft("two"))
    with ThreadPoolExecutor(1) as pool, psycopg.connect(address, autocommit=True) as counting:
        with counting.transaction():
            counting.execute("SELECT FROM room FOR UPDATE")
            purging = pool.submit(here.purge, sent_before=_EVER, most=1)
            wait_for_who_waits(counting)
            counting.execute("SELECT FROM change_count FOR UPDATE NOWAIT")
            counting.execute("SELECT FROM message WHERE client_id = 'once' FOR UPDATE NOWAIT")
        assert purging.result(10).messages == 1


def wait_for_who_waits(connection: psycopg.Connection) -> None:
    """Return as soon as somebody waits for what this connection holds."""
    waiting = "SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    deadline = time.monotonic() + 10
    while connection.execute(waiting).fetchone() is None:
        connection.execute("SELECT pg_stat_clear_snapshot()")  # else one transaction sees one state
        assert time.monotonic() < deadline


def test_more_than_one_look_reads_is_read_by_several(
    here: PostgresStore, there: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_MOST", 2)
    keep(here, *(draft(f"line {nth}", corr=f"c{nth}") for nth in range(3)))
    for number in (1, 2, 3):
        mark(here, number, Delivery.SENDING)
    first = news(there)
    assert (ids(first.messages), first.last_id) == ([1, 2], 2)
    assert ([each.subject for each in first.changes], first.change_id) == (["1", "2"], 2)
    second = news(there, first.last_id, first.change_id)
    assert (ids(second.messages), [each.subject for each in second.changes]) == ([3], ["3"])
    assert (first.is_more, second.is_more) == (True, False)
    assert news(there, after=3).is_more
    assert news(there, change_id=3).is_more


def test_who_is_behind_what_is_kept_of_changes_is_told_so(
    here: PostgresStore, there: PostgresStore, address: str
) -> None:
    keep(there, draft(corr="c1"))
    mark(here, 1, Delivery.SENDING)
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE change SET made_at = made_at - interval '2 hours'")
    here.purge(sent_before=_EVER, most=10)
    assert not news(there).is_all
    assert news(there, change_id=1).is_all
    mark(here, 1, Delivery.SENT)
    assert not news(there).is_all
    assert news(there, change_id=1).changes == (Change(ChangeKind.MESSAGE, "1"),)


def test_changes_of_many_threads_have_numbers_without_holes(
    here: PostgresStore, there: PostgresStore
) -> None:
    keep(there, *(draft(f"line {nth}", corr=f"c{nth}") for nth in range(100)))
    reads: list[News] = []

    def move(share: int) -> None:
        for number in range(share + 1, 101, 4):
            mark(here, number, Delivery.SENDING)

    with ThreadPoolExecutor(4) as pool:
        moving = [pool.submit(move, share) for share in range(4)]
        while not all(each.done() for each in moving):
            reads.append(news(there, change_id=reads[-1].change_id if reads else 0))
        for each in moving:
            each.result()
    reads.append(news(there, change_id=reads[-1].change_id))
    told = [change.subject for read in reads for change in read.changes]
    assert len(told) == len(set(told)) == 100


def test_whoever_runs_beside_us_has_said_so_lately(
    here: PostgresStore, there: PostgresStore, address: str
) -> None:
    here.elsewhere.exchange(frozenset())
    assert news(here).is_alone
    assert not news(there).is_alone
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE instance SET seen_at = seen_at - interval '1 minute'")
    assert news(there).is_alone
