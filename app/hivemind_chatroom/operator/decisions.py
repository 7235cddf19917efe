"""The routes by which the operator decides about the room."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from hivemind_chatroom.operator.answer import answer, done
from hivemind_chatroom.operator.fields import Fields
from hivemind_chatroom.operator.parts import Parts
from hivemind_chatroom.operator.preferences import Preferences
from hivemind_chatroom.settings import PORT_DEFAULT


class Decisions:
    """Settings and pause."""

    def __init__(
        self, parts: Parts, preferences: Preferences, on_change: Callable[[], None]
    ) -> None:
        """Speak for the `preferences`.

        Args:
            parts: The room and all that belongs to it.
            preferences: What the operator has decided.
            on_change: Called after a change, as the room's feed tells only of some; never waits.
        """
        self._parts = parts
        self._preferences = preferences
        self._on_change = on_change

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("decisions", __name__, url_prefix="/api")
        routes.get("/settings")(self.settings)
        routes.patch("/settings")(self.change)
        routes.post("/pause")(self.pause)
        routes.get("/port")(self.port)
        routes.post("/port")(self.return_to_port)
        return routes

    def settings(self) -> ResponseReturnValue:
        """Return all settings of the page."""
        return answer(self._preferences.all(self._parts.room.settings.code))

    def change(self) -> ResponseReturnValue:
        """Change some of them."""
        self._preferences.change(Fields.of_request().values)
        self._on_change()
        return self.settings()

    def pause(self) -> ResponseReturnValue:
        """Let nobody write, or everybody again."""
        self._preferences.change({"paused": Fields.of_request().switch("paused")})
        return done()

    def port(self) -> ResponseReturnValue:
        """Tell which port the room was to have, and whether a room has it now."""
        wanted = self._preferences.settings.port or PORT_DEFAULT
        return answer({"wanted": wanted, "has_room": self._parts.has_room(wanted)})

    def return_to_port(self) -> ResponseReturnValue:
        """Open the room anew at the port that another program had when it was started."""
        self._parts.return_to_port()
        return done()
