"""The networks of this computer: which of them count, and by which others likely reach it."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_ELSEWHERE: Final = ("192.0.2.1", 9)
"""TEST-NET-1 (RFC 5737): nothing is sent, the system only says which address it would use."""

_VIRTUAL: Final = re.compile(
    r"(lo\d*$|loopback|docker|br-|veth|virbr|vmnet|vboxnet|vethernet|vnic|tun|tap|wg|utun|tailscale"
    r"|zerotier|zt|ppp|ipsec|gif\d|stf\d|awdl|llw|anpi|ap\d|bridge\d|cni|flannel|cali|lxc|podman)",
    re.IGNORECASE,
)
"""How systems call what leads to no other computer of the household: the networks of containers
and virtual machines (`bridge100` on macOS), tunnels, and Apple's own radios."""

_FLAGS_OF_NONE: Final = frozenset({"loopback", "pointopoint"})

Ip = ipaddress.IPv4Interface | ipaddress.IPv6Interface


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface that is up."""

    name: str
    """As the system calls it."""
    ips: tuple[Ip, ...]
    """With the size of their networks; in the system's order."""
    is_plain: bool = True
    """Neither a loopback nor a tunnel from one point to another."""


def read_interfaces() -> tuple[Interface, ...]:
    """Ask the system for the interfaces that are up."""
    import psutil  # noqa: PLC0415 - thirty milliseconds, which no start has to wait for

    states = psutil.net_if_stats()
    return tuple(
        Interface(
            name,
            tuple(ip for each in addresses if (ip := _parsed(each.address, each.netmask))),
            is_plain=_FLAGS_OF_NONE.isdisjoint(state.flags.split(",")),
        )
        for name, addresses in psutil.net_if_addrs().items()
        if (state := states.get(name)) is not None and state.isup
    )


def source_address() -> str | None:
    """Return the address that this computer would call the world from; None without a way there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return None
        return str(probe.getsockname()[0])


def own_addresses(interfaces: Iterable[Interface]) -> frozenset[str]:
    """Return every address by which another computer could call this one."""
    return frozenset(str(ip.ip) for each in interfaces for ip in each.ips if _is_callable(ip))


def ranked(
    interfaces: Iterable[Interface], source: str | None, pinned: str = ""
) -> tuple[Interface, ...]:
    """Return the interfaces that count with the addresses that do, the likeliest first.

    That is the one that the system itself goes out by, then those with private addresses.

    Args:
        interfaces: All that are up.
        source: What `source_address` says.
        pinned: The interface that the operator has chosen: it comes first and counts whatever it
            is; empty, or one that isn't there, chooses none.
    """
    found = [
        Interface(each.name, ips)
        for each in interfaces
        if (each.name == pinned or (each.is_plain and not _VIRTUAL.match(each.name)))
        and (ips := _sorted(filter(_counts, each.ips), source))
    ]
    settled = [each for each in found if each.name == pinned or not _is_makeshift(each)] or found
    return tuple(
        sorted(settled, key=lambda each: (each.name != pinned, *_rank(each.ips[0], source)))
    )


def _parsed(address: str, mask: str | None) -> Ip | None:
    """Read what psutil says; None for what is no IP address, such as that of the hardware."""
    plain = address.partition("%")[0]  # the zone of a link-local one
    try:
        ip = ipaddress.ip_address(plain)
        bits = int(ipaddress.ip_address(mask)).bit_count() if mask else ip.max_prefixlen
        return ipaddress.ip_interface(f"{plain}/{bits}")
    except ValueError:
        return None


def _is_callable(ip: Ip) -> bool:
    if ip.is_loopback or ip.is_unspecified or ip.is_multicast:
        return False
    return ip.version == 4 or not ip.is_link_local  # noqa: PLR2004 - IP versions


def _counts(ip: Ip) -> bool:
    alone = ip.version == 4 and ip.network.prefixlen == ip.max_prefixlen  # noqa: PLR2004 - as above
    return _is_callable(ip) and not alone


def _is_makeshift(interface: Interface) -> bool:
    """Tell whether nobody has given it an address: 169.254.0.0/16 is what it gave itself."""
    return all(ip.is_link_local for ip in interface.ips)


def _sorted(ips: Iterable[Ip], source: str | None) -> tuple[Ip, ...]:
    return tuple(sorted(ips, key=lambda ip: _rank(ip, source)))


def _rank(ip: Ip, source: str | None) -> tuple[bool, bool, bool, bool]:
    return (ip.version != 4, str(ip.ip) != source, ip.is_link_local, not ip.is_private)  # noqa: PLR2004 - as above
