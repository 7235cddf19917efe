"""What a room offers its LAN, and the names under which it does."""

from __future__ import annotations

import secrets
import socket
from dataclasses import dataclass
from typing import Final

from hivemind_chatroom.lan.service import CHATROOM, WEB, Service, label_of, text_value
from hivemind_chatroom.version import __version__

DOMAIN: Final = "local"

_ID_DIGITS: Final = 8
"""Hex digits of a room's id that its announcements have: enough for the rooms of a household."""

_SUFFIX_DIGITS: Final = 4
"""Hex digits behind a name that somebody else has: people have to type it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What others on the LAN are to be told of a room."""

    room_id: str
    """Kept through restarts."""
    room_name: str
    port: int
    needs_code: bool
    wanted: str
    """The name that people shall type, without `.local`."""
    is_on: bool = True
    """Whether they are to be told anything."""

    @property
    def id(self) -> str:
        """The beginning of the room's id, as announcements have it."""
        return self.room_id[:_ID_DIGITS].lower()

    @property
    def text(self) -> dict[str, str]:
        """The TXT record of both services."""
        return {
            "txtvers": "1",  # RFC 6763, 6.7: first
            "path": "/",
            "v": __version__,
            "room": text_value(self.room_name),
            "id": self.id,
            "tls": "0",
            "auth": "pin" if self.needs_code else "open",
        }


@dataclass(frozen=True, slots=True)
class Names:
    """Under which names a room is announced, until somebody turns out to have one of them."""

    machine: str
    """A host name that is nobody else's; its services can be resolved whoever has the nice one."""
    nice: str
    """The host name that people type."""
    mark: str = ""
    """Stands behind the label of the service for everybody; empty unless another has that label."""

    @classmethod
    def wanted_by(cls, offer: Offer) -> Names:
        """Return the names that a room would like to have."""
        return cls(f"hc-{offer.id}.{DOMAIN}", f"{offer.wanted}.{DOMAIN}")

    def without_machine(self) -> Names:
        """Return what is left when another room has the same id: one is the other's copy."""
        return Names(f"hc-{secrets.token_hex(_ID_DIGITS // 2)}.{DOMAIN}", self.nice, self.mark)

    def without_nice(self, offer: Offer) -> Names:
        """Return what is left when somebody else has the nice name.

        It goes straight to the room's id. Counting, as others do, is a storm of packets when many
        rooms start together.
        """
        first = f"{offer.wanted}-{offer.id[:_SUFFIX_DIGITS]}.{DOMAIN}"
        second = f"{offer.wanted}-{secrets.token_hex(_SUFFIX_DIGITS // 2)}.{DOMAIN}"
        return Names(self.machine, second if self.nice == first else first, self.mark)

    def without_label(self, offer: Offer) -> Names:
        """Return what is left when another service has the label."""
        mark = f" ({secrets.token_hex(_SUFFIX_DIGITS // 2)})" if self.mark else _mark_of(offer)
        return Names(self.machine, self.nice, mark)

    def own_service(self, offer: Offer, addresses: tuple[str, ...]) -> Service:
        """Return the service that other rooms find."""
        label = label_of(offer.room_name, f" {self.machine.removesuffix(f'.{DOMAIN}')}")
        return Service(CHATROOM, label, self.machine, offer.port, addresses, offer.text)

    def web_service(self, offer: Offer, addresses: tuple[str, ...]) -> Service:
        """Return the service that everything finds which lists web pages on a LAN.

        Where the nice name is the computer's own, the system answers for it already, and with
        addresses that need not be ours.
        """
        label = label_of(f"{offer.room_name} on {this_computer()}", self.mark)
        host = self.machine if self.nice == f"{this_computer()}.{DOMAIN}" else self.nice
        return Service(WEB, label, host, offer.port, addresses, offer.text)


def this_computer() -> str:
    """Return the first label of this computer's own name, in lower case."""
    return socket.gethostname().partition(".")[0].lower()


def _mark_of(offer: Offer) -> str:
    return f" ({offer.id[:_SUFFIX_DIGITS]})"
