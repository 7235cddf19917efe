"""The pages: the room, where people are sent to it, and the files that the page is made of."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from hivemind_chatroom.room.model import ASSISTANT, HubState
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.web.addresses import address_of, introduction_of, suggested_name
from hivemind_chatroom.web.assets import Assets
from hivemind_chatroom.web.languages import KnownLanguages
from hivemind_chatroom.web.serialize import Json, member_json
from hivemind_chatroom.web.visitors import Visitors, renew


class Pages:
    """The routes that a browser's address bar shows."""

    def __init__(
        self,
        room: Room,
        visitors: Visitors,
        known: KnownLanguages,
        offered: tuple[str, ...],
        assets: Assets,
    ) -> None:
        """Show `room`, with the `offered` languages to choose from."""
        self._room = room
        self._visitors = visitors
        self._known = known
        self._offered = offered
        self._assets = assets

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("pages", __name__)
        routes.get("/")(self.index)
        routes.get("/chatroom/<username>/<site_id>/<lang>")(self.room)
        return routes

    def index(self) -> ResponseReturnValue:
        """Send a browser to the page of its member, or of upstream's anybody."""
        return redirect(address_of(introduction_of(self._visitors.member())))

    def room(self, username: str, site_id: str, lang: str) -> ResponseReturnValue:
        """Show the room, and let the browser's cookie live on for its full age."""
        boot = self._boot(username, site_id, lang)
        response = make_response(
            render_template(
                "room.html",
                boot=boot,
                keep_days=self._room.settings.keep_days,
                has_assistant=self._room.hub.state is not HubState.OFF,
            )
        )
        if boot["joined"]:
            renew(response)
        return response

    def _boot(self, username: str, site_id: str, lang: str) -> Json:
        member = self._visitors.member()
        present = member is not None and self._room.is_present(member)
        return {
            "room": self._room.settings.name,
            "name": suggested_name(username),
            "lang": self._known.standard(lang) or self._room.settings.lang,
            "site_id": site_id,
            "code": "",
            "code_needed": not self._room.door.is_open and member is None,
            "joined": member is not None,
            "member": member_json(member, present=present) if member else None,
            "assistant": ASSISTANT.name,
            "languages": list(self._offered),
            "static": self._assets.version,
        }
