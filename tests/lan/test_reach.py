"""A room that nobody comes to says after a while what may be the reason, until somebody comes."""

from __future__ import annotations

import ipaddress

import pytest

from fakes import FakeClock
from hivemind_chatroom.lan import addresses as module
from hivemind_chatroom.lan.addresses import Here, Listening
from hivemind_chatroom.lan.interfaces import Interface
from hivemind_chatroom.lan.reach import ALONE_S, Reach
from hivemind_chatroom.room.operating import Hint, HintKind

GUEST_WIFI = Hint(HintKind.WIFI)
UFW = Hint(HintKind.FIREWALL, "ufw", ("sudo ufw allow 8985/tcp",))
PHONE = "192.168.1.20"
OWN = "192.168.1.23"


class Stage:
    """A computer in one network, on which a test decides what is suspicious."""

    def __init__(self, host: str = "0.0.0.0") -> None:  # noqa: S104 - nothing listens
        self.clock = FakeClock()
        self.suspects = [GUEST_WIFI]
        self.looks = 0
        self.told = 0
        here = Here(self.clock, Listening(host))
        self.reach = Reach(here, self.clock, self._look, self._tell)

    def _look(self) -> list[Hint]:
        self.looks += 1
        return self.suspects

    def _tell(self) -> None:
        self.told += 1


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> list[Interface]:
    """Be in a network that a test may take away."""
    up = [Interface("eth0", (ipaddress.ip_interface(f"{OWN}/24"),))]
    monkeypatch.setattr(module, "read_interfaces", lambda: tuple(up))
    return up


def test_nothing_is_suspected_before_five_minutes_are_over() -> None:
    stage = Stage()
    assert stage.reach.due_in_s() == ALONE_S == 300
    stage.clock.advance(ALONE_S - 1)
    assert (stage.reach.due_in_s(), stage.reach.hints(), stage.looks) == (1, (), 0)
    stage.clock.advance(1)
    assert (stage.reach.due_in_s(), stage.reach.hints()) == (None, (GUEST_WIFI,))


def test_the_first_visitor_ends_it_at_once_and_for_good() -> None:
    stage = Stage()
    stage.clock.advance(ALONE_S)
    assert stage.reach.hints() != ()
    stage.reach.note_visit(PHONE)
    assert (stage.told, stage.reach.hints(), stage.reach.due_in_s()) == (1, (), None)
    stage.reach.note_visit(PHONE)
    stage.clock.advance(ALONE_S)
    assert (stage.told, stage.reach.hints()) == (1, ())


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", OWN])
def test_this_computer_itself_is_no_visitor(address: str) -> None:
    stage = Stage()
    stage.reach.note_visit(address)
    stage.clock.advance(ALONE_S)
    assert (stage.told, stage.reach.hints()) == (0, (GUEST_WIFI,))


def test_what_the_host_mends_is_suspected_no_more() -> None:
    stage = Stage()
    stage.suspects = [GUEST_WIFI, UFW]
    stage.clock.advance(ALONE_S)
    assert stage.reach.hints() == stage.reach.hints() == (GUEST_WIFI, UFW)
    assert stage.looks == 1
    stage.suspects = [GUEST_WIFI]
    stage.clock.advance(10)
    assert stage.reach.hints() == (GUEST_WIFI,)


def test_a_room_that_no_phone_is_told_of_suspects_nothing(network: list[Interface]) -> None:
    local = Stage("127.0.0.1")
    local.clock.advance(ALONE_S)
    assert local.reach.hints() == ()
    network.clear()
    unplugged = Stage()
    unplugged.clock.advance(ALONE_S)
    assert unplugged.reach.hints() == ()
