"""Messages of the room to bus messages and back: pure functions over plain values.

What comes from the hub is not trusted: any JSON value may stand anywhere, and nothing raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hivemind_chatroom.hub.events import BusMessage, Permitted, Refused
from hivemind_chatroom.hub.media import first_track, may_be_played, media_of
from hivemind_chatroom.hub.session import folded, session_for
from hivemind_chatroom.hub.state import UTTERANCE_TOPICS
from hivemind_chatroom.hub.text import clean
from hivemind_chatroom.room.model import (
    Address,
    Correlation,
    Delivery,
    Ending,
    Media,
    MemberId,
    Reply,
    SessionId,
    Utterance,
)
from hivemind_chatroom.version import __version__

USER_AGENT = f"HiveMindChatroom/{__version__}"
"""How the hub's operator sees us; without colons, at which hubs take it apart."""

PROBE_TOPIC = "chatroom.probe"
"""A message type that no hub knows: its refusal lists what is allowed, and nothing else happens."""

REPLY_MAX = 10_000
"""Characters of one reply that are kept."""

_MARK_MAX = 64
"""Characters of a mark of ours that comes back, and of a language tag."""

_PEER_SEPARATOR = "::"

NEW_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "speak": "ovos.utterance.speak",
        "complete_intent_failure": "ovos.intent.unmatched",
    }
)
"""Topics that are being renamed (ovos-spec-tools `MIGRATION_MAP`); hubs send either name."""

_ENDINGS: Mapping[str, Delivery] = MappingProxyType(
    {
        "ovos.utterance.handled": Delivery.ANSWERED,
        "ovos.utterance.cancelled": Delivery.ANSWERED,  # called off: there is nothing to come
        "ovos.intent.unmatched": Delivery.UNMATCHED,
    }
)


Meaning = Reply | Ending | Permitted | Refused | None
"""What a bus message means to the room or to the link; None for what means nothing to either."""


def probe() -> BusMessage:
    """Return the message that asks what we may send."""
    return BusMessage(PROBE_TOPIC, {}, {})


def utterance(asked: Utterance, topic: str, timezone: str, now: float) -> BusMessage:
    """Return an utterance as it goes out.

    Every reply brings `corr`, `user` and the session's id back. `private` tells an assistant that
    remembers what it has said, as the built-in one does, who has read it.

    Args:
        asked: The message with its member as it is now.
        topic: The message type that the hub lets us send.
        timezone: Where the room is, by its name in the IANA database.
        now: Seconds since 1970.
    """
    context = {
        "corr": asked.corr,
        "user": asked.member.id,
        "private": asked.is_private,
        "session": session_for(asked.member, asked.lang, timezone, now),
        "source": USER_AGENT,
        "platform": USER_AGENT,
        "destination": "HiveMind",
    }
    return BusMessage(topic, {"utterances": [asked.text], "lang": asked.lang}, context)


def meaning_of(message: BusMessage, now: float) -> Meaning:
    """Return what a bus message means.

    Args:
        message: As it came.
        now: Seconds since 1970.
    """
    data, context = message.data, message.context
    topic = NEW_NAMES.get(message.topic, message.topic)
    match topic:
        case "ovos.utterance.speak":
            return _spoken(data, context)
        case "ovos.common_play.play":
            return _to_play(media_of(_mapping(data.get("media"))), context)
        case "mycroft.audio.service.play":
            return _to_play(first_track(data.get("tracks")), context)
        case "hive.policy.denied":
            return _denied(data, context)
        case _ if delivery := _ENDINGS.get(topic):
            return Ending(_address(context), delivery, _state(context, now))
        case _:
            return None


def _spoken(data: Mapping[str, Any], context: Mapping[str, Any]) -> Reply | None:
    text = clean(data.get("utterance"), REPLY_MAX)
    if not text:
        return None
    # The built-in assistant says by this whose timer is over; it is no answer.
    announced_for = _mark(context.get("announced_for"))
    return Reply(
        Address(Correlation(announced_for)) if announced_for else _address(context),
        text,
        _mark(data.get("lang")) or None,
        is_announcement=bool(announced_for),
        expects_reply=data.get("expect_response") is True or data.get("listen") is True,
    )


def _to_play(media: Media, context: Mapping[str, Any]) -> Reply | None:
    if may_be_played(media.uri):
        return Reply(_address(context), text="", media=media)
    text = media.name or media.uri
    return Reply(_address(context), text) if text else None


def _denied(data: Mapping[str, Any], context: Mapping[str, Any]) -> Permitted | Refused | None:
    denied = data.get("denied_type")
    if denied == PROBE_TOPIC:
        allowed = _mapping(data.get("data")).get("allowed")
        topics = frozenset(map(str, allowed)) if isinstance(allowed, list) else None
        return Permitted(topics, _client_id(context))
    if denied in UTTERANCE_TOPICS:
        return Refused(backend_is_away=data.get("code") == "backend_unavailable")
    return None


def _client_id(context: Mapping[str, Any]) -> str:
    """Read our number from the name that hivemind-core routes by: agent::number::name::session."""
    peer = context.get("destination")
    parts = peer.split(_PEER_SEPARATOR) if isinstance(peer, str) else []
    number = parts[1] if len(parts) > 2 else ""  # noqa: PLR2004 - agent, number and the rest
    return number if number.isascii() and number.isdigit() else ""


def _state(context: Mapping[str, Any], now: float) -> Mapping[str, Any] | None:
    session = context.get("session")
    return folded(session, now) if isinstance(session, Mapping) else None


def _address(context: Mapping[str, Any]) -> Address:
    session_id = _mark(_mapping(context.get("session")).get("session_id"))
    # Newer hubs take their own part off before they send, older ones leave it before a colon.
    ours = session_id.rpartition(":")[2] if session_id else ""
    corr, user = _mark(context.get("corr")), _mark(context.get("user"))
    return Address(
        Correlation(corr) if corr else None,
        SessionId(ours) if ours else None,
        MemberId(user) if user else None,
    )


def _mark(value: object) -> str:
    """Return a mark as it came; what can't be shown is none of ours, and no store takes it."""
    if isinstance(value, str) and len(value) <= _MARK_MAX and value.isprintable():
        return value
    return ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
