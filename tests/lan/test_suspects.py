"""What may keep phones out, as this computer's files and interfaces tell it."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest

from hivemind_chatroom.lan.interfaces import Interface
from hivemind_chatroom.lan.suspects import find_suspects, firewalls, tunnels
from hivemind_chatroom.room.operating import Hint, HintKind

PORT = 8985

UFW = ("sudo ufw allow 8985/tcp", "sudo ufw allow 5353/udp")
FIREWALLD = (
    "sudo firewall-cmd --add-port=8985/tcp --add-port=5353/udp",
    "sudo firewall-cmd --runtime-to-permanent",
)


def interface(name: str, address: str) -> Interface:
    return Interface(name, (ipaddress.ip_interface(address),))


def computer(root: Path, *, ufw: str = "", processes: tuple[str, ...] = ()) -> Path:
    """Write the files of a computer."""
    if ufw:
        (root / "etc" / "ufw").mkdir(parents=True)
        (root / "etc" / "ufw" / "ufw.conf").write_text(ufw)
    for number, name in enumerate(processes, start=1):
        (root / "proc" / str(number)).mkdir(parents=True)
        (root / "proc" / str(number) / "comm").write_text(f"{name}\n")
    return root


@pytest.mark.parametrize(
    ("name", "address", "is_found"),
    [
        ("tun0", "10.8.0.2/24", True),
        ("wg-home", "10.8.0.2/32", True),
        ("utun4", "100.64.0.7/32", True),
        ("tailscale0", "100.64.0.7/32", True),
        ("ProtonVPN", "10.2.0.2/32", True),
        ("utun1", "fe80::1/64", False),
        ("tun0", "127.0.0.3/8", False),
        ("eth0", "192.168.1.23/24", False),
        ("wlan0", "192.168.1.24/24", False),
        ("docker0", "172.17.0.1/16", False),
    ],
)
def test_a_vpn_is_one_that_leads_somewhere(name: str, address: str, is_found: bool) -> None:  # noqa: FBT001 - a parameter of the table
    found = list(tunnels([interface(name, address)]))
    assert found == ([Hint(HintKind.VPN, name)] if is_found else [])


def test_a_tunnel_without_an_address_leads_nowhere() -> None:
    assert list(tunnels([Interface("tun0", ())])) == []


@pytest.mark.parametrize(
    ("ufw", "is_on"),
    [
        ("# /etc/ufw/ufw.conf\nENABLED=yes\nLOGLEVEL=low\n", True),
        ('ENABLED = "yes"\n', True),
        ("ENABLED=no\n", False),
        ("# ENABLED=yes\n", False),
        ("", False),
    ],
)
def test_ufw_is_named_when_it_is_on(tmp_path: Path, ufw: str, is_on: bool) -> None:  # noqa: FBT001 - as above
    found = list(firewalls(PORT, computer(tmp_path, ufw=ufw), "linux"))
    assert found == ([Hint(HintKind.FIREWALL, "ufw", UFW)] if is_on else [])


def test_firewalld_is_named_when_it_runs(tmp_path: Path) -> None:
    root = computer(tmp_path, processes=("systemd", "firewalld", "bash"))
    assert list(firewalls(PORT, root, "linux")) == [Hint(HintKind.FIREWALL, "firewalld", FIREWALLD)]


def test_what_only_is_called_like_it_is_not_firewalld(tmp_path: Path) -> None:
    root = computer(tmp_path, processes=("firewalld-log", "my-firewalld"))
    assert list(firewalls(PORT, root, "linux")) == []


def test_windows_opens_its_firewall_for_private_networks_alone(tmp_path: Path) -> None:
    [hint] = firewalls(9000, tmp_path, "win32")
    assert (hint.kind, hint.name) == (HintKind.FIREWALL, "windows")
    assert ["protocol=TCP localport=9000" in hint.commands[0], len(hint.commands)] == [True, 2]
    assert all(command.endswith("profile=private") for command in hint.commands)


def test_macos_is_asked_in_its_settings(tmp_path: Path) -> None:
    assert list(firewalls(PORT, tmp_path, "darwin")) == [Hint(HintKind.FIREWALL, "macos")]


def test_another_network_is_always_a_suspect_and_this_computer_can_be_looked_at() -> None:
    assert find_suspects(PORT)[0] == Hint(HintKind.WIFI)
