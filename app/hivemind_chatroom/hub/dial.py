"""Opening a socket to a hub, within a time, and telling why it did not open."""

from __future__ import annotations

import socket
import ssl
from enum import Enum, auto

from hivemind_chatroom.hub.address import HubAddress

CONNECT_TIMEOUT_S = 3.0
"""How long TCP, and then TLS, may take, in seconds: a hub that comes back is to be soon noticed."""

SILENCE_TIMEOUT_S = 5.0
"""How long one read or one write may stall, in seconds."""


class Fault(Enum):
    """What kind of thing went wrong below the HiveMind protocol."""

    NETWORK = auto()
    """Not found, refused, silent, or cut off."""
    TLS = auto()
    NOT_WEBSOCKET = auto()
    """Something answered in another protocol."""


class DialError(Exception):
    """The socket did not open."""

    def __init__(self, fault: Fault) -> None:
        """Keep what kind of failure it was."""
        super().__init__(fault.name)
        self.fault = fault


def open_socket(address: HubAddress) -> socket.socket:
    """Connect, with TLS where the address wants it.

    The hub's certificate is not checked: hubs at home sign their own. Who the hub is and what it
    may read is settled by the Noise handshake inside, with the password and the pinned key.

    Raises:
        DialError: The name is not known, nobody listens or answers, or TLS failed.
    """
    try:
        plain = socket.create_connection((address.host, address.port), CONNECT_TIMEOUT_S)
    except (OSError, UnicodeError) as error:  # a name may have letters that no name can have
        raise DialError(Fault.NETWORK) from error
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        opened = _tls_context().wrap_socket(plain) if address.tls else plain
    except OSError as error:
        plain.close()
        raise DialError(Fault.TLS) from error
    opened.settimeout(SILENCE_TIMEOUT_S)
    return opened


def _tls_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
