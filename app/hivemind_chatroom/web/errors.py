"""What goes wrong, as HTTP: one table from code to status, one shape under /api, one plain page."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from hivemind_chatroom import errors
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.web.catalogues import later
from hivemind_chatroom.web.serialize import Json, encoded
from hivemind_chatroom.web.wishes import Wishes

STATUS_OF: Final[Mapping[str, int]] = MappingProxyType(
    {
        errors.BodyInvalidError.code: 400,
        errors.NotJoinedError.code: 401,
        errors.CodeWrongError.code: 403,
        errors.DeviceCodeWrongError.code: 403,
        errors.OriginForeignError.code: 403,
        errors.MutedError.code: 403,
        errors.RemovedError.code: 403,
        errors.RoomPausedError.code: 403,
        errors.RoomFullError.code: 403,
        errors.MessageUnknownError.code: 404,
        "method_not_allowed": 405,
        errors.NameTakenError.code: 409,
        errors.NotAskableError.code: 409,
        errors.BodyTooLargeError.code: 413,
        errors.MediaTypeError.code: 415,
        errors.HostUnknownError.code: 421,
        errors.NameInvalidError.code: 422,
        errors.LangInvalidError.code: 422,
        errors.SiteInvalidError.code: 422,
        errors.TextEmptyError.code: 422,
        errors.TextTooLongError.code: 422,
        errors.TooFastError.code: 429,
        errors.TooManyTriesError.code: 429,
        errors.ChatroomError.code: 500,
        errors.StorageAwayError.code: 503,
        errors.StorageFullError.code: 507,
    }
)
"""Every code that a visitor can meet."""

_OF_HTTP: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        400: (errors.BodyInvalidError.code, later("That request can't be read.")),
        404: (errors.MessageUnknownError.code, later("There is nothing at this address.")),
        405: ("method_not_allowed", later("This address doesn't take that method.")),
        413: (errors.BodyTooLargeError.code, later("That is more than a request may hold.")),
    }
)
"""What the framework finds wrong with a request, in our codes and words."""

_OUR_FAULT: Final = later("Something went wrong here. Please try again.")
_JSON_ADDRESSES: Final = frozenset({"/messages", "/healthz", "/openapi.json"})

_log = logging.getLogger(__name__)


def install(app: Flask, room: Room, wishes: Wishes) -> None:
    """Answer every failure of `app` as the route's readers expect it, in their language."""
    answers = _Answers(room, wishes)
    app.register_error_handler(errors.ChatroomError, answers.known)
    app.register_error_handler(HTTPException, answers.http)
    app.register_error_handler(Exception, answers.unknown)


class _Answers:
    """Makes responses out of exceptions."""

    def __init__(self, room: Room, wishes: Wishes) -> None:
        self._room = room
        self._wishes = wishes

    def known(self, error: errors.ChatroomError) -> Response:
        """Answer what a person can be told about."""
        status = STATUS_OF.get(error.code)
        if status is None:
            return self.unknown(error)
        message = self._wishes.catalogue().text(error.sentence, **error.values)
        response = self._answer(status, error.code, message, _details(error))
        if isinstance(error, errors.RetryLaterError) and error.retry_after_s:
            response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
        if isinstance(error, errors.NotJoinedError):
            # RFC 9110, 15.5.2: a 401 names a way in. Browsers ask nobody for a Bearer.
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def http(self, error: HTTPException) -> Response | HTTPException:
        """Answer what the framework found wrong with a request."""
        status = error.code or 500
        if status < 400:  # noqa: PLR2004 - a redirect, which Werkzeug raises too
            return error
        code, message = _OF_HTTP.get(status, (errors.BodyInvalidError.code, error.name))
        response = self._answer(status, code, self._wishes.catalogue().text(message))
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            response.headers["Allow"] = ", ".join(sorted(allowed))
        return response

    def unknown(self, error: Exception) -> Response:
        """Answer a fault of our own, and log where it was; its words may be somebody's."""
        _log.error("a request failed in %s: %s", request.endpoint, errors.traced(error))
        message = self._wishes.catalogue().text(_OUR_FAULT)
        return self._answer(500, errors.ChatroomError.code, message)

    def _answer(
        self, status: int, code: str, message: str, details: Json | None = None
    ) -> Response:
        if request.path.startswith("/api/") or request.path in _JSON_ADDRESSES:
            value = {"error": {"code": code, "message": message, **(details or {})}}
            return Response(encoded(value), status, content_type="application/json")
        words = self._wishes.catalogue()
        page = words.page("error.html", room=self._room.settings.name, message=message)
        return Response(page, status)


def _details(error: errors.ChatroomError) -> Json:
    if isinstance(error, errors.NameTakenError):
        return {"name": error.name, "suggestion": error.suggestion}
    if isinstance(error, errors.CodeWrongError):
        return {"tries_left": error.tries_left}
    return {}
