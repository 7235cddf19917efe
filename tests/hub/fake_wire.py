"""A wire that leads to no hub: it keeps what is sent."""

from __future__ import annotations

from collections.abc import Callable

from hivemind_chatroom.hub.events import BusMessage
from hivemind_chatroom.hub.translate import PROBE_TOPIC, USER_AGENT

UTTERANCE = "recognizer_loop:utterance"


class FakeWire:
    """A `Wire` that fails where the test says."""

    def __init__(self, notify: Callable[[], None] = lambda: None) -> None:
        """Begin with nothing sent; `notify` is called when it starts and sends."""
        self.sent: list[BusMessage] = []
        self.fails: type[Exception] | None = None
        self.fails_after: tuple[int, type[Exception]] | None = None
        """How many messages go out before it fails, and how."""
        self.is_closed = False
        self._notify = notify

    def start(self) -> None:
        self._notify()

    def send(self, message: BusMessage) -> None:
        if self.fails:
            raise self.fails
        if self.fails_after and len(self.sent) >= self.fails_after[0]:
            raise self.fails_after[1]
        self.sent.append(message)
        self._notify()

    def close(self) -> None:
        self.is_closed = True

    def utterances(self) -> list[BusMessage]:
        return [message for message in self.sent if message.topic != PROBE_TOPIC]

    def texts(self) -> list[str]:
        return [message.data["utterances"][0] for message in self.utterances()]


def permission(*topics: str) -> BusMessage:
    """Return the hub's answer to a probe."""
    data = {"denied_type": PROBE_TOPIC, "data": {"allowed": list(topics)}}
    return BusMessage("hive.policy.denied", data, {"destination": f"{USER_AGENT}::3::Family::1"})
