import ipaddress
from types import SimpleNamespace

import psutil
import pytest

from hivemind_chatroom.lan.interfaces import (
    Interface,
    own_addresses,
    ranked,
    read_interfaces,
    source_address,
)


def interface(name: str, *ips: str, is_plain: bool = True) -> Interface:
    return Interface(name, tuple(map(ipaddress.ip_interface, ips)), is_plain=is_plain)


ETHERNET = interface("eth0", "192.168.1.23/24")


def names(*found: Interface, source: str | None = None, pinned: str = "") -> list[str]:
    return [each.name for each in ranked(found, source, pinned)]


@pytest.mark.parametrize(
    "name",
    [
        "lo", "lo0", "docker0", "br-5f2c", "veth12ab", "virbr0", "vmnet8", "vboxnet0",
        "vEthernet (WSL)", "tun0", "tap0", "wg0", "utun3", "tailscale0", "zt7nnig26", "ppp0",
        "awdl0", "llw0", "bridge100", "cni0", "lxcbr0", "podman0",
        "Loopback Pseudo-Interface 1",
    ],
)  # fmt: skip
def test_what_leads_to_no_other_computer_of_the_household_does_not_count(name: str) -> None:
    assert names(interface(name, "10.1.2.3/24"), ETHERNET) == ["eth0"]


@pytest.mark.parametrize(
    "name", ["eth0", "enp3s0", "wlan0", "wlp2s0", "en0", "Wi-Fi", "Ethernet 2"]
)
def test_wires_and_wifi_count(name: str) -> None:
    assert names(interface(name, "10.1.2.3/24")) == [name]


def test_a_tunnel_counts_under_no_name() -> None:
    assert names(interface("eth7", "10.1.2.3/24", is_plain=False), ETHERNET) == ["eth0"]


def test_an_address_alone_in_its_network_and_a_link_local_ipv6_one_do_not_count() -> None:
    found = ranked([interface("eth0", "10.9.9.9/32", "fe80::1/64", "fd00::5/128")], None)
    assert [str(ip.ip) for each in found for ip in each.ips] == ["fd00::5"]


def test_an_address_that_a_computer_gave_itself_counts_when_there_is_nothing_else() -> None:
    makeshift = interface("eth1", "169.254.7.7/16")
    assert names(makeshift, ETHERNET) == ["eth0"]
    assert names(makeshift) == ["eth1"]


def test_the_network_that_the_system_goes_out_by_comes_first_and_then_private_ones() -> None:
    public = interface("eth1", "93.184.216.34/24")
    private = interface("eth2", "10.0.0.9/8")
    outward = interface("eth3", "198.51.100.4/24")
    assert names(public, private, outward, source="198.51.100.4") == ["eth3", "eth2", "eth1"]


def test_a_pinned_network_comes_first_whatever_it_is() -> None:
    tunnel = interface("wg0", "10.8.0.2/24", is_plain=False)
    assert names(ETHERNET, tunnel, source="192.168.1.23", pinned="wg0") == ["wg0", "eth0"]


def test_a_pinned_network_that_is_not_there_changes_nothing() -> None:
    assert names(ETHERNET, pinned="eth9") == ["eth0"]


def test_own_are_also_the_addresses_of_tunnels_but_no_loopback_and_no_link_local_ipv6() -> None:
    tunnel = interface("tailscale0", "100.64.0.7/32", is_plain=False)
    loopback = interface("lo", "127.0.0.1/8", "::1/128")
    assert own_addresses(
        [interface("eth0", "192.168.1.23/24", "fe80::1/64"), tunnel, loopback]
    ) == {
        "192.168.1.23",
        "100.64.0.7",
    }


def test_what_the_system_says_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def address(ip: str, mask: str | None) -> SimpleNamespace:
        return SimpleNamespace(address=ip, netmask=mask)

    def state(flags: str, *, isup: bool = True) -> SimpleNamespace:
        return SimpleNamespace(isup=isup, flags=flags)

    table = {
        "eth0": [
            address("192.168.1.23", "255.255.255.0"),
            address("fd00::23", "ffff:ffff:ffff:ffff::"),
            address("fe80::1%eth0", "ffff:ffff:ffff:ffff::"),
            address("02:fc:00:00:00:01", None),
        ],
        "eth1": [address("10.0.0.9", "255.0.0.0")],
        "tun0": [address("10.8.0.2", "255.255.255.255")],
    }
    states = {
        "eth0": state("up,broadcast,running,multicast"),
        "eth1": state("broadcast", isup=False),
        "tun0": state("up,pointopoint,running"),
    }
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: table)
    monkeypatch.setattr(psutil, "net_if_stats", lambda: states)
    assert read_interfaces() == (
        interface("eth0", "192.168.1.23/24", "fd00::23/64", "fe80::1/64"),
        interface("tun0", "10.8.0.2/32", is_plain=False),
    )


def test_the_source_address_is_one_of_this_computers() -> None:
    source = source_address()
    assert source is None or source in own_addresses(read_interfaces())
