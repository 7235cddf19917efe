import ipaddress
from dataclasses import replace
from datetime import timedelta

from fakes import STARTED_AT
from hivemind_chatroom.lan.addresses import Addresses
from hivemind_chatroom.lan.interfaces import Interface
from hivemind_chatroom.lan.watch import LOOK_EVERY_S, Watch


def at(*addresses: str) -> Addresses:
    ips = tuple(ipaddress.ip_interface(f"{each}/24") for each in addresses)
    interfaces = (Interface("eth0", ips),) if ips else ()
    return Addresses(frozenset(addresses), interfaces)


HOME = at("192.168.1.23")
BOTH = at("192.168.1.23", "192.168.7.5")


def looks(*found: Addresses, every_s: float = LOOK_EVERY_S) -> list[bool]:
    """Return what a watch that began at home says at each look."""
    watch = Watch(HOME, STARTED_AT)
    return [
        watch.is_another(each, STARTED_AT + timedelta(seconds=every_s * number))
        for number, each in enumerate(found, 1)
    ]


def test_nothing_is_another_as_long_as_nothing_changes() -> None:
    assert looks(HOME, HOME, HOME) == [False, False, False]


def test_one_more_address_counts_when_it_is_seen_twice() -> None:
    assert looks(BOTH, BOTH) == [False, True]
    assert looks(BOTH, HOME, BOTH, HOME) == [False] * 4


def test_an_address_that_others_use_and_that_is_gone_counts_at_once() -> None:
    assert looks(at("192.168.7.5")) == [True]
    assert looks(at()) == [True]


def test_after_a_sleep_others_are_told_again_even_where_nothing_has_changed() -> None:
    assert looks(HOME, every_s=3600) == [True]
    assert looks(HOME, every_s=5) == [False]


def test_a_tunnel_or_a_network_of_containers_that_comes_up_changes_nothing_for_others() -> None:
    with_vpn = replace(HOME, own=HOME.own | {"10.8.0.2", "172.17.0.1"})
    assert looks(with_vpn, with_vpn, HOME, HOME) == [False] * 4
