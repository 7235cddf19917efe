"""A real HiveMind satellite, to talk to a real hub."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Final, Self

from hivemind_bus_client.client import HiveMessageBusClient
from hivemind_bus_client.identity import NodeIdentity
from json_database import JsonConfigXDG
from ovos_bus_client.message import Message

from hivemind_chatroom.hub.builtin.address import BuiltinAddress

PATIENCE_S: Final = 10.0
HANDLED: Final = "ovos.utterance.handled"
HEARD: Final = (
    "speak",
    "ovos.common_play.play",
    "ovos.intent.unmatched",
    HANDLED,
    "hive.policy.denied",
)


class _Client(HiveMessageBusClient):
    def wait_for_handshake(self, *_args: object, **_kwargs: object) -> None:
        """Let `connect` return at once; the event is waited for below, with a deadline."""

    @property
    def is_encrypted(self) -> bool:
        """Whether the handshake has ended as it should."""
        return self.noise_transport is not None


class Satellite:
    """One connection to a hub, on which several members may ask."""

    def __init__(self, address: BuiltinAddress, folder: Path) -> None:
        """Keep the satellite's identity in a folder of its own, the shared one untouched."""
        file = JsonConfigXDG("_identity", subfolder="satellite", xdg_folder=str(folder))
        self._messages: SimpleQueue[Message] = SimpleQueue()
        self._asked = 0
        self._client = _Client(
            key=address.access_key,
            password=address.password,
            host=f"ws://{address.host}",
            port=address.port,
            identity=NodeIdentity(identity_file=file),  # type: ignore[arg-type] # says str, takes this
            useragent="tests",
        )
        for topic in HEARD:
            self._client.on_mycroft(topic, self._messages.put)  # type: ignore[no-untyped-call]

    def __enter__(self) -> Self:
        self._client.connect(  # type: ignore[no-untyped-call]
            bus=self._client.internal_bus, site_id="kitchen"
        )
        assert self._client.handshake_event.wait(PATIENCE_S), "no handshake"
        assert self._client.is_encrypted
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        connection = self._client.client.sock
        self._client.close()
        if connection is not None:
            # the library leaves the socket to the garbage collector
            connection.shutdown()  # type: ignore[no-untyped-call]

    def hear(self) -> Message:
        """Wait for the next message of the hub."""
        return self._messages.get(timeout=PATIENCE_S)

    def send(self, message: Message) -> None:
        """Send anything."""
        self._client.emit(message)

    def ask(
        self,
        text: str,
        lang: str = "en",
        *,
        topic: str = "recognizer_loop:utterance",
        private: bool = False,
        **session: Any,  # noqa: ANN401 - any JSON value
    ) -> list[Message]:
        """Ask as a member; returns all that comes back until the utterance has ended."""
        self._asked += 1
        context = {
            "corr": f"question {self._asked}",
            "user": "somebody",
            "private": private,
            "session": {"session_id": "ana", "lang": lang, **session},
        }
        self.send(Message(topic, {"utterances": [text], "lang": lang}, context))
        heard = [self.hear()]
        while heard[-1].msg_type != HANDLED:
            heard.append(self.hear())
        return heard

    def spoken(self, text: str, lang: str = "en", **asked: Any) -> str:  # noqa: ANN401 - as above
        """Ask, and return what is spoken."""
        heard = self.ask(text, lang, **asked)
        return " / ".join(said.data["utterance"] for said in heard if said.msg_type == "speak")
