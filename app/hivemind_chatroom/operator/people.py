"""The routes by which the operator mutes, removes and renames people, and takes it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from hivemind_chatroom.operator.answer import answer, done
from hivemind_chatroom.operator.fields import Fields
from hivemind_chatroom.operator.status import undo_json
from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.room.moderation import Moderation, UndoId
from hivemind_chatroom.room.ports import Clock

MUTE_MAX_MINUTES: Final = 60 * 24 * 365


class People:
    """What is decided about members."""

    def __init__(self, moderation: Moderation, clock: Clock) -> None:
        """Decide by `moderation`."""
        self._moderation = moderation
        self._clock = clock

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("people", __name__, url_prefix="/api")
        routes.post("/members/<member_id>/mute")(self.mute)
        routes.post("/members/<member_id>/remove")(self.remove)
        routes.post("/members/<member_id>/rename")(self.rename)
        routes.post("/undo/<undo_id>")(self.undo)
        return routes

    def mute(self, member_id: str) -> ResponseReturnValue:
        """Let a member read and not write, for so many minutes or until that is undone."""
        minutes = Fields.of_request().number("minutes", least=1, most=MUTE_MAX_MINUTES)
        until = None if minutes is None else self._clock.now() + timedelta(minutes=minutes)
        return answer(undo_json(self._moderation.mute(MemberId(member_id), until)))

    def remove(self, member_id: str) -> ResponseReturnValue:
        """Put a member out of the room."""
        return answer(undo_json(self._moderation.remove(MemberId(member_id))))

    def rename(self, member_id: str) -> ResponseReturnValue:
        """Call a member otherwise."""
        name = Fields.of_request().text("name")
        return answer(undo_json(self._moderation.rename(MemberId(member_id), name)))

    def undo(self, undo_id: str) -> ResponseReturnValue:
        """Take a deed back."""
        self._moderation.undo(UndoId(undo_id))
        return done()
