"""What stands behind a hub in the tests: it answers what they ask, and keeps what it was asked."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import sys
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hivemind_ovos_agent_plugin import OVOSAgentProtocol
from ovos_bus_client.message import Message
from ovos_utils.fakebus import FakeBus

HOLD_DEADLINE_S = 15.0
"""How long what is asked may take to arrive."""

JOURNAL = "heard"
"""In the state folder: what the agent was ever asked, a JSON string a line; outlives the hub."""


class PlainBus:
    """Brings messages to whoever listens, and nothing else.

    ovos-utils' FakeBus reads the configuration and rebuilds the session at each message: half of
    what a hub then costs, and nothing of a hub whose assistant is in another process.
    """

    def __init__(self) -> None:
        """Begin with nobody who listens."""
        self._listeners: defaultdict[str, list[Callable[[Any], None]]] = defaultdict(list)

    def on(self, topic: str, listener: Callable[[Any], None]) -> None:
        self._listeners[topic].append(listener)

    def emit(self, message: Message) -> None:
        for listener in self._listeners["message"]:
            listener(message.serialize())
        for listener in self._listeners[message.msg_type]:
            listener(message)


@dataclasses.dataclass
class Agent(OVOSAgentProtocol):
    """Answers what the tests ask; what it was asked is kept."""

    def __post_init__(self) -> None:
        """Speak on a bus of its own instead of connecting to OVOS."""
        self.heard: list[dict[str, Any]] = []
        self.journal = Path(os.environ["XDG_STATE_HOME"], JOURNAL).open("a")  # noqa: SIM115 - open as long as it runs
        self.held: list[Message] | None = None
        self.holds_more = threading.Condition()
        self.is_up = True
        self.bus: Any = PlainBus() if "plain" in sys.argv else FakeBus()
        OVOSAgentProtocol.register_bus_handlers(self)
        self.bus.on("recognizer_loop:utterance", self.hear)

    def get_bus(self, client: object = None) -> Any:  # noqa: ANN401
        """Refuse like the plugin does while its OVOS is away."""
        if not self.is_up:
            raise ConnectionError("OVOS messagebus is not connected")
        return self.bus

    def hear(self, message: Message) -> None:
        text = (message.data.get("utterances") or [""])[0]
        self.journal.write(json.dumps(text) + "\n")
        self.journal.flush()
        self.heard.append({"text": text, "data": message.data, "context": message.context})
        if self.held is not None:
            with self.holds_more:
                self.held.append(message)
                self.holds_more.notify_all()
        else:
            self.answer(message, text)

    def answer(self, message: Message, text: str) -> None:
        lang = message.data.get("lang")
        match text:
            case "silent":
                return
            case "unknown":
                self.say(message, "complete_intent_failure", {})
            case "cancel":
                self.say(message, "ovos.utterance.cancelled", {"cancel_reason": "nevermind"})
            case "play":
                media = {"artist": "Pixies", "title": "Hey", "uri": "http://127.0.0.1/hey.mp3"}
                self.say(message, "ovos.common_play.play", {"media": media})
            case "tracks":
                tracks = ["http://127.0.0.1/a.ogg"]
                self.say(message, "mycroft.audio.service.play", {"tracks": tracks})
            case "new name":
                self.say(message, "ovos.utterance.speak", {"utterance": "said anew", "lang": lang})
            case "both names":
                data = {"utterance": "said once", "lang": lang}
                self.say(message, "ovos.utterance.speak", data)
                message.context["_namespace_compat_twin"] = True
                self.say(message, "speak", data)
            case "remember":
                message.context["session"]["active_handlers"] = [
                    {"skill_id": "game.test", "activated_at": 1.0}
                ]
                self.speak(message, "noted")
            case "multi":
                self.speak(message, "first line")
                self.speak(message, "second line")
            case _:
                self.speak(message, f"echo {text}", listen=text == "ask")
        self.say(message, "ovos.utterance.handled", {})

    def speak(self, message: Message, text: str, *, listen: bool = False) -> None:
        data = {"utterance": text, "lang": message.data.get("lang"), "expect_response": listen}
        self.say(message, "speak", data)

    def say(self, message: Message, topic: str, data: dict[str, Any]) -> None:
        self.bus.emit(message.reply(topic, data))

    def holds(self, count: int) -> bool:
        """Wait until so much is held; False if that does not come to be."""
        with self.holds_more:
            return self.holds_more.wait_for(lambda: len(self.held or []) >= count, HOLD_DEADLINE_S)

    def release(self, seed: int, stripped: list[list[str]], count: int) -> int:
        """Answer some of what was held in another order, without some marks of whose it is."""
        held = self.held or []
        random.Random(seed).shuffle(held)  # noqa: S311 - an order, not a secret
        for index, message in enumerate(held[:count]):
            text = message.data["utterances"][0]
            for key in stripped[index % len(stripped)]:
                message.context.pop(key, None)
            self.speak(message, f"echo {text}")
            self.say(message, "ovos.utterance.handled", {})
        self.held = held[count:] or None
        return len(held[count:])

    def natural_language_query(self, utterance: str, lang: str) -> Any:  # noqa: ANN401
        yield None
