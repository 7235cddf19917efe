"""The library's client, held to one connection: the only file that touches `HiveMessageBusClient`.

That client reconnects by itself, sends plain text while its handshake is under way, and closes by
waiting. Here it has one connection, on a thread and a socket of ours, and what is over is thrown
away. Importing this module takes a third of a second and 60 MB.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from http import HTTPStatus
from pathlib import Path
from typing import Any

from hivemind_bus_client.client import HiveMessageBusClient
from hivemind_bus_client.message import HiveMessage, HiveMessageType, HiveMindBinaryPayloadType
from hivemind_bus_client.protocol import HiveMindSlaveProtocol
from ovos_bus_client.message import Message
from websocket import (
    WebSocketApp,
    WebSocketBadStatusException,
    WebSocketConnectionClosedException,
    WebSocketTimeoutException,
)

from hivemind_chatroom.errors import traced
from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.events import (
    Arrived,
    BusMessage,
    Closed,
    Greeted,
    Opened,
    Outdated,
    Report,
    Secured,
)
from hivemind_chatroom.hub.frames import CappedCipher, WholeCipher, cap_frames
from hivemind_chatroom.hub.gate import Gate, NotSentError
from hivemind_chatroom.hub.keys import make_rsa_key
from hivemind_chatroom.hub.node import open_identity
from hivemind_chatroom.hub.password import is_weak
from hivemind_chatroom.hub.pulse import PulsedApp
from hivemind_chatroom.hub.stand_ins import CallingEvent, NoBus
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.hub.translate import USER_AGENT

_log = logging.getLogger(__name__)


class HubClient(HiveMessageBusClient):
    """The library's client with its reconnecting, its waiting and its sending taken out."""

    def __init__(self, target: Target, report: Report) -> None:
        """Load the identity and its keys; nothing is connected yet.

        Args:
            target: The hub.
            report: Told what happens, on the thread that runs `live`.
        """
        self.ending = Closed(Fault.NETWORK)
        self._report = report
        self._gate: Gate | None = None
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_closed = False
        self._is_open = False
        self._cipher: CappedCipher | None = None
        self._fault = Fault.NETWORK
        self._handshake_failed = False
        self._hub_key_changed = False
        self._tried_without_hub_key = False
        scheme = "wss" if target.address.tls else "ws"
        identity = open_identity(target.identity_file, target.writing)
        make_rsa_key(Path(identity.private_key))
        bus: Any = NoBus()
        super().__init__(
            key=target.access_key,
            password=target.password,
            host=f"{scheme}://{target.address.url_host}",
            port=target.address.port,
            useragent=USER_AGENT,
            identity=identity,
            internal_bus=bus,
        )
        self.handshake_event = CallingEvent(lambda: report(Secured()))
        self._protocol: HiveMindSlaveProtocol = _Protocol(self)
        library: HiveMessageBusClient = self
        library.on(HiveMessageType.HELLO, lambda _message: report(Greeted()))
        library.on(HiveMessageType.HANDSHAKE, self._look_at_offer)
        library.connect(bus=bus, protocol=self._protocol, site_id=target.site_id)

    @property  # type: ignore[override] # the library's stands for None alone
    def noise_transport(self) -> CappedCipher | None:
        """The cipher of this connection, once the handshake has made it."""
        return self._cipher

    @noise_transport.setter
    def noise_transport(self, cipher: WholeCipher | None) -> None:
        self._cipher = CappedCipher(cipher) if cipher else None

    # --- the connection's life --------------------------------------------------------------

    def live(self, plain: socket.socket) -> None:
        """Speak HiveMind on a socket until it is closed."""
        with self._lock:
            self._socket = plain
            if self._is_closed:
                plain.close()
                return
        self.client = app = PulsedApp(
            self.client.url,
            on_open=self._opened,
            on_message=lambda _, frame: self._took(app, frame),
            on_pong=lambda *_: app.feel(),
            on_error=self._failed,
            on_close=self._closed,
            socket=plain,
        )
        try:
            app.beat()
        finally:
            with self._lock:
                self._socket = None
            plain.close()

    def should_try_without_hub_key(self) -> bool:
        """Tell whether the hub may know us no more, and reset the handshake if so.

        With the hub's key pinned the handshake is one (KKpsk0) that needs ours to be pinned there.
        Where it was forgotten only the other one (XXpsk2) works, which checks the hub all the same.
        """
        if self._tried_without_hub_key or not self._protocol.kk_attempt_failed():
            return False
        self._tried_without_hub_key = True
        self._handshake_failed = False
        self._protocol.reset_connection_state()
        self.connected_event.clear()
        return True

    def close(self, timeout: float = 0.0) -> None:  # noqa: ARG002 - the library's signature
        """End the connection at once, from any thread."""
        with self._lock:
            self._is_closed = True
        self._cut()

    def close_connection(self) -> None:
        """Give up on this connection: how the library says that the handshake failed."""
        self._handshake_failed = self._gate is None
        self._cut()

    def latch_refusal(self, reason: str) -> None:  # noqa: ARG002 - the library's signature
        """Note that the hub shows another key than the pinned one; nothing else calls this."""
        self._hub_key_changed = True

    def run_in_thread(self) -> None:  # type: ignore[override]  # no thread begins here
        """Start nothing: `live` runs on the connection's thread."""

    def wait_for_handshake(self, timeout: float = 0, max_retries: int | None = None) -> None:
        """Wait for nothing: the end of the handshake is reported."""

    def _cut(self) -> None:
        """Shut the socket, which wakes whoever reads or writes it; the library would wait."""
        with self._lock:
            if self._socket:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    # --- out --------------------------------------------------------------------------------

    def send(self, message: BusMessage) -> None:
        """Send one bus message through the gate, once the handshake is done.

        Raises:
            NotSentError: No byte of it has left.
            UnsureError: It may have left, or not.
        """
        gate = self._gate
        if gate is None or not self.handshake_event.is_set():
            raise NotSentError
        payload = Message(message.topic, dict(message.data), dict(message.context))
        gate.send(HiveMessage(HiveMessageType.BUS, payload=payload).serialize())

    def emit(
        self,
        message: Message | HiveMessage,
        binary_type: HiveMindBinaryPayloadType = HiveMindBinaryPayloadType.UNDEFINED,
    ) -> None:
        """Send what the library's protocol wants to send, encrypted but for the handshake.

        Raises:
            NotSentError: There is no encrypted connection to send it over.
        """
        kind = message.msg_type
        if kind == HiveMessageType.HANDSHAKE:
            self._shake_hands(message, binary_type)
            return
        if kind == HiveMessageType.HELLO:
            self._gate = self._new_gate()
        if self._gate is None:
            raise NotSentError
        self._gate.send(message.serialize())

    def _shake_hands(self, message: Any, binary_type: HiveMindBinaryPayloadType) -> None:  # noqa: ANN401 - the library's payloads have no type
        """Let Noise handshakes pass, and none of the older ones, which don't keep secrets well."""
        if "noise" not in message.payload:
            raise NotSentError
        super().emit(message, binary_type)

    def _new_gate(self) -> Gate:
        """Bind cipher and socket, on the one thread that could replace either."""
        cipher = self._cipher
        websocket = self.client.sock
        if cipher is None or websocket is None:
            raise NotSentError
        return Gate(cipher, websocket)

    # --- in: the websocket's callbacks, on the connection's thread --------------------------

    def _opened(self, app: WebSocketApp) -> None:
        if app.sock:
            cap_frames(app.sock)
        self._is_open = True
        self._protocol.connection_opened()
        self.connected_event.set()
        self._report(Opened())

    def _look_at_offer(self, message: HiveMessage) -> None:
        offer: Any = message.payload
        if not isinstance(offer.get("noise"), dict):
            self._report(Outdated())

    def _took(self, app: PulsedApp, frame: str | bytes) -> None:
        if isinstance(frame, bytes) and self._cipher is None:
            return  # nothing of the handshake is binary, and what is may be compressed
        try:
            HiveMessageBusClient.on_message(self, frame)
        except Exception as error:  # noqa: BLE001 - a thread's loop: one bad frame is not the end of it
            _log.warning("a frame of the hub was dropped: %s", traced(error))
        app.feel()

    def take_bus_message(self, message: Message) -> None:
        """Report a bus message, unless somebody slipped it in before the encryption."""
        if self.handshake_event.is_set():
            heard = BusMessage(message.msg_type, message.data, message.context)
            self._report(Arrived(heard, self._cipher.message_bytes if self._cipher else 0))

    def _failed(self, _app: WebSocketApp, error: object) -> None:
        self._fault = _fault_of(error, is_open=self._is_open)
        self._cut()

    def _closed(self, _app: WebSocketApp, code: int | None, _why: str | None) -> None:
        self.ending = Closed(
            fault=None if code else self._fault,
            code=code,
            hub_key_changed=self._hub_key_changed,
            handshake_failed=self._handshake_failed,
            password_is_weak=self._gate is None and is_weak(self.password or ""),
        )


