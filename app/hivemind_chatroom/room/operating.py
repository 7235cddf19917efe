"""What the operator is told and decides: the values that the parts share with the window.

The parts are blind to each other: what one makes and another shows is described here, below both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the operator has typed or pasted to get into a hub; empty is not said.

    What is named wins over what is found in `text`, and what neither has is the saved identity's.
    The representation leaves everything out that may be a secret.
    """

    text: str = field(default="", repr=False)
    """Anything a hub has printed, as it was pasted."""
    key: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    host: str = ""
    """A name, an address or a URL."""
    port: int | None = None
    site_id: str = ""


@dataclass(frozen=True, slots=True)
class FoundSecret:
    """A key or a password as it may be shown."""

    is_found: bool = False
    masked: str = ""
    """Enough to know it again and too little to use it; empty if there is none."""


@dataclass(frozen=True, slots=True)
class FoundIdentity:
    """What was found in a pasted text; what wasn't is empty."""

    key: FoundSecret = FoundSecret()
    password: FoundSecret = FoundSecret()
    host: str = ""
    port: int | None = None
    tls: bool = False
    """The address is a `wss://` one."""
    site_id: str = ""
    is_weak: bool = False
    """Hubs refuse a password like this one."""


@dataclass(frozen=True, slots=True)
class KeptIdentity:
    """The identity that is saved on this computer, without its secrets."""

    is_set: bool
    """It is there and a hub can be called with it."""
    file: str
    """Where it is, or would be."""
    host: str = ""
    port: int | None = None
    tls: bool = False
    site_id: str = ""
    key: FoundSecret = FoundSecret()
    password: FoundSecret = FoundSecret()
    broken: str = ""
    """Why it can't be used, in a sentence; empty if it can or if there is none."""


class CheckName(StrEnum):
    """The checks of a hub, in their order."""

    REACHED = "reached"
    KEY = "key"
    PASSWORD = "password"  # noqa: S105 - a check, not a password
    ALLOWED = "allowed"
    ANSWERED = "answered"


class CheckState(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"
    """An earlier one has failed."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a hub, ended."""

    name: CheckName
    state: CheckState
    ms: int = 0
    """How long it took, in milliseconds."""
    code: str = ""
    """A stable code such as `hub.key`; empty unless it failed."""
    text: str = ""
    """What failed and what now, an English sentence; empty unless it failed."""
    command: str = ""
    """What to run on the hub, empty when nothing helps there."""
    address: str = ""
    """Where the hub is, as `host:port`."""


@dataclass(frozen=True, slots=True)
class SeenHub:
    """A hub that announces itself on the LAN."""

    name: str
    host: str
    port: int
    tls: bool = False
    is_reachable: bool | None = None
    """None: not tried yet."""


@dataclass(frozen=True, slots=True)
class SeenHubs:
    """The hubs of the LAN as far as they are known."""

    hubs: tuple[SeenHub, ...] = ()
    is_searching: bool = False
    """More may come."""


@dataclass(frozen=True, slots=True)
class SeenRoom:
    """Another room that announces itself on the LAN, and answers."""

    id: str
    """Tells it from others, also of the same name; kept through its restarts."""
    name: str
    url: str
    """Where it is, with an address of numbers."""
    needs_code: bool
    """Whether one needs a code to join."""


@dataclass(frozen=True, slots=True)
class SeenRooms:
    """The other rooms of the LAN as far as they are known."""

    rooms: tuple[SeenRoom, ...] = ()
    is_searching: bool = False
    """More may come; "there are none" can't be said yet."""


class LanState(StrEnum):
    """How the room can be found on the LAN."""

    STARTING = "starting"
    """Its name is still asked for."""
    OK = "ok"
    NONE = "none"
    """This computer is on no network."""
    OFF = "off"
    """Another mDNS program here lets nobody share; the address works, and it is tried again."""
    NAMELESS = "nameless"
    """It can't be announced for another reason, such as a network without IPv4; as with `off`, the
    address works, and it is tried again."""
    DISABLED = "disabled"
    """The operator's settings keep it from being announced."""


@dataclass(frozen=True, slots=True)
class LanInterface:
    """A network that this computer is on."""

    name: str
    """As the system calls it."""
    addresses: tuple[str, ...]
    is_pinned: bool = False
    """The operator has chosen it."""


class HintKind(StrEnum):
    """What may keep phones from the room."""

    WIFI = "wifi"
    """They are in another network, such as one for guests."""
    VPN = "vpn"
    """This computer is in a private network of somebody else's."""
    FIREWALL = "firewall"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that may keep phones from the room, and what to do about it."""

    kind: HintKind
    name: str = ""
    """Of the VPN's interface, or of the firewall: `ufw`, `firewalld`, `windows`, `macos`."""
    commands: tuple[str, ...] = ()
    """What opens the firewall for the room, to be run one after the other."""


@dataclass(frozen=True, slots=True)
class LanStanding:
    """How this computer stands on the LAN."""

    addresses: tuple[str, ...] = ()
    """Its addresses, the one that others most likely reach first; without ports and brackets."""
    name: str | None = None
    """The name that others find it by now, such as `hivechat.local`; None while there is none. It
    is not the one that was wanted when a neighbour has that."""
    last_visitor_at: datetime | None = None
    """When another device last called; aware, UTC. None: none has, since the start."""
    state: LanState = LanState.OK
    machine_name: str | None = None
    """The name that is this room's alone, such as `hc-1a2b3c4d.local`; None while there is none."""
    wanted_name: str = ""
    """The name that was asked for."""
    interfaces: tuple[LanInterface, ...] = ()
    """The networks that count, the one that others most likely reach first. Where one is pinned,
    `addresses` has that one's alone."""
    wanted_interface: str = ""
    """The network that the operator has chosen; where none of `interfaces` is pinned, it is gone
    and all of them count. Empty: none was chosen."""


class StorageState(StrEnum):
    """How the room's memory stands."""

    OK = "ok"
    FULL = "full"
    """The disk takes nothing more."""
    AWAY = "away"
    """The database does not answer."""
    MEMORY = "memory"
    """Nothing is on disk: what is said is gone with the process."""


@dataclass(frozen=True, slots=True)
class StorageStanding:
    """What the room's memory holds."""

    state: StorageState
    messages: int = 0
    bytes: int = 0
    """What its files take."""
    free_bytes: int | None = None
    """What is free on their disk; None if nothing is on a disk of this computer."""
    set_aside: str | None = None
    """Where a broken database was put at this start."""


@dataclass(frozen=True, slots=True)
class Today:
    """What has happened since midnight here; each tuple has 24 hours, from midnight."""

    asked: int
    answered: int
    people: int
    """How many different people have said something."""
    median_ms: int | None
    """From asking to the answer, in milliseconds; None without an answer."""
    asked_by_hour: tuple[int, ...]
    answered_by_hour: tuple[int, ...]
    median_ms_by_hour: tuple[int | None, ...]


class ExportFormat(StrEnum):
    """What the history is written as."""

    JSON = "json"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Download:
    """A file for the operator, made as it is read."""

    name: str
    """What to call it, with the day and the ending."""
    media_type: str
    chunks: Iterable[bytes] = field(repr=False)
    """Read once; one with a `close` is closed, also when nobody reads on."""
