"""The routes by which the window is shown and the room is closed."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from hivemind_chatroom.errors import WindowMissingError
from hivemind_chatroom.operator.answer import done
from hivemind_chatroom.operator.ports import Window


class Windows:
    """The window, if there is one."""

    def __init__(self, window: Window | None) -> None:
        """Speak for `window`."""
        self._window = window

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("windows", __name__, url_prefix="/api/window")
        routes.post("/show")(self.show)
        routes.post("/quit")(self.quit)
        return routes

    def show(self) -> ResponseReturnValue:
        """Bring the window to the front."""
        self._required().show()
        return done()

    def quit(self) -> ResponseReturnValue:
        """Close the room and end the program."""
        self._required().quit()
        return done()

    def _required(self) -> Window:
        if self._window is None:
            raise WindowMissingError("This room has no window. Close it where it was started.")
        return self._window
