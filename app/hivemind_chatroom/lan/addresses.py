"""Under which addresses and names this computer is called on the LAN."""

from __future__ import annotations

import ipaddress
import socket
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hivemind_chatroom.lan.interfaces import (
    Interface,
    Ip,
    own_addresses,
    ranked,
    read_interfaces,
    source_address,
)
from hivemind_chatroom.room.operating import LanInterface, LanStanding, LanState
from hivemind_chatroom.room.ports import Clock

_FRESH_S: Final = 2.0
"""How long a list of addresses is good for, in seconds; interfaces come and go."""

_GRACE_S: Final = 5.0
"""How much older it may be for those who ask while somebody looks for a new one, in seconds."""

_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Addresses:
    """What was found at one moment."""

    own: frozenset[str] = field(default=frozenset(), compare=False)
    """Every address by which another computer could call this one, those of tunnels too: a VPN that
    comes up changes nothing that others are told, so it makes no other addresses."""
    interfaces: tuple[Interface, ...] = ()
    """The networks that count, the likeliest first."""
    pinned: str = ""
    """The one of them that the operator has chosen; empty if none, or if it isn't there."""

    @property
    def in_use(self) -> tuple[Ip, ...]:
        """Those that others are told, IPv4 first; with a pinned interface, its own alone."""
        used = self.interfaces[:1] if self.pinned else self.interfaces
        ips = (ip for each in used for ip in each.ips)
        return tuple(sorted(ips, key=lambda ip: ip.version))  # stable: the rank stays within each

    @property
    def all(self) -> tuple[str, ...]:
        """Those that others are told, without the sizes of their networks."""
        return tuple(str(ip.ip) for ip in self.in_use)

    @property
    def primary(self) -> str | None:
        """The one that others most likely reach; None without a network."""
        return self.all[0] if self.in_use else None


@dataclass(frozen=True, slots=True)
class Announced:
    """What others on the LAN are told of the room at this moment."""

    state: LanState
    machine_name: str | None = None
    """The name that is this room's alone; None while none is announced."""
    name: str | None = None
    """The name that people type; None while none is announced."""
    claimed: str | None = None
    """The name that is being asked for: whoever knew it on another network still calls by it."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the room listens, as far as that decides who can call it."""

    host: str

    @property
    def address(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """Its address; None if it was given as a name."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    @property
    def is_any(self) -> bool:
        """Whether it stands for all addresses of this computer."""
        return self.address is not None and self.address.is_unspecified

    @property
    def is_local(self) -> bool:
        """Whether nobody but this computer can call it, as far as one can tell."""
        return self.address is None or self.address.is_loopback

    def hears(self, ip: Ip) -> bool:
        """Tell whether a call to one of this computer's addresses reaches the room."""
        if self.is_local or self.address is None:
            return True  # nobody is told of it; the page still shows where this computer is
        if self.is_any:  # `::` takes IPv4 in as well
            return ip.version <= self.address.version
        return ip.ip == self.address


class Here:
    """This computer on the LAN, never older than a moment; safe from any thread."""

    def __init__(
        self, clock: Clock, listening: Listening, *, pinned: str = "", wanted_name: str = ""
    ) -> None:
        """Look when first asked.

        Args:
            clock: Both clocks.
            listening: Where the room listens: what doesn't lead there is no address of it.
            pinned: The interface that the operator has chosen; empty for none.
            wanted_name: The name that was asked for, whole.
        """
        self._clock = clock
        self._listening = listening
        self._lock = threading.Lock()
        self._addresses = Addresses()
        self._until = float("-inf")
        self._visited_at: datetime | None = None
        self.pinned = pinned
        self.wanted_name = wanted_name
        self.announced = Announced(LanState.STARTING)

    def addresses(self) -> Addresses:
        """Return the addresses of now, or of a moment ago."""
        with self._lock:
            now = self._clock.monotonic()
            if now < self._until:
                return self._addresses
            if now < self._until + _GRACE_S:  # others who ask while this one looks
                self._until = now + _FRESH_S
        return self.look()

    def look(self) -> Addresses:
        """Return the addresses of now."""
        found = find_addresses(self._listening, self.pinned)
        with self._lock:
            self._addresses = found
            self._until = self._clock.monotonic() + _FRESH_S
        return found

    @property
    def is_local(self) -> bool:
        """Whether nobody but this computer can call the room, as far as one can tell."""
        return self._listening.is_local

    def wish(self, pinned: str, wanted_name: str) -> None:
        """Take an interface and a name that the operator has chosen; see the constructor."""
        self.pinned, self.wanted_name = pinned, wanted_name
        self.look()

    def note_visit(self, address: str) -> None:
        """Note that a request came from an address; one of this computer's is no visit."""
        if address not in _LOCAL and address not in self.addresses().own:
            self._visited_at = self._clock.now()

    @property
    def visited_at(self) -> datetime | None:
        """When another computer last called; None: none has, since the start."""
        return self._visited_at

    def standing(self) -> LanStanding:
        """Tell addresses, names and the last visit."""
        found, announced = self.addresses(), self.announced
        return LanStanding(
            found.all,
            announced.name,
            self._visited_at,
            announced.state,
            announced.machine_name,
            self.wanted_name,
            tuple(
                LanInterface(
                    each.name, tuple(str(ip.ip) for ip in each.ips), each.name == found.pinned
                )
                for each in found.interfaces
            ),
            self.pinned,
        )


class OwnNames:
    """The names and addresses by which a browser may call this room; safe from any thread."""

    def __init__(self, further: tuple[str, ...], here: Here) -> None:
        """Begin with `further`, names the operator added, beside what is known `here`."""
        host = socket.gethostname().lower()
        self._fixed = _LOCAL | {host, f"{host}.local"} | {name.lower() for name in further}
        self._here = here

    def current(self) -> frozenset[str]:
        """Return every name and address, lower case, without ports and brackets."""
        announced = self._here.announced
        called = (announced.name, announced.claimed, announced.machine_name)
        names = {name for name in called if name}
        return self._fixed | names | self._here.addresses().own


def find_addresses(listening: Listening, pinned: str = "") -> Addresses:
    """Ask the system for the addresses of this computer.

    Args:
        listening: Where the room listens.
        pinned: The interface that the operator has chosen; empty for none.
    """
    interfaces = read_interfaces()
    heard = (
        Interface(each.name, tuple(filter(listening.hears, each.ips)), is_plain=each.is_plain)
        for each in interfaces
    )
    found = ranked(heard, source_address(), pinned)
    is_there = bool(found) and found[0].name == pinned
    return Addresses(own_addresses(interfaces), found, pinned if is_there else "")
