"""How values become JSON, and responses."""

from __future__ import annotations

import json
from datetime import datetime
from http import HTTPStatus

from flask import Response

from hivemind_chatroom.room.clock import rfc3339

JSON_TYPE = "application/json"


def encoded(value: object) -> bytes:
    """Return a value as compact JSON in UTF-8, on one line; half a letter becomes a `?`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def time_or_none(moment: datetime | None) -> str | None:
    """Return a moment as `rfc3339` does, None for none."""
    return None if moment is None else rfc3339(moment)


def answer(value: object, status: int = HTTPStatus.OK) -> Response:
    """Return a response with a value as its JSON body."""
    return Response(encoded(value), status, content_type=JSON_TYPE)


def done() -> Response:
    """Return the response to what is done and has nothing to tell."""
    return Response(status=HTTPStatus.NO_CONTENT)
