"""The listener: the socket that a port's new connections come out of."""

from __future__ import annotations

import errno
import os
import socket
import sys
from typing import Final

from hivemind_chatroom.errors import HostInvalidError, PortTakenError, StartError

BACKLOG: Final = 1024
"""Connections the system holds until they are accepted: a class of pupils opens the page at once,
and each browser comes with up to six."""

_WSAEACCES: Final = 10013
"""What Windows says of a port that somebody else has to himself (Winsock error codes)."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket that does not block; from now on the port is ours.

    Args:
        host: An address or a name of this computer; "0.0.0.0" or "::" for all of its addresses.
        port: The port; 0 for any that is free.

    Raises:
        PortTakenError: Another program listens on the port.
        HostInvalidError: The host is no address of this computer.
        StartError: The system refuses the port.
    """
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )
    except (socket.gaierror, UnicodeError) as error:
        raise HostInvalidError(host) from error
    # "localhost" is often ::1 first, where a browser that was given 127.0.0.1 finds nobody.
    family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        early = port != 0 or sys.platform == "win32"
        if early:
            _claim(listener)
        if family == socket.AF_INET6 and host == "::":
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        if not early:  # or the system could choose a port that somebody has bound already
            _claim(listener)
        # Listening belongs to taking the port: on Linux two programs may bind one, not listen.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _start_error(error, host, port) from error
    listener.settimeout(0)
    return listener


def _claim(listener: socket.socket) -> None:
    """Let us have the port again right after a stop, and nobody else while we run.

    Connections inherit it, and it is their TIME_WAIT that would keep the port from us.
    """
    if sys.platform == "win32":
        # Here SO_REUSEADDR would let another program take the port away from a running one
        # (Microsoft, "Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE").
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def _start_error(error: OSError, host: str, port: int) -> StartError:
    if error.errno == errno.EADDRINUSE or getattr(error, "winerror", None) == _WSAEACCES:
        return PortTakenError(port)
    if error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
        return HostInvalidError(host)
    reason = os.strerror(error.errno) if error.errno else "the system refuses it"
    return StartError(f"Port {port} can't be opened: {reason}.")
