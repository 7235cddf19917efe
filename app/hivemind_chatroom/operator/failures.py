"""What goes wrong, as HTTP: one table from code to status, one shape."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from hivemind_chatroom import errors
from hivemind_chatroom.operator.answer import answer

STATUS_OF: Final[Mapping[str, int]] = MappingProxyType(
    {
        errors.BodyInvalidError.code: 400,
        errors.TokenWrongError.code: 401,
        errors.OriginWrongError.code: 403,
        errors.MessageUnknownError.code: 404,
        errors.MemberUnknownError.code: 404,
        errors.UndoUnknownError.code: 404,
        errors.WindowMissingError.code: 404,
        errors.NameTakenError.code: 409,
        errors.HubElsewhereError.code: 409,
        errors.PortTakenError.code: 409,
        errors.BodyTooLargeError.code: 413,
        errors.MediaTypeError.code: 415,
        errors.HostUnknownError.code: 421,
        errors.NameInvalidError.code: 422,
        errors.SettingInvalidError.code: 422,
        errors.IdentityIncompleteError.code: 422,
        errors.BackupInvalidError.code: 422,
        errors.BackupFailedError.code: 500,
        errors.ChatroomError.code: 500,
        errors.StorageAwayError.code: 503,
        errors.StorageFullError.code: 507,
    }
)
"""Every code that the operator can meet."""

_OF_HTTP: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        404: (errors.MessageUnknownError.code, "There is nothing at this address."),
        405: ("method_not_allowed", "This address doesn't take that method."),
    }
)
"""What the framework finds wrong with a request, in our codes and words."""

_log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Answer every failure of `app` as JSON."""
    app.register_error_handler(errors.ChatroomError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def error_json(error: errors.ChatroomError) -> dict[str, object]:
    """Return an error as every answer has it."""
    value: dict[str, object] = {"code": error.code, "message": str(error)}
    if isinstance(error, errors.SettingInvalidError):
        value["setting"] = error.setting
    if isinstance(error, errors.NameTakenError):
        value["suggestion"] = error.suggestion
    return {"error": value}


def _known(error: errors.ChatroomError) -> Response:
    status = STATUS_OF.get(error.code)
    return _unknown(error) if status is None else answer(error_json(error), status)


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - a redirect, which Werkzeug raises too
        return error
    code, message = _OF_HTTP.get(status, (errors.BodyInvalidError.code, error.name))
    return answer({"error": {"code": code, "message": message}}, status)


def _unknown(error: Exception) -> Response:
    """Answer a fault of our own, and log where it was; its words may hold a secret."""
    _log.error(
        "a request of the operator's failed in %s: %s", request.endpoint, errors.traced(error)
    )
    message = "Something went wrong here. The log says where."
    return answer({"error": {"code": errors.ChatroomError.code, "message": message}}, 500)
