"""The pages: the room, where people are sent to it, and the files that the page is made of."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue

from hivemind_chatroom.room.model import ASSISTANT, HubState
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.web.addresses import DEFAULT, address_of, introduction_of, suggested_name
from hivemind_chatroom.web.assets import Assets
from hivemind_chatroom.web.serialize import Json, member_json
from hivemind_chatroom.web.visitors import Visitors, renew
from hivemind_chatroom.web.wishes import PARAMETER, Wishes


class Pages:
    """The routes that a browser's address bar shows."""

    def __init__(
        self,
        room: Room,
        visitors: Visitors,
        wishes: Wishes,
        offered: tuple[str, ...],
        assets: Assets,
    ) -> None:
        """Show `room`, with the `offered` languages to choose from unless it names its own."""
        self._room = room
        self._visitors = visitors
        self._wishes = wishes
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
        address = address_of(introduction_of(self._visitors.member()))
        lang = request.args.get(PARAMETER)
        return redirect(f"{address}?{urlencode({PARAMETER: lang})}" if lang else address)

    def room(self, username: str, site_id: str, lang: str) -> ResponseReturnValue:
        """Show the room to somebody of this name, site and language."""
        return self.show(username, site_id, lang)

    def show(self, username: str, site_id: str, lang: str, code: str = "") -> ResponseReturnValue:
        """Show the room, and let the browser's cookie live on for its full age.

        Args:
            username: A suggestion for the join card.
            site_id: Where the visitor is, as HiveMind calls it.
            lang: BCP-47; that of nobody counts as not chosen.
            code: What the card has as the room's code.
        """
        name = suggested_name(username)
        chosen = lang if name or lang != DEFAULT.lang else ""
        boot = self._boot(name, site_id, chosen) | {"code": code}
        response = make_response(
            self._wishes.catalogue(chosen).page(
                "room.html",
                boot=boot,
                keep_days=self._room.settings.keep_days,
                has_assistant=self._room.hub.state is not HubState.OFF,
            )
        )
        if boot["joined"]:
            renew(response)
        return response

    def _boot(self, name: str, site_id: str, chosen_lang: str) -> Json:
        member = self._visitors.member()
        present = member is not None and self._room.is_present(member)
        offered = self._room.settings.languages or self._offered
        return {
            "room": self._room.settings.name,
            "name": name,
            "lang": self._wishes.lang(offered, chosen_lang),
            "site_id": site_id,
            "code": "",
            "code_needed": not self._room.door.is_open and member is None,
            "joined": member is not None,
            "member": member_json(member, present=present) if member else None,
            "assistant": ASSISTANT.name,
            "languages": list(offered),
            "static": self._assets.version,
        }
