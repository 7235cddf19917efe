import ipaddress
import socket

import pytest

from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.lan import addresses
from hivemind_chatroom.lan.addresses import (
    Addresses,
    Announced,
    Here,
    Listening,
    OwnNames,
    find_addresses,
)
from hivemind_chatroom.lan.interfaces import Interface
from hivemind_chatroom.room.operating import LanInterface, LanState

ANYWHERE = Listening("::")


def interface(name: str, *ips: str) -> Interface:
    return Interface(name, tuple(map(ipaddress.ip_interface, ips)))


WIRED = interface("eth0", "192.168.1.23/24", "fd00::23/64")
WIRELESS = interface("wlan0", "10.0.0.9/8")
OWN = frozenset({"192.168.1.23", "fd00::23", "10.0.0.9", "100.64.0.7"})
"""The last is a tunnel's: others may call by it, and nobody is told of it."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def here(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Here:
    """A computer on two networks."""
    found = Addresses(OWN, (WIRED, WIRELESS))
    monkeypatch.setattr(addresses, "find_addresses", lambda *_: found)
    return Here(clock, ANYWHERE, wanted_name="hivechat.local")


def test_loopback_and_link_local_ipv6_are_no_addresses_of_the_lan() -> None:
    found = [ipaddress.ip_address(ip) for ip in find_addresses(ANYWHERE).own]
    assert not any(ip.is_loopback for ip in found)
    assert not any(ip.version == 6 and ip.is_link_local for ip in found)


def test_the_primary_address_is_one_of_this_computers() -> None:
    found = find_addresses(ANYWHERE)
    assert found.primary is None or found.primary in found.own


@pytest.mark.parametrize(
    ("host", "heard"),
    [
        ("0.0.0.0", {"192.168.1.23", "10.0.0.9"}),  # noqa: S104 - read only
        ("::", {"192.168.1.23", "fd00::23", "10.0.0.9"}),
        ("10.0.0.9", {"10.0.0.9"}),
        ("192.168.7.7", set()),
    ],
)
def test_only_addresses_count_at_which_the_room_listens(
    host: str, heard: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "read_interfaces", lambda: (WIRED, WIRELESS))
    found = find_addresses(Listening(host))
    assert set(found.all) == heard
    assert found.own == {"192.168.1.23", "fd00::23", "10.0.0.9"}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "some-name"])
def test_a_room_at_a_loopback_address_or_a_name_is_for_this_computer_alone(host: str) -> None:
    assert Listening(host).is_local
    assert not Listening("192.168.1.23").is_local


def test_a_room_answers_to_this_computers_names_and_to_what_the_operator_adds(here: Here) -> None:
    names = OwnNames(("Room.Example",), here).current()
    host = socket.gethostname().lower()
    assert {"localhost", "127.0.0.1", "::1", host, f"{host}.local", "room.example"} <= names
    assert names >= OWN


def test_a_room_answers_to_the_names_that_it_is_announced_by_and_no_others(here: Here) -> None:
    names = OwnNames((), here)
    nice = {"hivechat.local", "hivechat-1a2b.local", "hc-1a2b3c4d.local"}
    assert not names.current() & nice
    here.announced = Announced(LanState.STARTING, "hc-1a2b3c4d.local", claimed="hivechat.local")
    assert names.current() & nice == {"hc-1a2b3c4d.local", "hivechat.local"}
    here.announced = Announced(LanState.OK, "hc-1a2b3c4d.local", "hivechat-1a2b.local")
    assert names.current() & nice == {"hc-1a2b3c4d.local", "hivechat-1a2b.local"}


def test_the_address_that_others_reach_is_told_first_and_ipv6_last(here: Here) -> None:
    assert here.standing().addresses == ("192.168.1.23", "10.0.0.9", "fd00::23")


def test_names_and_networks_are_told_with_what_was_asked_for(here: Here) -> None:
    here.announced = Announced(LanState.OK, "hc-1a2b3c4d.local", "hivechat-1a2b.local")
    standing = here.standing()
    assert (standing.state, standing.name, standing.machine_name, standing.wanted_name) == (
        LanState.OK,
        "hivechat-1a2b.local",
        "hc-1a2b3c4d.local",
        "hivechat.local",
    )
    assert standing.interfaces == (
        LanInterface("eth0", ("192.168.1.23", "fd00::23")),
        LanInterface("wlan0", ("10.0.0.9",)),
    )


def test_of_a_pinned_network_alone_others_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "read_interfaces", lambda: (WIRED, WIRELESS))
    here = Here(FakeClock(), ANYWHERE, pinned="wlan0")
    standing = here.standing()
    assert standing.addresses == ("10.0.0.9",)
    assert [(each.name, each.is_pinned) for each in standing.interfaces] == [
        ("wlan0", True),
        ("eth0", False),
    ]


def test_a_pinned_network_that_is_gone_pins_nothing_and_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "read_interfaces", lambda: (WIRED,))
    here = Here(FakeClock(), ANYWHERE)
    here.wish("wlan0", "hivechat.local")
    standing = here.standing()
    assert standing.wanted_interface == "wlan0"
    assert not any(each.is_pinned for each in standing.interfaces)
    assert standing.addresses == ("192.168.1.23", "fd00::23")


def test_addresses_are_looked_up_again_after_a_moment(
    here: Here, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.standing()
    monkeypatch.setattr(addresses, "find_addresses", lambda *_: Addresses())
    assert here.standing().addresses
    clock.advance(2.1)
    assert here.standing().addresses == ()


def test_while_one_looks_others_who_ask_get_what_was_found_last(
    here: Here, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, heard = here.addresses(), []

    def found(*_: object) -> Addresses:
        heard.append(here.addresses())  # as another thread would at this moment
        return Addresses()

    monkeypatch.setattr(addresses, "find_addresses", found)
    clock.advance(2.1)
    assert here.addresses() == Addresses()
    assert heard == [before]


def test_a_visit_is_one_from_another_computer(here: Here, clock: FakeClock) -> None:
    for own in ("127.0.0.1", "::1", "10.0.0.9", "fd00::23", "100.64.0.7"):
        here.note_visit(own)
    assert here.standing().last_visitor_at is None
    here.note_visit("192.168.1.40")
    clock.advance(60)
    assert here.standing().last_visitor_at == STARTED_AT
