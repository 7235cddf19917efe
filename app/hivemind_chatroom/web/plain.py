"""The plain page, for browsers that run no scripts: a form, and what was said in a frame."""

from __future__ import annotations

import math
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hivemind_chatroom.errors import ChatroomError, RetryLaterError
from hivemind_chatroom.room.clock import rfc3339
from hivemind_chatroom.room.model import Introduction, Member, Message, Posting
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.text import clean_text, encodable
from hivemind_chatroom.web.errors import STATUS_OF
from hivemind_chatroom.web.languages import autonym
from hivemind_chatroom.web.security import HEADERS
from hivemind_chatroom.web.serialize import Json, Typesetting
from hivemind_chatroom.web.visitors import Visitors, remember, renew
from hivemind_chatroom.web.wishes import PARAMETER, Wishes

REFRESH_S: Final = 10
"""Seconds between two looks at the room."""

NEWEST: Final = 50
"""Messages on the page."""

_FIELDS: Final = ("name", PARAMETER, "site_id", "code", "message")

_PLAYABLE: Final = ("http://", "https://")
_POLICY: Final = HEADERS["Content-Security-Policy"]
_FRAMING: Final = f"{_POLICY}; frame-src 'self'"
_FRAMED: Final = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
_POLICIES: Final = MappingProxyType(
    {"plain.messages": _FRAMED, "plain.show": _FRAMING, "plain.send": _FRAMING}
)


class Plain:
    """Lets people in, write and read by forms and links alone.

    What is being written would be lost if its page came anew: only the frame does.
    """

    def __init__(
        self,
        room: Room,
        visitors: Visitors,
        wishes: Wishes,
        typesetting: Typesetting,
        offered: tuple[str, ...],
    ) -> None:
        """Show `room`, with the `offered` languages to choose from unless it names its own."""
        self._room = room
        self._visitors = visitors
        self._wishes = wishes
        self._typesetting = typesetting
        self._offered = offered

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("plain", __name__)
        routes.get("/plain")(self.show)
        routes.post("/plain")(self.send)
        routes.get("/plain/messages")(self.messages)
        routes.after_request(_allow_frame)
        return routes

    def show(self) -> ResponseReturnValue:
        """Show the form, with what the address says of a stranger filled in."""
        member = self._visitors.member()
        given = {field: encodable(request.args.get(field, "")) for field in _FIELDS}
        response = make_response(self._page(member, given))
        if member is not None:
            renew(response)
        return response

    def send(self) -> ResponseReturnValue:
        """Let a stranger in, and say what is written; a refusal keeps all that was filled in."""
        given = {field: encodable(request.form.get(field, "")) for field in _FIELDS}
        if own := self._visitors.member():
            return self._said(own, given)
        try:
            joined = self._visitors.join(_introduction(given), given["code"])
        except ChatroomError as error:
            return self._refusal(None, given, error)
        response = self._said(joined.member, given)
        remember(response, joined.key)
        return response

    def messages(self) -> ResponseReturnValue:
        """Show the newest messages, the newest first, anew every `REFRESH_S` seconds."""
        reader = self._visitors.reader()
        page = self._room.messages(reader, limit=NEWEST)
        return self._wishes.catalogue(request.args.get(PARAMETER, "")).page(
            "plain/messages.html",
            refresh_s=REFRESH_S,
            lines=[self._line(message, reader) for message in reversed(page.messages)],
        )

    def _said(self, member: Member, given: dict[str, str]) -> Response:
        text = clean_text(given["message"])
        if not text:
            return make_response(redirect(url_for("plain.show"), HTTPStatus.SEE_OTHER))
        try:
            self._room.post(member, Posting(text))
        except ChatroomError as error:
            return self._refusal(member, given, error)
        return make_response(redirect(url_for("plain.show", sent=1), HTTPStatus.SEE_OTHER))

    def _refusal(
        self, member: Member | None, given: dict[str, str], error: ChatroomError
    ) -> Response:
        if error.code not in STATUS_OF:
            raise error
        catalogue = self._wishes.catalogue(given[PARAMETER])
        sentence = catalogue.text(error.sentence, **error.values)
        response = make_response(self._page(member, given, sentence), STATUS_OF[error.code])
        if isinstance(error, RetryLaterError) and error.retry_after_s:
            response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
        return response

    def _page(self, member: Member | None, given: dict[str, str], refusal: str = "") -> str:
        languages = self._room.settings.languages or self._offered
        lang = self._wishes.lang(languages, given[PARAMETER])
        needs_code = member is None and not self._room.door.is_open
        return self._wishes.catalogue(given[PARAMETER]).page(
            "plain/page.html",
            room_name=self._room.settings.name,
            member=member,
            given=given,
            lang=lang,
            languages=[(tag, autonym(tag)) for tag in dict.fromkeys((*languages, lang))],
            needs_code=needs_code,
            is_invited=self._room.door.invites(given["code"]),
            is_old=needs_code and "is_old" in request.args,
            refusal=refusal,
            is_sent="sent" in request.args and not refusal,
            refresh_s=REFRESH_S,
        )

    def _line(self, message: Message, reader: Member | None) -> Json:
        draft = message.draft
        address = draft.media.uri if draft.media else ""
        return {
            "kind": draft.kind,
            "author": draft.author.name,
            "to": draft.to.name if draft.to else "",
            "text": draft.text or (draft.media.name or address if draft.media else ""),
            "address": address if address.startswith(_PLAYABLE) else "",
            "lang": draft.lang,
            "direction": self._typesetting.direction(draft.lang),
            "is_mine": reader is not None and draft.author.id == reader.id,
            "is_private": draft.private_to is not None,
            "sent_at": rfc3339(draft.sent_at),
            "clock": f"{draft.sent_at.astimezone():%H:%M}",
        }


def _introduction(given: dict[str, str]) -> Introduction:
    return Introduction(given["name"], given[PARAMETER], given["site_id"])


def _allow_frame(response: Response) -> Response:
    """Let the page have its frame, and the frame be in a page of ours."""
    policy = _POLICIES.get(request.endpoint or "")
    if policy:
        response.headers["Content-Security-Policy"] = policy
    return response
