"""The visitor's API: docs/http-api.md, route by route."""

from __future__ import annotations

import math
import unicodedata
from http import HTTPStatus

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from hivemind_chatroom.room.model import (
    Audience,
    Introduction,
    Member,
    Message,
    MessageId,
    Posting,
)
from hivemind_chatroom.room.room import PAGE_MAX, Room
from hivemind_chatroom.room.text import encodable
from hivemind_chatroom.web.answer import answer
from hivemind_chatroom.web.fields import Fields, number
from hivemind_chatroom.web.lean import asked
from hivemind_chatroom.web.serialize import Json, Typesetting, member_json, message_json
from hivemind_chatroom.web.visitors import Visitors, remember

PAGE_DEFAULT = 50
"""Messages in a page when nobody says how many."""

QUERY_MAX = 200
"""Characters of a search."""

_OF_WORDS = frozenset({"Mc", "So"})
"""Vowel signs of Indic scripts, and emoji: what words are made of beside letters and digits."""


class Api:
    """Each route parses, calls the room once, and serialises."""

    def __init__(self, room: Room, visitors: Visitors, typesetting: Typesetting) -> None:
        """Speak for `room`."""
        self._room = room
        self._visitors = visitors
        self._typesetting = typesetting

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("api", __name__, url_prefix="/api")
        routes.post("/join")(self.join)
        routes.get("/me")(self.me)
        routes.patch("/me")(self.change)
        routes.delete("/me")(self.leave)
        routes.post("/me/device-code")(self.invite_device)
        routes.get("/members")(self.members)
        routes.post("/messages")(self.post)
        routes.get("/messages")(self.messages)
        routes.post("/messages/<int:message_id>/ask-again")(self.ask_again)
        routes.delete("/messages/<int:message_id>")(self.remove)
        return routes

    def join(self) -> ResponseReturnValue:
        """Let a browser in."""
        fields = Fields.of(request.get_data())
        name, code = fields.text("name"), fields.text("code", "")
        if device_code := fields.text("device_code", ""):
            joined = self._visitors.join_as(name, device_code, code)
        else:
            introduction = _introduction(fields, name, self._visitors.member())
            joined = self._visitors.join(introduction, code)
        response = self._member_answer(joined.member)
        remember(response, joined.key)
        return response

    def me(self) -> ResponseReturnValue:
        """Tell a browser who it is."""
        return self._member_answer(self._visitors.required_member())

    def change(self) -> ResponseReturnValue:
        """Call a member otherwise; what isn't named stays."""
        member = self._visitors.required_member()
        fields = Fields.of(request.get_data())
        introduction = _introduction(fields, fields.text("name", member.name), member)
        return self._member_answer(self._room.change(member, introduction))

    def leave(self) -> ResponseReturnValue:
        """Forget a member, here and in its browser."""
        response = Response(status=HTTPStatus.NO_CONTENT)
        self._visitors.leave(response)
        return response

    def invite_device(self) -> ResponseReturnValue:
        """Tell a member what to type on another device of theirs."""
        invited = self._room.devices.invite(self._visitors.required_member())
        value = {"code": invited.code, "expires_in_s": math.ceil(invited.expires_in_s)}
        return answer(value, HTTPStatus.CREATED)

    def members(self) -> ResponseReturnValue:
        """List who is here."""
        self._visitors.reader()
        return answer([member_json(each, present=here) for each, here in self._room.members()])

    def post(self) -> ResponseReturnValue:
        """Keep what a member says."""
        member = self._visitors.required_member()
        appended = self._room.post(member, _posting(Fields.of(asked().get_data())))
        status = HTTPStatus.CREATED if appended.is_new else HTTPStatus.OK
        return answer(self._message(appended.message, member), status)

    def messages(self) -> ResponseReturnValue:
        """Return a part of the log."""
        reader = self._visitors.reader()
        words = encodable(request.args.get("q", ""))[:QUERY_MAX]
        if words and not _has_word(words):
            return answer({"messages": [], "more": False})
        page = self._room.messages(
            reader,
            before=_message_id("before"),
            after=_message_id("after"),
            limit=number(request.args.get("limit"), "limit", least=1, most=PAGE_MAX)
            or PAGE_DEFAULT,
            words=words,
        )
        listing = [self._message(message, reader) for message in page.messages]
        return answer({"messages": listing, "more": page.more})

    def ask_again(self, message_id: int) -> ResponseReturnValue:
        """Ask the assistant once more."""
        member = self._visitors.required_member()
        moved = self._room.ask_again(member, MessageId(message_id))
        return answer(self._message(moved, member))

    def remove(self, message_id: int) -> ResponseReturnValue:
        """Take a message of the member's own out of the room."""
        self._room.remove(self._visitors.required_member(), MessageId(message_id))
        return Response(status=HTTPStatus.NO_CONTENT)

    def _member_answer(self, member: Member) -> Response:
        present = self._room.is_present(member)
        return answer({"member": member_json(member, present=present)})

    def _message(self, message: Message, reader: Member | None) -> Json:
        return message_json(message, reader.id if reader else None, self._typesetting)


def _has_word(query: str) -> bool:
    """Tell whether a search can match: by letters, digits or emoji, of which words are made."""
    return any(each.isalnum() or unicodedata.category(each) in _OF_WORDS for each in query)


def _introduction(fields: Fields, name: str, member: Member | None) -> Introduction:
    """Read language and site; what is left out stays as `member` has it."""
    return Introduction(
        name,
        lang=fields.text("lang", member.lang if member else ""),
        site_id=fields.text("site_id", member.site_id if member else ""),
    )


def _posting(fields: Fields) -> Posting:
    return Posting(
        text=fields.text("text"),
        client_id=fields.text("client_id"),
        audience=fields.choice("to", Audience.EVERYONE),
        lang=fields.text("lang", ""),
    )


def _message_id(name: str) -> MessageId | None:
    value = number(request.args.get(name), name)
    return None if value is None else MessageId(value)
