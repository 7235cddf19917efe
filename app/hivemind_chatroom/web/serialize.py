"""The room's values as JSON: what docs/http-api.md calls Member, Message and HubStatus."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hivemind_chatroom.room.clock import rfc3339
from hivemind_chatroom.room.model import Author, HubStatus, Kind, Media, Member, MemberId, Message
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.room.ruling import UNTIL_UNDONE, Ruling

Json = dict[str, object]

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""As `json.dumps`, which makes an encoder each time."""

_MARKED_UP: Final = frozenset({Kind.ASSISTANT, Kind.ANNOUNCEMENT})
"""The kinds whose text is the assistant's own; people's stays as they have written it."""


@dataclass(frozen=True, slots=True)
class Typesetting:
    """How a page is to set a text."""

    direction: Callable[[str], str]
    """Tells of a language tag whether it is written `ltr` or `rtl`."""
    html: Callable[[str], str | None]
    """Returns what the assistant says as clean HTML; None when the text says the same."""


def encoded(value: object) -> bytes:
    """Return a value as compact JSON in UTF-8, on one line.

    What can't be encoded (half a surrogate pair from a careless hub) becomes a question mark:
    a line that never arrives would be worse.
    """
    return _ENCODE(value).encode("utf-8", "replace")


def member_json(member: Member, *, present: bool) -> Json:
    """Return a member as everybody may see it."""
    return {
        "id": member.id,
        "name": member.name,
        "lang": member.lang,
        "site_id": member.site_id,
        "present": present,
        "color": member.color,
    }


def message_json(message: Message, viewer: MemberId | None, typesetting: Typesetting) -> Json:
    """Return a message as `viewer` may see it.

    Args:
        message: A message that the viewer may see at all.
        viewer: The member who reads it; None for everybody's eyes. Its author alone is told the
            `client_id`, by which a browser knows its own line again.
        typesetting: How its text is set.
    """
    draft = message.draft
    value: Json = {
        "id": message.id,
        "kind": draft.kind,
        "author": _author_json(draft.author),
        "to": _author_json(draft.to) if draft.to else None,
        "text": draft.text,
        "lang": draft.lang,
        "dir": typesetting.direction(draft.lang),
        "private": draft.private_to is not None,
        "sent_at": rfc3339(draft.sent_at),
        "delivery": message.delivery,
        "in_reply_to": draft.in_reply_to,
        "expects_reply": draft.expects_reply,
        "media": _media_json(draft.media) if draft.media else None,
    }
    if draft.kind in _MARKED_UP and (html := typesetting.html(draft.text)) is not None:
        value["html"] = html
    if draft.client_id is not None and draft.author.id == viewer:
        value["client_id"] = draft.client_id
    return value


def room_json(settings: RoomSettings, history: str) -> Json:
    """Return what everybody may know of the room, and of which history its numbers are."""
    return {"name": settings.name, "paused": settings.paused, "history": history}


def ruling_json(ruling: Ruling) -> Json:
    """Return what a member is told of what the host has decided about them.

    Args:
        ruling: Without what is over.
    """
    if ruling.removed_until:
        return {"state": "removed", "until": None}
    if ruling.muted_until:
        is_open = ruling.muted_until == UNTIL_UNDONE
        return {"state": "muted", "until": None if is_open else rfc3339(ruling.muted_until)}
    return {"state": "free", "until": None}


def hub_json(status: HubStatus) -> Json:
    """Return how the hub stands."""
    return {
        "state": status.state,
        "since": rfc3339(status.since),
        "reason": status.reason,
        "command": status.command,
        "builtin": status.builtin,
    }


def _author_json(author: Author) -> Json:
    return {"id": author.id, "name": author.name}


def _media_json(media: Media) -> Json:
    return {"title": media.title, "artist": media.artist, "uri": media.uri, "kind": media.kind}
