"""The routes by which the operator decides about the room."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from hivemind_chatroom.operator.answer import answer, done
from hivemind_chatroom.operator.fields import Fields
from hivemind_chatroom.operator.parts import Parts
from hivemind_chatroom.operator.preferences import Preferences


class Decisions:
    """Settings and pause."""

    def __init__(self, parts: Parts, preferences: Preferences) -> None:
        """Speak for the `preferences`."""
        self._parts = parts
        self._preferences = preferences

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("decisions", __name__, url_prefix="/api")
        routes.get("/settings")(self.settings)
        routes.patch("/settings")(self.change)
        routes.post("/pause")(self.pause)
        return routes

    def settings(self) -> ResponseReturnValue:
        """Return all settings of the page."""
        return answer(self._preferences.all(self._parts.room.settings.code))

    def change(self) -> ResponseReturnValue:
        """Change some of them."""
        self._preferences.change(Fields.of_request().values)
        return self.settings()

    def pause(self) -> ResponseReturnValue:
        """Let nobody write, or everybody again."""
        self._preferences.change({"paused": Fields.of_request().switch("paused")})
        return done()
