"""Why a connection ended: what was seen of it, put into a reason."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType

from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.events import Closed
from hivemind_chatroom.hub.reasons import Reason

_CLOSE_POLICY = 1008
"""How hivemind-core closes on whom it does not want (RFC 6455, 7.4.1: policy violation)."""


class Phase(Enum):
    """How far an attempt at a hub has come."""

    STOPPED = auto()
    WAITING = auto()
    CONNECTING = auto()
    GREETING = auto()
    """The websocket is open and the hub has not said hello."""
    SECURING = auto()
    PROVING = auto()
    """Encrypted; whether the hub likes us shows in the answer to the first probe."""
    UP = auto()


_REFUSED_IN: Mapping[Phase, Reason] = MappingProxyType(
    {
        Phase.GREETING: Reason.KEY,
        Phase.SECURING: Reason.PASSWORD,
        Phase.PROVING: Reason.PIN,
    }
)
"""What a policy close is about, by how far we had come."""

_FAULTS: Mapping[Fault, Reason] = MappingProxyType(
    {
        Fault.NAME: Reason.NAME,
        Fault.SILENT: Reason.SILENT,
        Fault.TLS: Reason.TLS,
        Fault.SCHEME: Reason.SCHEME,
        Fault.NOT_WEBSOCKET: Reason.NOT_HIVEMIND,
    }
)


def diagnose(closed: Closed, phase: Phase) -> Reason:
    """Return why a connection is over.

    Seen with hivemind-core 5.3: an unknown access key, or another computer's key under ours, is
    closed on with a policy violation, the one before its hello and the other right after the
    handshake; a weak password ends the connection without a word before the hello; a wrong one
    fails the handshake on our side.
    """
    if closed.hub_key_changed:
        return Reason.KEY_CHANGED
    if closed.handshake_failed:
        return Reason.PASSWORD
    if closed.fault and (reason := _FAULTS.get(closed.fault)):
        return reason
    if closed.code == _CLOSE_POLICY and phase in _REFUSED_IN:
        return _REFUSED_IN[phase]
    if phase is Phase.GREETING and (closed.password_is_weak or closed.code is not None):
        return Reason.WEAK_PASSWORD if closed.password_is_weak else Reason.NOT_HIVEMIND
    return Reason.UNREACHABLE
