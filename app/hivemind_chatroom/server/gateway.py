"""The gateway: one listener with cheroot behind it, that runs a WSGI app for each request.

cheroot understands requests and writes answers (`connection.py`, `responder.py`). Accepting and
collecting (`request_parser.py`, `lobby.py`) and the threads (`workers.py`) are ours: with cheroot's
own a slow client occupies a thread, the loop wakes twice a second for nothing, threads have no
names, and a stop may wait without end.
"""

from __future__ import annotations

import email.utils
import logging
import socket
import sys
import time
from typing import TYPE_CHECKING, Final, Protocol

from cheroot.server import HTTPServer

from hivemind_chatroom.errors import traced
from hivemind_chatroom.server.allowance import Allowance
from hivemind_chatroom.server.connection import SERVER_NAME, Connection
from hivemind_chatroom.server.limits import Limits
from hivemind_chatroom.server.listener import listen
from hivemind_chatroom.server.lobby import Lobby
from hivemind_chatroom.server.opening import Opening
from hivemind_chatroom.server.outlet import Outlet
from hivemind_chatroom.server.responder import Responder
from hivemind_chatroom.server.workers import Workers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STOP_S: Final = 2.0

_log = logging.getLogger("hivemind_chatroom.server")


class StreamHolder(Protocol):
    """Who takes over a socket that becomes a stream."""

    def accept(self, opening: Opening) -> None:
        """Take over the socket of the opening's outlet, and what is held for it."""
        ...


class Gateway:
    """A WSGI app on a port; opened and closed once."""

    def __init__(
        self,
        app: WSGIApplication,
        streams: StreamHolder,
        *,
        name: str = "web",
        limits: Limits | None = None,
    ) -> None:
        """Make a gateway that is not open yet.

        Args:
            app: Called for each request, on several threads at once.
            streams: Where the sockets go that a view hands over (`responder.py`).
            name: The threads are called `name`-accept, `name`-1, `name`-2 and so on.
            limits: What clients may have; None for the usual.
        """
        self._limits = limits or Limits()
        self._name = name
        self._streams = streams
        self._allowance = Allowance(
            self._limits.unsent_bytes, self._limits.unsent_bytes_per_address
        )
        self._server = _Server(app, self._limits)
        self._workers = Workers(name, self._limits.threads, self._take_back)
        self._lobby: Lobby | None = None

    @property
    def port(self) -> int:
        """The port that `bind` took."""
        port: int = self._server.bind_addr[1]
        return port

    def bind(self, host: str, port: int) -> None:
        """Take the port; from now on clients may connect, and wait for `start`.

        Args:
            host: An address of this computer, or "0.0.0.0" or "::" for all it has.
            port: The port, 0 for any that is free.

        Raises:
            PortTakenError: Another program listens on the port.
            HostInvalidError: The host is no address of this computer.
            StartError: The system refuses the port.
        """
        listener = listen(host, port)
        self._server.bind_addr = listener.getsockname()[:2]
        self._lobby = Lobby(
            listener,
            f"{self._name}-accept",
            self._limits,
            wrap=self._wrap,
            serve=self._workers.serve,
            hand_over=self._streams.accept,
        )

    def start(self) -> None:
        """Serve; `bind` came before."""
        lobby = self._bound()
        self._server.ready = True
        self._workers.start()
        lobby.start()

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Free the port and finish what is under way; streams are not ours and stay open.

        Args:
            timeout_s: Seconds that requests may take to finish, and clients to take their answers,
                before they are cut off.
        """
        deadline = time.monotonic() + timeout_s
        self._server.ready = False
        if self._lobby is not None:
            self._lobby.stop()
        self._workers.stop(timeout_s)
        if self._lobby is not None:
            self._lobby.drain(deadline)

    def _bound(self) -> Lobby:
        if self._lobby is None:
            raise RuntimeError("the gateway has no port yet: bind() comes first")
        return self._lobby

    def _wrap(self, sock: socket.socket, address: str) -> Connection:
        return Connection(self._server, Outlet(sock, address, self._allowance), self._limits)

    def _take_back(self, connection: Connection, keep: bool) -> None:  # noqa: FBT001 - a callback
        self._bound().take_back(connection, keep=keep)


class _Server(HTTPServer):
    """What cheroot's requests ask of their server; it has no socket and no thread of its own."""

    def __init__(self, app: WSGIApplication, limits: Limits) -> None:
        super().__init__(("127.0.0.1", 0), Responder, server_name=SERVER_NAME.decode("ascii"))
        self.software = self.server_name
        self.timeout = int(limits.idle_s)
        self.wsgi_app = app
        self.proxies = limits.proxies
        self._dated = (0, b"")

    def date(self) -> bytes:
        """Return the Date field of an answer (RFC 9110 6.6.1), made once a second."""
        second, text = self._dated
        now = int(time.time())
        if now != second:
            text = email.utils.formatdate(now, usegmt=True).encode("ascii")
            self._dated = now, text
        return text

    @property
    def can_add_keepalive_connection(self) -> bool:
        """Whether a connection may stay for another request."""
        return self.ready

    def clear_stats(self) -> None:
        """Keep no statistics: cheroot's hold on to each server in the logging module, for good."""
        self.stats = {"Enabled": False}

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - cheroot's signature
        """Log that a request failed: which exception and where, but no words of its own.

        cheroot's message and the exception's may quote what the client sent.
        """
        failure = sys.exception()
        if failure is not None:
            _log.log(level, "a request failed: %s", traced(failure))