class _Protocol(HiveMindSlaveProtocol):
    """The library's protocol, which hands bus messages to us instead of to a bus."""

    def __init__(self, client: HubClient) -> None:
        super().__init__(client, identity=client.identity)
        self._take = client.take_bus_message

    @property
    def binarize(self) -> bool:
        """Whether we read the binary form, which may be compressed: a hub that does is told no."""
        return False

    @binarize.setter
    def binarize(self, offered: bool) -> None:
        """Leave it at that, whatever the hub offers."""

    def handle_bus(self, message: HiveMessage, verified_source: str | None = None) -> None:
        """Take a bus message that was for us; the library would first rebuild its session.

        That fails on a session in an unknown form, and the failure would end the connection.
        """
        del verified_source
        payload: Any = message.payload
        self._take(payload)


def _fault_of(error: object, *, is_open: bool) -> Fault:
    """Tell an answer in another protocol from none: only the former is somebody else's port.

    A web server that stands before a hub answers for it while it is away.
    """
    if isinstance(error, WebSocketBadStatusException):
        is_away = error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        return Fault.NETWORK if is_away else Fault.NOT_WEBSOCKET
    if is_open:
        return Fault.NETWORK
    if isinstance(error, WebSocketTimeoutException | TimeoutError):
        return Fault.SILENT
    hung_up = isinstance(error, WebSocketConnectionClosedException | OSError)
    return Fault.NETWORK if hung_up else Fault.NOT_WEBSOCKET
