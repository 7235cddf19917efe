"""How a value becomes a JSON response."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response

from hivemind_chatroom.web.serialize import encoded


def answer(value: object, status: int = HTTPStatus.OK) -> Response:
    """Return a response with a value as its JSON body."""
    return Response(encoded(value), status, content_type="application/json")
