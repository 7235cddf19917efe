"""Between hivemind-core and the assistant: bus messages in, bus messages out."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from hivemind_ovos_agent_plugin import OVOSAgentProtocol
from ovos_bus_client.message import Message
from ovos_utils.fakebus import FakeBus

from hivemind_chatroom.hub.builtin.ask import Answer, Asker, SessionId
from hivemind_chatroom.hub.builtin.assistant import Assistant
from hivemind_chatroom.hub.builtin.phrases.book import FALLBACK_LANG
from hivemind_chatroom.hub.builtin.skills.timer import CallLater

UTTERANCE: Final = "recognizer_loop:utterance"
"""The bus hands a message of the newer name `ovos.utterance.handle` to the same listener."""

UNMATCHED: Final = "ovos.intent.unmatched"
"""Nothing here answers that; also known as `complete_intent_failure`."""

NOBODYS_SESSION: Final[Mapping[str, str]] = MappingProxyType({"session_id": "default"})
OCP_AUDIO: Final = 2
"""`PlaybackType.AUDIO` of the OVOS common play framework."""


@dataclass(frozen=True, slots=True)
class Question:
    """What an utterance says, whatever its fields look like."""

    text: str
    lang: str
    asker: Asker


class AssistantAgent(OVOSAgentProtocol):
    """Answers the utterances of satellites; its base class sends the answers to who asked.

    All of it happens on the hub's loop: an answer takes a fraction of a millisecond.
    """

    def __init__(self, call_later: CallLater, utc_now: Callable[[], datetime]) -> None:
        """Set up the assistant.

        Args:
            call_later: calls back on the hub's loop after a delay in seconds.
            utc_now: the time, with a zone.
        """
        super().__init__(bus=FakeBus(), config={})  # type: ignore[arg-type] # it says a client's
        self._utc_now = utc_now
        self._assistant = Assistant(call_later, self._announce, random.SystemRandom().randint)
        self.bus.on(UTTERANCE, self.receive)

    def __post_init__(self) -> None:
        """Listen to our own bus; the base class would connect to one of OVOS here."""
        self.register_bus_handlers()  # type: ignore[no-untyped-call]

    def receive(self, utterance: Message) -> None:
        """Answer an utterance, and end it whatever happens, so that nobody waits in vain."""
        try:
            question = read_question(utterance, self._utc_now())
            answer = self._assistant.answer(question.text, question.lang, question.asker)
            if answer is None:
                self.bus.emit(utterance.reply(UNMATCHED))
            else:
                for message in replies(utterance, answer):
                    self.bus.emit(message)
        finally:
            self.bus.emit(utterance.reply("ovos.utterance.handled"))

    def _announce(self, line: str, lang: str, mark: str) -> None:
        """Say something to every satellite; the one that knows the mark knows whose it is."""
        context = {
            "source": "skills",
            "destination": list(self.clients),
            "session": dict(NOBODYS_SESSION),
            "announced_for": mark,
        }
        self.bus.emit(Message("speak", _speech(line, lang), context))


def read_question(utterance: Message, utc_now: datetime) -> Question:
    """Read an utterance, defensively: every field may be missing or of another type.

    Args:
        utterance: message with `utterances` and `lang`, and a session in its context. The session's
            time zone is in `location.tz` (OVOS-SESSION-1 3.5), in `location.timezone.code` before.
            Our own room says by `private` whether the answer is read by its asker alone.
        utc_now: the time, with a zone.
    """
    session = _mapping(utterance.context, "session")
    utterances = utterance.data.get("utterances")
    text = utterances[0] if isinstance(utterances, list) and utterances else ""
    location = _mapping(session, "location")
    zone = _text(location, "tz") or _text(_mapping(location, "timezone"), "code")
    asker = Asker(
        SessionId(_text(session, "session_id")),
        utc_now.astimezone(_zone(zone)),
        clock_hours=12 if session.get("time_format") == "half" else 24,
        month_first=session.get("date_format") == "MDY",
        mark=_text(utterance.context, "corr"),
        is_private=utterance.context.get("private") is True,
    )
    lang = _text(utterance.data, "lang") or _text(session, "lang") or FALLBACK_LANG
    return Question(text if isinstance(text, str) else "", lang, asker)


def replies(utterance: Message, answer: Answer) -> Iterator[Message]:
    """Write an answer as OVOS does; every reply keeps the context of the utterance."""
    *first, last = answer.lines
    for line in first:
        yield utterance.reply("speak", _speech(line, answer.lang))
    yield utterance.reply("speak", _speech(last, answer.lang, answer.expects_reply))
    if answer.media:
        media = {
            "title": answer.media.title,
            "artist": answer.media.artist,
            "uri": answer.media.uri,
            "playback": OCP_AUDIO,
        }
        yield utterance.reply("ovos.common_play.play", {"media": media})


def _speech(line: str, lang: str, expects_reply: bool = False) -> dict[str, object]:  # noqa: FBT001, FBT002
    return {"utterance": line, "lang": lang, "expect_response": expects_reply, "meta": {}}


def _mapping(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = fields.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _zone(name: str) -> tzinfo | None:
    """Find a time zone; None is this computer's own."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
