"""What the operator is told when a hub can't be used: what it is, and what now."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hivemind_chatroom.hub.reasons import Reason

_TEXTS: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.UNREACHABLE: (
            "The hub can't be reached. Is that computer on, and on the same network?"
        ),
        Reason.NAME: (
            "No computer with this name was found. "
            "Check the spelling, or type its address in numbers."
        ),
        Reason.SILENT: "Something listens there, but it says nothing. Start the hub again.",
        Reason.NOT_HIVEMIND: (
            "Something answers at that address, but it is not a HiveMind hub. "
            "The usual port is 5678."
        ),
        Reason.TLS: "No secure connection came about: the hub's TLS and ours don't fit.",
        Reason.VERSION: "The hub is too old for the encryption that this room needs. Update it.",
        Reason.KEY: (
            "The hub does not know this access key. Compare it with the hub's list, "
            "or add a new client there."
        ),
        Reason.PASSWORD: "The key is right, but the password is not. Paste it again.",
        Reason.WEAK_PASSWORD: (
            "This password is too easy to guess, and hubs refuse it. Make a new one on the hub."
        ),
        Reason.PIN: (
            "The hub knows another computer by this access key. Have the hub forget it, "
            "then try again."
        ),
        Reason.KEY_CHANGED: (
            "Another hub answers at this address than before. If you have set yours up anew, "
            "trust its new key."
        ),
        Reason.DENIED: "The hub lets us in, but not ask. Run this on the hub, then try again.",
        Reason.NO_AGENT: "The hub is up, but nothing behind it answered. Is OVOS running?",
        Reason.STORAGE: "The disk is full. Make room on it, then try again.",
    }
)

_NO_TLS_THERE: Final = "The hub does not speak TLS there. Write ws:// instead of wss://."
_TLS_THERE: Final = "The hub speaks TLS there. Write wss:// instead of ws://."


def text_for(reason: Reason, *, tls: bool) -> str:
    """Return what to tell about a trouble: an English sentence or two, without values.

    Args:
        reason: The trouble; one that a single call at a hub can come upon.
        tls: The hub was called as `wss://`.
    """
    if reason is Reason.SCHEME:
        return _NO_TLS_THERE if tls else _TLS_THERE
    return _TEXTS[reason]
