"""What may keep phones from the room, as far as anybody but root can find out."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from hivemind_chatroom.lan.interfaces import Interface, read_interfaces
from hivemind_chatroom.room.operating import Hint, HintKind

_MDNS_PORT: Final = 5353
"""By which the room's name is asked for (RFC 6762)."""

_TUNNEL: Final = re.compile(
    r"tun|tap|wg|tailscale|zt|zerotier|ppp|ipsec|nordlynx|proton|mullvad|.*(vpn|wireguard)",
    re.IGNORECASE,
)
"""How systems and programs call the interfaces of VPNs; `utun` is found with `tun`."""

_UFW_ON: Final = re.compile(r"^\s*ENABLED\s*=\s*[\"']?yes", re.IGNORECASE | re.MULTILINE)

_FIREWALLD: Final = "firewalld"
_RULE: Final = 'netsh advfirewall firewall add rule name="HiveMind Chatroom" dir=in action=allow'


def find_suspects(port: int, root: Path = Path("/"), platform: str = sys.platform) -> list[Hint]:
    """Return what may keep phones from a room that nobody has come to.

    Args:
        port: The room's.
        root: Where this computer's files are.
        platform: What it runs, as `sys.platform` says.
    """
    return [
        Hint(HintKind.WIFI),  # nobody here can see in which network a phone is
        *tunnels(read_interfaces()),
        *firewalls(port, root, platform),
    ]


def tunnels(interfaces: Iterable[Interface]) -> Iterator[Hint]:
    """Yield the VPNs that this computer is in, of the interfaces that are up."""
    for each in interfaces:
        # Some systems hold tunnels up that lead nowhere, with a link-local address.
        leads_somewhere = any(not ip.is_link_local and not ip.is_loopback for ip in each.ips)
        if _TUNNEL.match(each.name.removeprefix("u")) and leads_somewhere:
            yield Hint(HintKind.VPN, each.name)


def firewalls(port: int, root: Path, platform: str) -> Iterator[Hint]:
    """Yield the firewalls of this computer, each with what opens it for the room."""
    if platform == "win32":
        yield Hint(
            HintKind.FIREWALL,
            "windows",
            (
                f"{_RULE} protocol=TCP localport={port} profile=private",
                f"{_RULE} protocol=UDP localport={_MDNS_PORT} profile=private",
            ),
        )
    elif platform == "darwin":
        yield Hint(HintKind.FIREWALL, "macos")
    else:
        yield from _firewalls_of_linux(port, root)


def _firewalls_of_linux(port: int, root: Path) -> Iterator[Hint]:
    if _UFW_ON.search(_text(root / "etc" / "ufw" / "ufw.conf")):
        commands = (f"sudo ufw allow {port}/tcp", f"sudo ufw allow {_MDNS_PORT}/udp")
        yield Hint(HintKind.FIREWALL, "ufw", commands)
    if any(name == _FIREWALLD for name in _running(root)):
        ports = f"--add-port={port}/tcp --add-port={_MDNS_PORT}/udp"
        commands = (f"sudo firewall-cmd {ports}", "sudo firewall-cmd --runtime-to-permanent")
        yield Hint(HintKind.FIREWALL, _FIREWALLD, commands)


def _running(root: Path) -> Iterator[str]:
    """Yield the names of all processes (proc(5))."""
    return (_text(file).strip() for file in root.glob("proc/[0-9]*/comm"))


def _text(file: Path) -> str:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return file.read_text("utf-8")
    return ""
