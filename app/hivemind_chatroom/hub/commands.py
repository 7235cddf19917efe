"""What the link's state wants done: each a value, carried out by `link.py`."""

from __future__ import annotations

from dataclasses import dataclass

from hivemind_chatroom.hub.reasons import Reason
from hivemind_chatroom.room.model import HubState


@dataclass(frozen=True, slots=True)
class Standing:
    """How the hub stands, as people are told."""

    state: HubState
    reason: Reason = Reason.NONE
    command: str = ""
    """What the operator runs about it."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Find out which hub is wanted now, and make a new connection to it."""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Throw the connection away."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Send the harmless message whose refusal lists what we may send."""


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Find out whether another hub is wanted than the last one tried."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Mark what was on its way: nobody knows whether it arrived."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell people that the hub stands otherwise."""

    standing: Standing


Command = Connect | Disconnect | Probe | LookAgain | Doubt | Tell
