"""Today's figures, on a clock that the test sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from fakes import STARTED_AT, FakeClock, FakeLanguages
from hivemind_chatroom.diagnostics import figures as counted
from hivemind_chatroom.diagnostics.figures import Figures
from hivemind_chatroom.room.model import (
    Address,
    Delivery,
    Ending,
    HubState,
    HubStatus,
    Introduction,
    Member,
    Posting,
    Reply,
)
from hivemind_chatroom.room.operating import Today
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.room.tally import Question, Tally
from hivemind_chatroom.store.memory import MemoryStore

DAY_S = 86_400.0
NOTHING = Today(0, 0, 0, None, (0,) * 24, (0,) * 24, (None,) * 24)


class Household:
    """A room whose assistant answers when the test wants it to."""

    def __init__(
        self, clock: FakeClock, figures: Figures, store: MemoryStore | None = None
    ) -> None:
        settings = RoomSettings(member_rate=None, join_rate=None)
        self._room = Room(settings, store or MemoryStore(clock), clock, FakeLanguages())
        self._room.hub_is(HubStatus(HubState.CONNECTED, clock.now()))
        self._room.feed.listen(figures.note)
        self._clock = clock

    def join(self, name: str) -> Member:
        return self._room.join(Introduction(name, "en")).member

    def ask(self, member: Member, after_s: float | None = None) -> None:
        """Ask; answered after so many seconds, or not at all."""
        self._room.post(member, Posting("what time is it?"))
        if after_s is not None:
            self.answer(after_s)

    def answer(self, after_s: float) -> None:
        """Answer what was asked last."""
        [utterance] = self._room.utterances.waiting()[-1:]
        self._room.utterances.sending(utterance)
        self._room.utterances.sent(utterance)
        self._clock.advance(after_s)
        address = Address(corr=utterance.corr)
        self._room.receive(Reply(address, "ten past three"))
        self._room.utterances.end(Ending(address, Delivery.ANSWERED))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def figures(clock: FakeClock) -> Figures:
    return Figures(clock, MemoryStore(clock), UTC)


@pytest.fixture
def household(clock: FakeClock, figures: Figures) -> Household:
    return Household(clock, figures)


def test_a_day_begins_with_nothing(figures: Figures) -> None:
    assert figures.today() == NOTHING


def test_what_is_asked_and_answered_is_counted_by_people_and_hours(
    clock: FakeClock, figures: Figures, household: Household
) -> None:
    ana, bob = household.join("Ana"), household.join("Bob")
    household.ask(ana, 0.5)
    household.ask(ana, 1.5)
    clock.advance(3_600)
    household.ask(bob, 4.0)
    household.ask(bob)
    today = figures.today()
    assert (today.asked, today.answered, today.people, today.median_ms) == (4, 3, 2, 1_500)
    hour = STARTED_AT.hour
    assert today.asked_by_hour[hour : hour + 2] == (2, 2)
    assert today.answered_by_hour[hour : hour + 2] == (2, 1)
    assert today.median_ms_by_hour[hour : hour + 2] == (1_000, 4_000)
    assert sum(today.asked_by_hour) == 4


def test_at_midnight_here_it_begins_anew(clock: FakeClock) -> None:
    # it is 15:09 in UTC and 23:39 there
    figures = Figures(clock, MemoryStore(clock), timezone(timedelta(hours=8, minutes=30)))
    household = Household(clock, figures)
    ana = household.join("Ana")
    household.ask(ana, 1.0)
    assert figures.today().asked_by_hour[23] == 1
    clock.advance(19 * 60)
    assert figures.today().asked == 1
    clock.advance(2 * 60)
    assert figures.today() == NOTHING
    household.ask(ana, 1.0)
    today = figures.today()
    assert (today.asked, today.people, today.asked_by_hour[0]) == (1, 1, 1)


def test_the_same_hour_of_another_day_is_another_one(
    clock: FakeClock, figures: Figures, household: Household
) -> None:
    ana = household.join("Ana")
    household.ask(ana, 1.0)
    clock.advance(DAY_S)
    household.ask(ana, 3.0)
    assert (figures.today().asked, figures.today().median_ms) == (1, 3_000)


def test_what_was_asked_before_midnight_is_an_answer_of_today(
    clock: FakeClock, figures: Figures, household: Household
) -> None:
    ana = household.join("Ana")
    midnight = datetime(2026, 3, 15, tzinfo=UTC)
    clock.advance((midnight - clock.now()).total_seconds() - 1)
    household.ask(ana, 2.0)
    today = figures.today()
    assert (today.asked, today.answered, today.median_ms) == (0, 1, 2_000)


def test_however_much_is_said_what_is_remembered_is_bounded(
    monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    monkeypatch.setattr(counted, "_TIMES_MAX", 3)
    monkeypatch.setattr(counted, "_PEOPLE_MAX", 2)
    figures = Figures(clock, MemoryStore(clock), UTC)
    household = Household(clock, figures)
    people = [household.join(name) for name in ("Ana", "Bob", "Zoe")]
    for seconds in (1.0, 2.0, 3.0, 4.0, 5.0):
        for person in people:
            household.ask(person, seconds)
    today = figures.today()
    assert (today.answered, today.people, today.median_ms) == (15, 2, 5_000)


@pytest.fixture
def store(clock: FakeClock) -> MemoryStore:
    return MemoryStore(clock)


def begin_again(clock: FakeClock, store: MemoryStore) -> tuple[Figures, Household]:
    """Start the room anew, which takes a second, on what it has kept."""
    clock.advance(1)
    figures = Figures(clock, store, UTC)
    return figures, Household(clock, figures, store)


def test_after_a_restart_the_day_is_what_it_was(clock: FakeClock, store: MemoryStore) -> None:
    figures, household = begin_again(clock, store)
    ana, bob = household.join("Ana"), household.join("Bob")
    household.ask(ana, 0.5)
    household.ask(ana, 1.5)
    clock.advance(3_600)
    household.ask(bob, 4.0)
    household.ask(bob)
    before = figures.today()
    assert before != NOTHING
    figures, _ = begin_again(clock, store)
    assert figures.today() == before
    assert figures.today() == before


def test_what_comes_after_a_restart_is_added_and_nothing_is_counted_twice(
    clock: FakeClock, store: MemoryStore
) -> None:
    _, household = begin_again(clock, store)
    household.ask(household.join("Ana"), 1.0)
    figures, household = begin_again(clock, store)
    bob = household.join("Bob")
    household.ask(bob, 3.0)
    household.ask(bob)
    today = figures.today()
    assert (today.asked, today.answered, today.people, today.median_ms) == (3, 2, 2, 2_000)


def test_what_was_asked_before_a_restart_and_answered_after_it_is_one_answer(
    clock: FakeClock, store: MemoryStore
) -> None:
    _, household = begin_again(clock, store)
    household.ask(household.join("Ana"))
    figures, household = begin_again(clock, store)
    household.answer(2.0)
    today = figures.today()
    assert (today.asked, today.answered, today.median_ms) == (1, 1, None)


def test_what_yesterday_had_is_not_todays_after_a_restart(
    clock: FakeClock, store: MemoryStore
) -> None:
    _, household = begin_again(clock, store)
    household.ask(household.join("Ana"), 1.0)
    clock.advance(DAY_S)
    figures, _ = begin_again(clock, store)
    assert figures.today() == NOTHING


class Watched(MemoryStore):
    """Counts how often somebody wants to know of the past."""

    looks = 0

    def tally(self, since: datetime) -> Tally:
        self.looks += 1
        return super().tally(since)


def test_the_start_does_not_look_at_the_past_and_who_watches_looks_once(clock: FakeClock) -> None:
    store = Watched(clock)
    figures, _ = begin_again(clock, store)
    assert store.looks == 0
    figures.today()
    figures.today()
    assert store.looks == 1


def test_a_day_that_began_since_the_start_has_nothing_of_before(clock: FakeClock) -> None:
    store = Watched(clock)
    _, household = begin_again(clock, store)
    household.ask(household.join("Ana"), 1.0)
    figures, _ = begin_again(clock, store)
    clock.advance(DAY_S)
    assert figures.today() == NOTHING
    assert store.looks == 0


def test_an_answer_before_its_question_was_asked_tells_no_time(clock: FakeClock) -> None:
    asked_at = clock.now()
    clock.advance(60)
    hours = [timedelta(seconds=-1), timedelta(0)]
    questions = tuple(Question(asked_at, True, asked_at + each) for each in hours)  # noqa: FBT003

    class SetBack:
        def tally(self, since: datetime) -> Tally:
            assert since <= asked_at
            return Tally(questions=questions)

    today = Figures(clock, SetBack(), UTC).today()
    assert (today.asked, today.answered, today.median_ms) == (2, 2, None)
