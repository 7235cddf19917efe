"""Who leads: one instance at a time, found out within seconds; what others write is refused."""

from __future__ import annotations

import contextlib
import itertools
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import CodeType, FrameType
from typing import Any

import psycopg
import pytest

from contract.cluster import Cluster
from contract.stores import draft, keep, mark
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.errors import DatabaseAwayError, DatabaseInUseError
from hivemind_chatroom.room.leading import Duties, NotReadyError
from hivemind_chatroom.room.model import Correlation, Delivery, HubState, HubStatus
from hivemind_chatroom.store.postgres import connecting, lead, seat
from hivemind_chatroom.store.postgres.connecting import connect
from hivemind_chatroom.store.postgres.exclusion import keep_rooms_away
from hivemind_chatroom.store.postgres.store import PostgresStore

WITHIN_S = 15.0
STATUS = HubStatus(HubState.UNREACHABLE, STARTED_AT, "hub.name", "run this", builtin=True)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead, "RENEW_S", 0.1)


class Instance:
    """A store whose lead runs, and what its duties have said, in a list that may be shared."""

    def __init__(self, address: str, name: str, told: list[str]) -> None:
        self.store = PostgresStore(address, FakeClock())
        self.is_on_duty, self.is_off_duty = threading.Event(), threading.Event()
        self._name, self._told = name, told
        self.store.lead.start(Duties(self._begin, self._end))

    def until_it_leads(self) -> None:
        assert self.is_on_duty.wait(WITHIN_S)

    def until_it_leads_no_longer(self) -> None:
        assert self.is_off_duty.wait(WITHIN_S)

    def close(self) -> None:
        self.store.lead.stop()
        self.store.close()

    def _begin(self) -> None:
        self._told.append(f"{self._name} begins")
        self.is_on_duty.set()

    def _end(self) -> None:
        self._told.append(f"{self._name} ends")
        self.is_off_duty.set()


@contextlib.contextmanager
def running(address: str, name: str, told: list[str] | None = None) -> Iterator[Instance]:
    with contextlib.closing(Instance(address, name, [] if told is None else told)) as instance:
        yield instance


@contextlib.contextmanager
def opened(address: str) -> Iterator[PostgresStore]:
    with contextlib.closing(PostgresStore(address, FakeClock())) as store:
        yield store


