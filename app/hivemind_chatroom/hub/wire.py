"""One attempt at one hub: a thread of its own around the library's client, and the way out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from hivemind_chatroom.errors import traced
from hivemind_chatroom.hub.dial import DialError, Fault, open_socket, speaks_other_scheme
from hivemind_chatroom.hub.events import (
    BusMessage,
    Closed,
    FromConnection,
    Opened,
    Reached,
    Report,
)
from hivemind_chatroom.hub.gate import NotSentError
from hivemind_chatroom.hub.identity import protect_keys
from hivemind_chatroom.hub.quiet import quiet_libraries
from hivemind_chatroom.hub.targets import Target

if TYPE_CHECKING:
    from hivemind_chatroom.hub.client import HubClient

_log = logging.getLogger(__name__)

_CLOSE_WAIT_S = 0.5
"""How long closing waits for the connection's thread, in seconds; it ends by itself after."""

_MAY_BE_THE_SCHEME = frozenset({Fault.NETWORK, Fault.SILENT, Fault.TLS, Fault.NOT_WEBSOCKET})
"""What a hub's port looks like to whom calls it with TLS for none, or without."""


class HubWire:
    """One attempt at one hub, from the first packet to the last."""

    def __init__(
        self, target: Target, report: Report, on_end: Callable[[], None] = lambda: None
    ) -> None:
        """Connect to nothing yet.

        Args:
            target: The hub.
            report: Told what happens, on the wire's thread; `Closed` comes last and always,
                unless `close` was called.
            on_end: Called as the thread ends, which may be after `close` has returned; nothing
                is written beside the target's identity after that.
        """
        self._target = target
        self._report = report
        self._on_end = on_end
        self._client: HubClient | None = None
        self._is_closing = threading.Event()
        self._is_reached = False
        self._is_open = False
        self._thread = threading.Thread(target=self._run, name="hub-wire", daemon=True)

    def start(self) -> None:
        """Begin, on a thread of its own."""
        self._thread.start()

    def send(self, message: BusMessage) -> None:
        """Send one bus message through the gate.

        Raises:
            NotSentError: No byte of it has left.
            UnsureError: It may have left, or not.
        """
        if self._client is None:
            raise NotSentError
        self._client.send(message)

    def close(self) -> None:
        """Cut the connection, from any thread; nothing is reported after."""
        self._is_closing.set()
        if self._client:
            self._client.close()
        if self._thread.is_alive():
            self._thread.join(_CLOSE_WAIT_S)

    def _run(self) -> None:
        ending = Closed(Fault.NETWORK)
        try:
            ending = self._live()
        except DialError as error:
            ending = Closed(error.fault)
        except Exception as error:  # noqa: BLE001 - a thread's loop: the link makes another connection
            _log.error("the connection failed: %s", traced(error))
        finally:
            protect_keys(self._target.identity_file)
            self._on_end()
            self._tell(self._explained(ending))

    def _explained(self, ending: Closed) -> Closed:
        """Look whether the other scheme would do, where somebody listens and no websocket opens."""
        address = self._target.address
        may_be = self._is_reached and not self._is_open and ending.fault in _MAY_BE_THE_SCHEME
        if ending.fault is Fault.SILENT and not address.tls:
            may_be = False  # what waits for TLS hangs up on anything else
        if may_be and not self._is_closing.is_set() and speaks_other_scheme(address):
            return replace(ending, fault=Fault.SCHEME)
        return ending

    def _live(self) -> Closed:
        # A third of a second and 60 MB, spent on this thread and only where a hub is wanted.
        quiet_libraries()
        from hivemind_chatroom.hub.client import HubClient  # noqa: PLC0415

        quiet_libraries()  # importing brought more loggers
        self._client = client = HubClient(self._target, self._tell)
        while not self._is_closing.is_set():
            client.live(open_socket(self._target.address, lambda: self._tell(Reached())))
            if not client.should_try_without_hub_key():
                break
        return client.ending

    def _tell(self, event: FromConnection) -> None:
        self._is_reached = self._is_reached or isinstance(event, Reached)
        self._is_open = self._is_open or isinstance(event, Opened)
        if not self._is_closing.is_set():
            self._report(event)
