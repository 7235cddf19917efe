"""What the room tells of itself to programs: that it is well, and which routes it has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from hivemind_chatroom.room.room import Room
from hivemind_chatroom.version import __version__
from hivemind_chatroom.web.answer import answer

APP: Final = "hivemind-chatroom"
"""By this, one room knows another."""

_OPENAPI: Final = Path(__file__).with_name("openapi.json")


class About:
    """The routes that are for programs alone."""

    def __init__(self, room: Room, room_id: str) -> None:
        """Tell of `room`, which is `room_id` among others."""
        self._room = room
        self._room_id = room_id
        self._openapi = json.loads(_OPENAPI.read_text(encoding="utf-8"))
        self._openapi["info"]["version"] = __version__

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("about", __name__)
        routes.get("/healthz")(self.healthz)
        routes.get("/openapi.json")(self.openapi)
        return routes

    def healthz(self) -> ResponseReturnValue:
        """Tell that the room is up, which one it is and how its hub stands."""
        return answer(
            {
                "app": APP,
                "id": self._room_id,
                "room": self._room.settings.name,
                "version": __version__,
                "hub": self._room.hub.state,
            }
        )

    def openapi(self) -> ResponseReturnValue:
        """Return the description of all routes (OpenAPI 3.1)."""
        return answer(self._openapi)
