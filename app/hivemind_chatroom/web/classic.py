"""The seed's form and log, which its users' scripts and links go on using."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from hivemind_chatroom.room.model import Draft, Introduction, Kind, Member, Message, Posting
from hivemind_chatroom.room.names import look_alike
from hivemind_chatroom.room.room import PAGE_MAX, Room
from hivemind_chatroom.room.text import clean_text, encodable
from hivemind_chatroom.web.addresses import address_of, introduction_of
from hivemind_chatroom.web.serialize import Json
from hivemind_chatroom.web.visitors import Visitors

LOG_MAX: Final = 1_000
"""Messages in `GET /messages`; upstream sent all it ever had."""

LOG_BYTES_MAX: Final = 1024 * 1024
"""Bytes of them: upstream's pages ask each second, and each time for everything."""


class Classic:
    """Upstream's two routes with upstream's shapes."""

    def __init__(self, room: Room, visitors: Visitors) -> None:
        """Speak for `room`."""
        self._room = room
        self._visitors = visitors

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("classic", __name__)
        routes.post("/send_message")(self.send_message)
        routes.get("/messages")(self.messages)
        return routes

    def send_message(self) -> ResponseReturnValue:
        """Post a line from a form and show the room again, in the language that was typed."""
        reader = self._visitors.reader()
        introduction = _introduction_from_form(reader)
        text = clean_text(request.form.get("message", ""))
        own = reader if reader and look_alike(reader.name, introduction.name) else None
        if not text and own is None:
            # Upstream kept empty lines; here whoever sends none is only shown the room.
            shown = self._room.standard(introduction)
            return redirect(address_of(replace(shown, lang=introduction.lang)))
        member = self._speaker(own, introduction)
        if text:
            self._room.post(member, Posting(text))
        return redirect(address_of(replace(introduction, name=member.name, site_id=member.site_id)))

    def messages(self) -> ResponseReturnValue:
        """Return what everybody may see, oldest first."""
        self._visitors.reader()
        entries: list[str] = []
        size = 0
        for message in islice(self._newest(), LOG_MAX):
            encoded = [_as_upstream(entry) for entry in entries_of(message)]
            size += sum(map(len, encoded))
            if size > LOG_BYTES_MAX:
                break
            entries += reversed(encoded)
        body = f"[{','.join(reversed(entries))}]\n"
        return Response(body, content_type="application/json")

    def _newest(self) -> Iterator[Message]:
        """Yield what everybody may see, the newest first."""
        before, more = None, True
        while more:
            page = self._room.messages(None, before=before, limit=PAGE_MAX)
            yield from reversed(page.messages)
            before, more = page.messages[0].id if page.more else None, page.more

    def _speaker(self, own: Member | None, introduction: Introduction) -> Member:
        """Return who speaks: the cookie's member, if the name is its own, or whoever is named."""
        if own is None:
            return self._room.visit(introduction)
        return self._room.change(own, replace(introduction, name=own.name))


def entries_of(message: Message) -> list[Json]:
    """Return a message as upstream's log had it; something to play is two entries."""
    draft = message.draft
    texts = [_text_of(draft)] if draft.text else []
    if draft.media:
        texts.append(draft.media.uri)
    incoming = draft.kind is not Kind.PERSON
    return [
        {"incoming": incoming, "username": draft.author.name, "message": text} for text in texts
    ]


def _text_of(draft: Draft) -> str:
    if draft.kind is Kind.ASSISTANT and draft.to:
        return f"@{draft.to.name} - {draft.text}"
    return draft.text


def _introduction_from_form(reader: Member | None) -> Introduction:
    """Read who speaks; what is left empty is what the cookie's member has, or upstream's anybody's.

    A browser sends what its page has filled in; a form without scripts may leave all of it empty.
    """
    default = introduction_of(reader)
    name, lang, site_id = (
        encodable(request.form.get(field, "")) for field in ("username", "lang", "site_id")
    )
    return Introduction(name or default.name, lang or default.lang, site_id or default.site_id)


def _as_upstream(entry: Json) -> str:
    """Encode as Flask's `jsonify` does, byte for byte: keys sorted, ASCII."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"))