def end_backend_of_leader(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("SELECT pg_terminate_backend(backend, 5000) FROM leader")


@contextlib.contextmanager
def interrupted(code: CodeType, step: int, meanwhile: Callable[[], None]) -> Iterator[None]:
    """Have something happen before one of the steps of some code, as another thread may."""
    steps = itertools.count()

    def trace(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - as sys has it
        if frame.f_code is not code:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode" and next(steps) == step:
            meanwhile()
        return trace

    tracing = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(tracing)


def test_a_second_store_opens_and_only_the_first_moves_what_was_asked(address: str) -> None:
    with opened(address) as first, opened(address) as second:
        assert (first.lead.token, second.lead.token) == (1, None)
        [asked] = keep(second, draft(corr="a"))
        assert mark(second, asked.id, Delivery.SENDING) is None
        assert mark(first, asked.id, Delivery.SENDING)
        assert second.lead.leader() == first.lead.leader() != ""


def test_the_lead_is_handed_over_at_once_after_the_duties_have_ended(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead, "RENEW_S", WITHIN_S * 2)  # only a word of the leader's helps
    told: list[str] = []
    with running(address, "first", told) as first, running(address, "second", told) as second:
        first.until_it_leads()
        assert first.store.lead.is_sure()
        assert not second.store.lead.is_sure()
        first.close()
        second.until_it_leads()
        assert told == ["first begins", "first ends", "second begins"]


def test_who_loses_the_connection_ends_its_duties_and_stands_again(address: str) -> None:
    with running(address, "only") as only:
        only.until_it_leads()
        only.is_on_duty.clear()
        end_backend_of_leader(address)
        only.until_it_leads_no_longer()
        only.until_it_leads()
        assert only.store.lead.token == 2


def test_who_gives_no_sign_of_life_is_replaced_and_moves_nothing_any_more(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seat, "STALLED_S", 0.3)
    with opened(address) as frozen, running(address, "second") as second:
        [asked] = keep(frozen, draft(corr="a"))
        assert mark(frozen, asked.id, Delivery.SENDING)
        second.until_it_leads()
        assert (frozen.lead.token, second.store.lead.token) == (1, 2)  # it knows of nothing yet
        assert mark(frozen, asked.id, Delivery.SENT) is None
        assert mark(second.store, asked.id, Delivery.UNCONFIRMED)


def test_who_wakes_finds_the_lead_gone_and_follows_until_it_is_free(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seat, "STALLED_S", 0.3)
    with opened(address) as frozen, running(address, "second") as second:
        second.until_it_leads()
        led_under: list[int | None] = []
        leads = threading.Event()

        def begin() -> None:
            led_under.append(frozen.lead.token)
            leads.set()

        frozen.lead.start(Duties(begin, lambda: None))
        second.close()
        assert leads.wait(WITHIN_S)
        assert led_under == [3]
        frozen.lead.stop()


def test_who_leads_is_left_alone_as_long_as_it_gives_signs_of_life(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seat, "STALLED_S", 1.0)
    with running(address, "first") as first:
        first.until_it_leads()
        with running(address, "second") as second:
            assert not second.is_on_duty.wait(2.0)
            assert first.store.lead.is_sure()


def test_who_hears_nothing_of_the_database_is_not_sure_and_ends_its_duties(
    cluster: Cluster, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead, "LEASE_S", 0.5)
    monkeypatch.setattr(connecting, "_ANSWER_S", WITHIN_S * 2)
    with running(address, "only") as only:
        only.until_it_leads()
        cluster.signal(signal.SIGSTOP)
        try:
            only.until_it_leads_no_longer()
            assert not only.store.lead.is_sure()
        finally:
            cluster.signal(signal.SIGCONT)
        only.is_on_duty.clear()
        only.until_it_leads()


def test_duties_that_end_badly_keep_nobody_from_the_lead(address: str) -> None:
    with opened(address) as first, running(address, "second") as second:
        leads = threading.Event()

        def end() -> None:
            leads.clear()
            raise ValueError

        first.lead.start(Duties(leads.set, end))
        assert leads.wait(WITHIN_S)
        end_backend_of_leader(address)
        second.until_it_leads()
        second.close()
        assert leads.wait(WITHIN_S)
        assert first.lead.token == 3
        first.lead.stop()
        assert first.lead.token is None


def test_who_can_not_begin_yet_lets_go_of_the_lead_and_stands_again(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    tokens: list[int | None] = []
    begins = threading.Event()
    with opened(address) as store:

        def begin() -> None:
            tokens.append(store.lead.token)
            if len(tokens) == 1:
                raise NotReadyError
            begins.set()

        store.lead.start(Duties(begin, lambda: None))
        assert begins.wait(WITHIN_S)
        store.lead.stop()
    assert tokens == [1, 2]
    assert "stumbled" not in caplog.text


def test_a_lease_that_has_lapsed_is_a_lead_that_is_lost(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 100.0
    monkeypatch.setattr(lead, "_now_s", lambda: now_s)
    with running(address, "only") as only:
        only.until_it_leads()
        assert only.store.lead.is_sure()
        only.is_on_duty.clear()
        now_s += lead.LEASE_S
        assert not only.store.lead.is_sure()
        only.until_it_leads_no_longer()
        only.until_it_leads()
        assert only.store.lead.token == 2


def test_a_mark_that_moves_nothing_has_the_lead_looked_at(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead, "RENEW_S", WITHIN_S * 2)
    with running(address, "first") as first:
        first.until_it_leads()
        with psycopg.connect(address) as connection:
            connection.execute("UPDATE leader SET token = token + 1")
        [asked] = keep(first.store, draft(corr="a"))
        assert mark(first.store, asked.id, Delivery.SENDING) is None
        first.until_it_leads_no_longer()


def test_who_leads_next_knows_how_long_ago_something_was_asked_again(address: str) -> None:
    clock = FakeClock()
    first = PostgresStore(address, clock)
    with contextlib.closing(PostgresStore(address, clock)) as second:
        [asked] = keep(second, draft(corr="a"))
        clock.advance(60)
        for delivery in (Delivery.SENDING, Delivery.UNCONFIRMED):
            assert mark(first, asked.id, delivery)
        assert first.ask_again(asked.id, Correlation("b"), only_from={Delivery.UNCONFIRMED})
        clock.advance(10)
        first.close()
        leads = threading.Event()
        second.lead.start(Duties(leads.set, lambda: None))
        assert leads.wait(WITHIN_S)
        assert [each.since for each in second.waiting()] == [clock.monotonic() - 10]
        second.lead.stop()


def test_the_others_know_how_the_hub_stands(address: str) -> None:
    with running(address, "first") as first, opened(address) as second, connect(address) as hints:
        first.until_it_leads()
        assert second.lead.told() is None
        hints.execute("LISTEN hivemind_chatroom")
        first.store.lead.tell(replace(STATUS, state=HubState.CONNECTED))
        first.store.lead.tell(STATUS)
        while second.lead.told() != STATUS:
            assert [*hints.notifies(timeout=WITHIN_S, stop_after=1)]


def test_what_is_said_of_the_hub_while_the_others_are_told_is_told_next(address: str) -> None:
    before = replace(STATUS, state=HubState.CONNECTED)
    with opened(address) as store, connect(address) as connection:
        tell_others = store.lead._tell_others  # noqa: SLF001 - what the thread does
        is_interrupted = threading.Event()

        def interrupt() -> None:
            store.lead.tell(STATUS)
            is_interrupted.set()

        for step in itertools.count():
            is_interrupted.clear()
            store.lead.tell(before)
            with interrupted(tell_others.__code__, step, interrupt):
                tell_others(connection, 1)
            if not is_interrupted.is_set():
                break  # it has no more steps
            tell_others(connection, 1)
            assert store.lead.told() == STATUS
        assert step > 1


def test_who_follows_does_not_say_how_the_hub_stands(address: str) -> None:
    with opened(address) as first, running(address, "second") as second:
        second.store.lead.tell(STATUS)
        first.close()
        second.until_it_leads()
        second.close()  # it leads now, and what it said before is of no more use
        with opened(address) as third, connect(address) as connection:
            seat.tell(connection, 1, STATUS)
            assert third.lead.told() is None


def test_nobody_is_alone_with_a_database_that_a_room_uses(address: str) -> None:
    with connect(address) as alone:
        with opened(address), opened(address), pytest.raises(DatabaseInUseError):
            keep_rooms_away(alone, address)
        keep_rooms_away(alone, address)
        with pytest.raises(DatabaseInUseError):
            PostgresStore(address, FakeClock())


def test_who_can_not_reach_the_database_is_told_so_without_its_password() -> None:
    with pytest.raises(DatabaseAwayError) as refused:
        PostgresStore("postgresql://ana:geheim@127.0.0.1:1/room", FakeClock())
    assert "geheim" not in str(refused.value)
