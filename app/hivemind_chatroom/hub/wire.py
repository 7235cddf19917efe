"""One attempt at one hub: a thread of its own around the library's client, and the way out."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from hivemind_chatroom.errors import traced
from hivemind_chatroom.hub.dial import DialError, Fault, open_socket
from hivemind_chatroom.hub.events import BusMessage, Closed, FromConnection, Report
from hivemind_chatroom.hub.gate import NotSentError
from hivemind_chatroom.hub.identity import protect_keys
from hivemind_chatroom.hub.quiet import quiet_libraries
from hivemind_chatroom.hub.targets import Target

if TYPE_CHECKING:
    from hivemind_chatroom.hub.client import HubClient

_log = logging.getLogger(__name__)

_CLOSE_WAIT_S = 0.5
"""How long closing waits for the connection's thread, in seconds; it ends by itself after."""


class HubWire:
    """One attempt at one hub, from the first packet to the last."""

    def __init__(self, target: Target, report: Report) -> None:
        """Connect to nothing yet.

        Args:
            target: The hub.
            report: Told what happens, on the wire's thread; `Closed` comes last and always,
                unless `close` was called.
        """
        self._target = target
        self._report = report
        self._client: HubClient | None = None
        self._is_closing = threading.Event()
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
            self._tell(ending)

    def _live(self) -> Closed:
        # A third of a second and 60 MB, spent on this thread and only where a hub is wanted.
        quiet_libraries()
        from hivemind_chatroom.hub.client import HubClient  # noqa: PLC0415

        quiet_libraries()  # importing brought more loggers
        self._client = client = HubClient(self._target, self._tell)
        protect_keys(self._target.identity_file)
        while not self._is_closing.is_set():
            client.live(open_socket(self._target.address))
            if not client.should_try_without_hub_key():
                break
        return client.ending

    def _tell(self, event: FromConnection) -> None:
        if not self._is_closing.is_set():
            self._report(event)
