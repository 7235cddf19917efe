"""The routes of the status: once, and live."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from hivemind_chatroom.operator.answer import answer
from hivemind_chatroom.operator.live import Live
from hivemind_chatroom.operator.ports import Streams
from hivemind_chatroom.operator.status import Status

AUDIENCE: Final = "operator"
"""All windows together; whether there is any is told by it."""

HAND_OVER: Final = "hivemind_chatroom.hand_over"
"""The key in the WSGI environ under which the server offers to go on with a response for ever."""


class Events:
    """The snapshot, and the stream of snapshots."""

    def __init__(self, status: Status, live: Live, streams: Streams) -> None:
        """Stream what `live` publishes to `streams`."""
        self._status = status
        self._live = live
        self._streams = streams

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("events", __name__, url_prefix="/api")
        routes.get("/status")(self.status)
        routes.get("/events")(self.events)
        return routes

    def status(self) -> ResponseReturnValue:
        """Return how all stands."""
        return answer(self._status.snapshot())

    def events(self) -> ResponseReturnValue:
        """Tell how all stands, now and after each change.

        The mark is taken before the snapshot: what changes in between is behind it in the stream.
        """
        mark = self._streams.mark()
        if hand_over := request.environ.get(HAND_OVER):
            hand_over(mark, AUDIENCE)
        return Response(self._live.frame(), content_type="text/event-stream")
