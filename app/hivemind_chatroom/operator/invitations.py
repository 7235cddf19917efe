"""The routes by which the operator invites people, and lets them try again."""

from __future__ import annotations

from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from hivemind_chatroom.errors import BodyInvalidError
from hivemind_chatroom.operator.answer import answer, done
from hivemind_chatroom.operator.fields import Fields
from hivemind_chatroom.operator.invitation import invitation, qr_svg, wifi
from hivemind_chatroom.operator.parts import Parts
from hivemind_chatroom.operator.preferences import Preferences

_WIFI_NAME_MAX_BYTES: Final = 32
"""Of a network's name (IEEE 802.11, 9.4.2.2)."""

_WIFI_PASSWORD_MAX_BYTES: Final = 64
"""Of a WPA passphrase, or of the key written in hexadecimal digits (IEEE 802.11, J.4)."""


class Invitations:
    """The way into the room."""

    def __init__(self, parts: Parts, preferences: Preferences) -> None:
        """Invite into the room of `parts`, whose code is one of the `preferences`."""
        self._parts = parts
        self._preferences = preferences

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("invitations", __name__, url_prefix="/api/invite")
        routes.get("")(self.invite)
        routes.post("/rotate")(self.rotate)
        routes.post("/unlock")(self.unlock)
        routes.post("/wifi")(self.wifi)
        return routes

    def invite(self) -> ResponseReturnValue:
        """Return the way into the room."""
        parts = self._parts
        return answer(invitation(parts.place, parts.lan.standing(), parts.room.door))

    def rotate(self) -> ResponseReturnValue:
        """Give the room a new code."""
        self._preferences.rotate_code()
        return self.invite()

    def unlock(self) -> ResponseReturnValue:
        """Let those try again at once who have typed too many wrong codes."""
        self._parts.room.door.forgive()
        return done()

    def wifi(self) -> ResponseReturnValue:
        """Return the way into a Wi-Fi; its name and password are kept nowhere."""
        fields = Fields.of_request()
        name, password = fields.text("name"), fields.text("password", "")
        if not 0 < len(name.encode()) <= _WIFI_NAME_MAX_BYTES:
            raise BodyInvalidError(f"name has 1 to {_WIFI_NAME_MAX_BYTES} bytes.")
        if len(password.encode()) > _WIFI_PASSWORD_MAX_BYTES:
            raise BodyInvalidError(f"password has {_WIFI_PASSWORD_MAX_BYTES} bytes at most.")
        return answer({"qr_svg": qr_svg(wifi(name, password))})
