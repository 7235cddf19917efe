"""What the room tells of itself and of its neighbours: that it is well, its routes, other rooms."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from hivemind_chatroom.room.operating import SeenRooms
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.version import __version__
from hivemind_chatroom.web.answer import answer

APP: Final = "hivemind-chatroom"
"""By this, one room knows another."""

_OPENAPI: Final = Path(__file__).with_name("openapi.json")


class About:
    """The routes for whoever has not decided yet to come in, programs among them."""

    def __init__(self, room: Room, room_id: str, rooms: Callable[[], SeenRooms]) -> None:
        """Tell of `room`, which is `room_id` among the other `rooms` of the LAN."""
        self._room = room
        self._room_id = room_id
        self._rooms = rooms
        self._openapi = json.loads(_OPENAPI.read_text(encoding="utf-8"))
        self._openapi["info"]["version"] = __version__

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("about", __name__)
        routes.get("/healthz")(self.healthz)
        routes.get("/openapi.json")(self.openapi)
        routes.get("/api/rooms")(self.rooms)
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

    def rooms(self) -> ResponseReturnValue:
        """Return the other rooms of the LAN; a stranger at the door may see them, too."""
        seen = self._rooms()
        listing = [
            {"id": each.id, "name": each.name, "url": each.url, "needs_code": each.needs_code}
            for each in seen.rooms
        ]
        return answer({"rooms": listing, "is_searching": seen.is_searching})

    def openapi(self) -> ResponseReturnValue:
        """Return the description of all routes (OpenAPI 3.1)."""
        return answer(self._openapi)
