"""Under which addresses and names this computer is called on the LAN."""

from __future__ import annotations

import ipaddress
import socket
import threading
from dataclasses import dataclass
from datetime import datetime

import ifaddr

from hivemind_chatroom.room.operating import LanStanding
from hivemind_chatroom.room.ports import Clock

_FRESH_S = 2.0
"""How long a list of addresses is good for, in seconds; interfaces come and go."""

_ELSEWHERE = ("192.0.2.1", 9)
"""TEST-NET-1 (RFC 5737): nothing is sent, the system only says which address it would use."""

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Addresses:
    """What was found at one moment."""

    primary: str | None
    """The address others reach us at, as far as one can tell; None without a network."""
    all: frozenset[str]


def find_addresses() -> Addresses:
    """Ask the system for its addresses; loopback and link-local IPv6 are left out."""
    found = frozenset(
        str(address)
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if _counts(address := ipaddress.ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0]))
    )
    primary = _source_address()
    if primary is None or primary not in found:
        primary = min((ip for ip in found if ":" not in ip), default=None)
    return Addresses(primary, found)


class Here:
    """This computer on the LAN, never older than a moment; safe from any thread."""

    def __init__(self, clock: Clock) -> None:
        """Look when first asked."""
        self._clock = clock
        self._lock = threading.Lock()
        self._addresses = Addresses(None, frozenset())
        self._until = float("-inf")
        self._visited_at: datetime | None = None

    def addresses(self) -> Addresses:
        """Return the addresses of now."""
        now = self._clock.monotonic()
        with self._lock:
            if now >= self._until:
                self._addresses = find_addresses()
                self._until = now + _FRESH_S
            return self._addresses

    def note_visit(self, address: str) -> None:
        """Note that a request came from an address; one of this computer's is no visit."""
        if address not in _LOCAL and address not in self.addresses().all:
            self._visited_at = self._clock.now()

    def standing(self) -> LanStanding:
        """Tell the addresses, the one that others most likely reach first, and the last visit."""
        found = self.addresses()
        first = [found.primary] if found.primary else []
        rest = sorted(found.all - set(first), key=lambda address: (":" in address, address))
        return LanStanding((*first, *rest), last_visitor_at=self._visited_at)


class OwnNames:
    """The names and addresses by which a browser may call this room; safe from any thread."""

    def __init__(self, further: tuple[str, ...], here: Here) -> None:
        """Begin with `further`, names the operator added, beside the addresses of `here`."""
        host = socket.gethostname().lower()
        self._fixed = _LOCAL | {host, f"{host}.local"} | {name.lower() for name in further}
        self._here = here

    def current(self) -> frozenset[str]:
        """Return every name and address, lower case, without ports and brackets."""
        return self._fixed | self._here.addresses().all


def _counts(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return False
    return address.version == 4 or not address.is_link_local  # noqa: PLR2004 - IP versions


def _source_address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return None
        return str(probe.getsockname()[0])
