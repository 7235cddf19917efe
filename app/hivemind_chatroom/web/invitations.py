"""The invitation: the address that a QR code carries, and that lets people in."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from hivemind_chatroom.room.room import Room
from hivemind_chatroom.web.addresses import DEFAULT, address_of, introduction_of
from hivemind_chatroom.web.pages import Pages
from hivemind_chatroom.web.visitors import Visitors

_CODE: Final = re.compile(r"[0-9]{4,12}", re.ASCII)
"""What a room's code may be; anything else is not repeated on the page."""


class Invitations:
    """Leads whoever was invited to the door, and who is in already into the room."""

    def __init__(self, room: Room, pages: Pages, visitors: Visitors) -> None:
        """Show the door of `room` to those of the `visitors` who are strangers."""
        self._room = room
        self._pages = pages
        self._visitors = visitors

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("invitations", __name__)
        routes.get("/j/<code>")(self.open)
        return routes

    def open(self, code: str) -> ResponseReturnValue:
        """Show the join card with the invitation, or the code, filled in.

        Of an invitation it is told whether it is of now. Whether a code is right is found out by
        joining alone, where guesses are counted.
        """
        member = self._visitors.member()
        if member is not None:
            return redirect(address_of(introduction_of(member)))
        door = self._room.door
        carried = code if door.invites(code) or _CODE.fullmatch(code) else ""
        is_old = not carried and not door.is_open
        return self._pages.show(DEFAULT.name, DEFAULT.site_id, DEFAULT.lang, carried, is_old=is_old)
