"""Opening a socket to a hub, within a time, and telling why it did not open."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from enum import Enum, auto

from hivemind_chatroom.hub.address import HubAddress

CONNECT_TIMEOUT_S = 3.0
"""How long TCP may take, in seconds: a hub that comes back is to be soon noticed."""

TLS_TIMEOUT_S = 2.0
"""How long one step of TLS may take, in seconds: a hub without it waits for more, and so do we."""

SILENCE_TIMEOUT_S = 5.0
"""How long one read or one write may stall, in seconds."""


class Fault(Enum):
    """What kind of thing went wrong below the HiveMind protocol."""

    NETWORK = auto()
    """No way there, refused, or cut off."""
    NAME = auto()
    """No computer has this name."""
    SILENT = auto()
    """The port is open, and nothing comes out of it."""
    TLS = auto()
    SCHEME = auto()
    """TLS is spoken there and we did not, or the other way round."""
    NOT_WEBSOCKET = auto()
    """Something answered in another protocol."""


class DialError(Exception):
    """The socket did not open."""

    def __init__(self, fault: Fault) -> None:
        """Keep what kind of failure it was."""
        super().__init__(fault.name)
        self.fault = fault


_PEEK_TIMEOUT_S = 1.0
"""How long each step of finding out what else a port speaks may take, in seconds."""

_PLAIN_QUESTION = b"GET / HTTP/1.0\r\n\r\n"
_PLAIN_ANSWER = b"HTTP/"


def open_socket(
    address: HubAddress, on_reached: Callable[[], None] = lambda: None
) -> socket.socket:
    """Connect, with TLS where the address wants it.

    The hub's certificate is not checked: hubs at home sign their own. Who the hub is and what it
    may read is settled by the Noise handshake inside, with the password and the pinned key.

    Args:
        address: Where to.
        on_reached: Called once somebody listens there; TLS may still fail.

    Raises:
        DialError: The name is not known, nobody listens or answers, or TLS failed.
    """
    try:
        plain = socket.create_connection((address.host, address.port), CONNECT_TIMEOUT_S)
    except (socket.gaierror, UnicodeError) as error:  # letters that no name can have, too
        raise DialError(Fault.NAME) from error
    except OSError as error:
        raise DialError(Fault.NETWORK) from error
    on_reached()
    plain.settimeout(TLS_TIMEOUT_S)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        opened = _tls_context().wrap_socket(plain) if address.tls else plain
    except TimeoutError as error:
        plain.close()
        raise DialError(Fault.SILENT) from error
    except OSError as error:
        plain.close()
        raise DialError(Fault.TLS) from error
    opened.settimeout(SILENCE_TIMEOUT_S)
    return opened


def speaks_other_scheme(address: HubAddress) -> bool:
    """Tell whether TLS is spoken there though the address has none, or the other way round.

    To be asked once the scheme of the address has failed: a hub that is called in the wrong one
    mostly hangs up without a word.
    """
    try:
        with socket.create_connection((address.host, address.port), _PEEK_TIMEOUT_S) as plain:
            if not address.tls:
                _tls_context().wrap_socket(plain).close()
                return True
            plain.sendall(_PLAIN_QUESTION)
            return plain.recv(len(_PLAIN_ANSWER)) == _PLAIN_ANSWER
    except (OSError, UnicodeError):
        return False


def _tls_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
