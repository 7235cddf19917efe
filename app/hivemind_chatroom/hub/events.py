"""What can happen to the link: each a value, told by the connection, the link or the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.reasons import Reason


@dataclass(frozen=True, slots=True)
class BusMessage:
    """A message of the assistant's bus, in plain values."""

    topic: str
    data: Mapping[str, Any]
    context: Mapping[str, Any]


# --- from the connection ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody listens at the address."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The websocket is open."""


@dataclass(frozen=True, slots=True)
class Greeted:
    """It is a HiveMind hub."""


@dataclass(frozen=True, slots=True)
class Secured:
    """The handshake is done: what is sent from now on is encrypted."""


@dataclass(frozen=True, slots=True)
class Outdated:
    """The hub offers no encryption that we trust."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """The hub sent a bus message over the encrypted connection."""

    message: BusMessage
    size: int = 0
    """Bytes that it had on its way."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The connection is over, or never came to be."""

    fault: Fault | None = None
    """What went wrong below HiveMind; None when the hub closed in good form."""
    code: int | None = None
    """The hub's close code (RFC 6455, 7.4), None without one."""
    hub_key_changed: bool = False
    """We refused: the hub is not the one that we remember."""
    handshake_failed: bool = False
    """We gave up: what the hub said does not fit our password."""
    password_is_weak: bool = False


FromConnection = Reached | Opened | Greeted | Secured | Outdated | Arrived | Closed

Report = Callable[[FromConnection], None]
"""Takes what a connection has to say, on the connection's thread; it may wait."""


# --- from the link itself ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """The link is wanted."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The link is wanted no more."""


@dataclass(frozen=True, slots=True)
class TriedNow:
    """Another hub is wanted than the one tried last, or the operator does not want to wait."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """There is no hub to connect to: no identity, a broken one, or no built-in hub."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Permitted:
    """The hub answered the probe."""

    topics: frozenset[str] | None
    """What it lets us send; None when it does not say."""
    client_id: str
    """Our number on the hub, empty when it does not say."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The hub did not take an utterance."""

    backend_is_away: bool
    """It would have, but nothing stands behind it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The assistant said something, or is done with something."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """An utterance was sent and nothing came back in time."""

    sent_at: float
    """Seconds on the monotonic clock."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time went by."""


LinkEvent = (
    Reached
    | Opened
    | Greeted
    | Secured
    | Outdated
    | Closed
    | Started
    | Stopped
    | TriedNow
    | Unusable
    | Permitted
    | Refused
    | Heard
    | Unheard
    | Ticked
)
