import ipaddress
import socket

import pytest

from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.lan import addresses
from hivemind_chatroom.lan.addresses import Addresses, Here, OwnNames, find_addresses


def test_loopback_and_link_local_ipv6_are_no_addresses_of_the_lan() -> None:
    found = [ipaddress.ip_address(ip) for ip in find_addresses().all]
    assert not any(ip.is_loopback for ip in found)
    assert not any(ip.version == 6 and ip.is_link_local for ip in found)


def test_the_primary_address_is_one_of_those_found() -> None:
    addresses = find_addresses()
    assert addresses.primary is None or addresses.primary in addresses.all


def test_a_room_answers_to_this_computers_names_and_to_what_the_operator_adds() -> None:
    names = OwnNames(("Room.Example",), Here(FakeClock())).current()
    host = socket.gethostname().lower()
    assert {"localhost", "127.0.0.1", "::1", host, f"{host}.local", "room.example"} <= names
    assert find_addresses().all <= names


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def here(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Here:
    """A computer with three addresses, whose third is the one that others reach."""
    found = frozenset({"10.0.0.9", "fd00::23", "192.168.1.23"})
    monkeypatch.setattr(addresses, "find_addresses", lambda: Addresses("192.168.1.23", found))
    return Here(clock)


def test_the_address_that_others_reach_is_told_first_and_ipv6_last(here: Here) -> None:
    assert here.standing().addresses == ("192.168.1.23", "10.0.0.9", "fd00::23")


def test_addresses_are_looked_up_again_after_a_moment(
    here: Here, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.standing()
    monkeypatch.setattr(addresses, "find_addresses", lambda: Addresses(None, frozenset()))
    assert here.standing().addresses
    clock.advance(2.1)
    assert here.standing().addresses == ()


def test_a_visit_is_one_from_another_computer(here: Here, clock: FakeClock) -> None:
    for own in ("127.0.0.1", "::1", "10.0.0.9", "fd00::23"):
        here.note_visit(own)
    assert here.standing().last_visitor_at is None
    here.note_visit("192.168.1.40")
    clock.advance(60)
    assert here.standing().last_visitor_at == STARTED_AT
