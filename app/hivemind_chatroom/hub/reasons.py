"""Why the hub is away, as a stable code, and what the operator runs about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from hivemind_chatroom.errors import BuiltinHubError, IdentityError, IdentityMissingError
from hivemind_chatroom.room.model import HubState


class Reason(StrEnum):
    """What the operator's page and the log know a trouble by."""

    NONE = ""
    UNREACHABLE = "hub.unreachable"
    """Nobody listens at the address, or there is no way there."""
    NAME = "hub.name"
    """No computer has the name."""
    SILENT = "hub.silent"
    """The port is open and says nothing."""
    LOST = "hub.lost"
    """The connection stood and went."""
    NOT_HIVEMIND = "hub.not_hivemind"
    """Something answers there and it is no hub."""
    TLS = "hub.tls"
    SCHEME = "hub.scheme"
    """The hub speaks the other of ws:// and wss://."""
    VERSION = "hub.version"
    """The hub speaks a protocol without the encryption we insist on."""
    KEY = "hub.key"
    """The hub does not know our access key."""
    PASSWORD = "hub.password"  # noqa: S105 - a code, not a password
    WEAK_PASSWORD = "hub.weak_password"  # noqa: S105 - a code, not a password
    PIN = "hub.pin"
    """The hub remembers another computer under our access key."""
    KEY_CHANGED = "hub.key_changed"
    """The hub is not the one that we remember at this address."""
    DENIED = "hub.denied"
    """The hub lets us in and does not let us ask."""
    NO_AGENT = "hub.no_agent"
    """The hub is up and nothing behind it answers."""
    IDENTITY_MISSING = "identity.missing"
    IDENTITY_BROKEN = "identity.broken"
    BUILTIN = "hub.built_in"
    """The built-in hub did not come up."""
    STORAGE = "storage_full"
    """This computer's disk takes nothing; only a test of a hub tells it so."""


STATE_OF: Mapping[Reason, HubState] = MappingProxyType(
    {
        Reason.UNREACHABLE: HubState.UNREACHABLE,
        Reason.NAME: HubState.UNREACHABLE,
        Reason.SILENT: HubState.UNREACHABLE,
        Reason.LOST: HubState.UNREACHABLE,
        Reason.NOT_HIVEMIND: HubState.UNREACHABLE,
        Reason.BUILTIN: HubState.UNREACHABLE,
        Reason.TLS: HubState.REFUSED,
        Reason.SCHEME: HubState.REFUSED,
        Reason.VERSION: HubState.REFUSED,
        Reason.KEY: HubState.REFUSED,
        Reason.PASSWORD: HubState.REFUSED,
        Reason.WEAK_PASSWORD: HubState.REFUSED,
        Reason.PIN: HubState.REFUSED,
        Reason.KEY_CHANGED: HubState.REFUSED,
        Reason.IDENTITY_MISSING: HubState.UNCONFIGURED,
        Reason.IDENTITY_BROKEN: HubState.UNCONFIGURED,
    }
)
"""How the hub stands, for each reason why there is no connection."""

_ID_UNKNOWN = "<id>"
"""No number, so that nothing happens when it is run as it stands."""

_COMMANDS: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.KEY: "hivemind-core list-clients",
        Reason.PASSWORD: "hivemind-core list-clients",
        Reason.WEAK_PASSWORD: "hivemind-core add-client --allow {topic}",
        Reason.PIN: "hivemind-core reset-noise-pin {client_id}",
        Reason.KEY_CHANGED: "hivemind-client forget-server",
        Reason.DENIED: "hivemind-core allow-msg {topic} {client_id}",
    }
)


def command_for(reason: Reason, topic: str, client_id: str) -> str:
    """Return what to run about a trouble, empty when no command helps.

    Args:
        reason: The trouble.
        topic: The message type that asks something.
        client_id: Our number on the hub, empty when it isn't known. A placeholder stands for it
            then: without a number, hivemind-core takes its only client, whoever that is.
    """
    return _COMMANDS.get(reason, "").format(topic=topic, client_id=client_id or _ID_UNKNOWN)


def reason_of(error: IdentityError | BuiltinHubError) -> Reason:
    """Return why there is no hub to connect to."""
    match error:
        case IdentityMissingError():
            return Reason.IDENTITY_MISSING
        case IdentityError():
            return Reason.IDENTITY_BROKEN
        case _:
            return Reason.BUILTIN
