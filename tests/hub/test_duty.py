"""The hub's link runs where the lead is; the others know how it stands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import STARTED_AT, FakeLanguages
from hivemind_chatroom.errors import HubElsewhereError, StorageAwayError
from hivemind_chatroom.hub import link
from hivemind_chatroom.hub.desk import HubDesk
from hivemind_chatroom.hub.duty import HubDuty
from hivemind_chatroom.hub.targets import ChosenTargets, FromIdentity
from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.room.leading import Duties, NotReadyError
from hivemind_chatroom.room.model import (
    Delivery,
    HubState,
    HubStatus,
    Introduction,
    Message,
    Posting,
)
from hivemind_chatroom.room.operating import Credentials
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.settings import HubChoice
from hivemind_chatroom.store.memory import MemoryStore
from hub.test_desk import KEY, PASSWORD, OwnHub
from hub.watch import Watch

ELSEWHERE = HubStatus(HubState.NO_ASSISTANT, STARTED_AT, "hub.no-agent", "start it")


class FakeLead:
    """A lead that is given and taken by the test."""

    def __init__(self) -> None:
        self.duties = Duties(lambda: None, lambda: None)
        self.statuses: list[HubStatus] = []
        self.others: HubStatus | None = ELSEWHERE
        self.is_database_away = False

    def start(self, duties: Duties) -> None:
        self.duties = duties

    def stop(self) -> None:
        pass

    def is_sure(self) -> bool:
        return True

    def tell(self, status: HubStatus) -> None:
        self.statuses.append(status)

    def told(self) -> HubStatus | None:
        if self.is_database_away:
            raise StorageAwayError("It is away.", 1.0)
        return self.others

    def leader(self) -> str:
        return "attic"


class Stage:
    """An instance of a room that others share."""

    def __init__(self, choice: HubChoice, folder: Path) -> None:
        clock = SystemClock()
        self.store = MemoryStore(clock)
        self.room = Room(RoomSettings(member_rate=None), self.store, clock, FakeLanguages())
        self.watch = Watch(self.room)
        self.lead = FakeLead()
        self.own = OwnHub(folder)
        targets = ChosenTargets(choice, FromIdentity(), self.own)
        self.desk = HubDesk(self.room, targets, clock, self.watch.notify, lead=self.lead)
        self.duty = HubDuty(self.room, self.desk, self.lead)
        self.duty.start()

    def asked_and_left(self) -> Message:
        """Have something asked, of which an earlier leader wrote down that it leaves."""
        ana = self.room.join(Introduction("Ana")).member
        asked = self.room.post(ana, Posting("unlock the door")).message
        self.store.mark([asked.id], Delivery.SENDING, only_from={Delivery.QUEUED})
        return asked

    def until_it_is_called(self) -> None:
        """Wait until the link has found nobody at the hub's address."""
        self.watch.until(lambda: self.room.hub.state is HubState.UNREACHABLE)


@pytest.fixture
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(getattr(request, "param", HubChoice.BUILT_IN), tmp_path / "own")
    yield stage
    stage.duty.stop()
    stage.desk.stop()


def wants(*choices: HubChoice) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("stage", choices, indirect=True)


@wants(HubChoice.BUILT_IN, HubChoice.NONE)
def test_who_follows_connects_to_nothing_and_shows_what_the_leader_says(stage: Stage) -> None:
    assert stage.room.hub == ELSEWHERE
    assert stage.own.starts == []


def test_who_leads_connects_and_tells_the_others(stage: Stage) -> None:
    stage.lead.duties.begin()
    stage.until_it_is_called()
    stage.watch.until(lambda: stage.lead.statuses[-1] == stage.room.hub)


def test_who_loses_the_lead_ends_the_link_and_shows_what_the_next_one_says(stage: Stage) -> None:
    stage.lead.duties.begin()
    stage.until_it_is_called()
    stage.lead.duties.end()
    assert not stage.own.is_running
    assert stage.room.hub == ELSEWHERE


def test_the_lead_may_come_back(stage: Stage) -> None:
    for _ in range(2):
        stage.lead.duties.begin()
        stage.until_it_is_called()
        stage.lead.duties.end()


def test_nothing_begins_while_the_last_link_has_not_ended(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its doubt, which comes late, would be about what the new link has sent."""
    monkeypatch.setattr(link, "_STOP_S", 0.0)
    stage.own.may_answer.clear()
    stage.lead.duties.begin()
    [thread] = [each for each in threading.enumerate() if each.name == "hub-link"]
    assert stage.own.is_asked.wait(10)
    stage.lead.duties.end()
    asked = stage.asked_and_left()
    for _ in range(2):
        with pytest.raises(NotReadyError):
            stage.lead.duties.begin()
        stage.lead.duties.end()
    assert stage.watch.history[asked.id] == [Delivery.QUEUED]
    assert (len(stage.own.starts), stage.room.hub) == (1, ELSEWHERE)
    stage.own.may_answer.set()
    thread.join()
    stage.lead.duties.begin()
    stage.until_it_is_called()


def test_who_leads_believes_only_its_own_link(stage: Stage) -> None:
    stage.lead.duties.begin()
    stage.until_it_is_called()
    stage.desk.follow(ELSEWHERE)
    assert stage.room.hub.state is HubState.UNREACHABLE


def test_while_the_database_is_away_nobody_shows_a_hub_that_nobody_may_be_linked_to(
    stage: Stage,
) -> None:
    stage.lead.duties.begin()
    stage.until_it_is_called()
    stage.lead.is_database_away = True
    stage.lead.duties.end()
    assert stage.room.hub.state is HubState.CONNECTING


@wants(HubChoice.NONE)
def test_who_leads_and_wants_no_hub_says_so(stage: Stage) -> None:
    stage.lead.duties.begin()
    assert stage.room.hub.state is HubState.OFF
    assert stage.lead.statuses[-1].state is HubState.OFF


def test_what_an_earlier_leader_had_sent_is_in_doubt_before_anything_is_sent(stage: Stage) -> None:
    asked = stage.asked_and_left()
    stage.lead.duties.begin()
    assert stage.watch.history[asked.id] == [Delivery.QUEUED, Delivery.UNCONFIRMED]


def test_the_operator_of_one_that_follows_is_told_who_leads(stage: Stage) -> None:
    with pytest.raises(HubElsewhereError, match="attic"):
        stage.desk.reconnect()
    with pytest.raises(HubElsewhereError, match="attic"):
        stage.desk.trust_new_key()


def test_what_is_saved_at_one_that_follows_counts_when_it_leads(stage: Stage) -> None:
    stage.desk.save(Credentials(key=KEY, password=PASSWORD, host="127.0.0.1:1"))
    assert (stage.desk.choice, stage.room.hub) == (HubChoice.IDENTITY, ELSEWHERE)
    stage.lead.duties.begin()
    stage.watch.until(lambda: stage.desk.address == "127.0.0.1:1")
    assert stage.own.starts == []
