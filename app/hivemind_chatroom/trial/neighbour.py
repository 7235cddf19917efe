"""Whether others on the LAN find a room: looked for as they do, by multicast DNS of our own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from hivemind_chatroom.lan.addresses import Listening, find_addresses
from hivemind_chatroom.lan.mdns import Mdns
from hivemind_chatroom.lan.service import CHATROOM, Service

_IPV4: Final = 4
"""Multicast DNS is spoken over it alone, see lan/life.py."""


def own_addresses(host: str) -> tuple[str, ...]:
    """Return one IPv4 address of each network this computer is on, that a room at `host` has."""
    found = find_addresses(Listening(host))
    ips = (ip for each in found.interfaces for ip in each.ips[:1])
    return tuple(str(ip.ip) for ip in ips if ip.version == _IPV4)


def is_announced(port: int, addresses: Sequence[str], within_s: float) -> bool:
    """Look for a room of this computer; return whether it is found.

    Args:
        port: Where it listens.
        addresses: Of this computer, one of each network.
        within_s: How long to look, in seconds.

    Raises:
        OSError: The system refuses to let us speak multicast DNS.
    """
    return asyncio.run(_search(port, addresses, within_s))


async def _search(port: int, addresses: Sequence[str], within_s: float) -> bool:
    is_found = asyncio.Event()

    def look_at(service: Service) -> None:
        if service.port == port and not set(addresses).isdisjoint(service.addresses):
            is_found.set()

    mdns = Mdns(addresses, lambda _: None)
    try:
        mdns.browse(CHATROOM, look_at, lambda _: None)
        async with asyncio.timeout(within_s):
            await is_found.wait()
    except TimeoutError:
        return False
    finally:
        await mdns.close(says_goodbye=False)
    return True
