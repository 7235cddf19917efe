"""The pages: the room, where people are sent to it, and the files that the page is made of."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hivemind_chatroom.room.model import ASSISTANT, HubState, Member
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.web.addresses import DEFAULT, address_of, introduction_of, suggested_name
from hivemind_chatroom.web.languages import autonym
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
    ) -> None:
        """Show `room`, with the `offered` languages to choose from unless it names its own."""
        self._room = room
        self._visitors = visitors
        self._wishes = wishes
        self._offered = offered

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

    def show(
        self, username: str, site_id: str, lang: str, code: str = "", *, is_old: bool = False
    ) -> ResponseReturnValue:
        """Show the room, and let the browser's cookie live on for its full age.

        Args:
            username: A suggestion for the join card.
            site_id: Where the visitor is, as HiveMind calls it.
            lang: BCP-47; that of nobody counts as not chosen.
            code: What the card has as the room's code; it may be the invitation.
            is_old: An invitation led here that lets nobody in any more.
        """
        name = suggested_name(username)
        chosen = lang if name or lang != DEFAULT.lang else ""
        member = self._visitors.member()
        boot = self._boot(member, site_id, chosen, code)
        words = self._wishes.catalogue(chosen)
        response = make_response(
            words.page(
                "room.html",
                boot=boot,
                foreign=_foreign(words.tag, str(boot["lang"])),
                room_name=self._room.settings.name,
                name=name,
                plain=_plain_url(name, boot, is_old=is_old),
                is_old=is_old,
                code_needed=not self._room.door.is_open and member is None,
                assistant=ASSISTANT.name,
                keep_days=self._room.settings.keep_days,
                has_assistant=self._room.hub.state is not HubState.OFF,
            )
        )
        if member is not None:
            renew(response)
        return response

    def _boot(self, member: Member | None, site_id: str, chosen_lang: str, code: str) -> Json:
        """Return what the scripts read of it; what only the page says is no part of it."""
        present = member is not None and self._room.is_present(member)
        offered = self._room.settings.languages or self._offered
        return {
            "lang": self._wishes.lang(offered, chosen_lang),
            "site_id": site_id,
            "code": code,
            "member": member_json(member, present=present) if member else None,
            "languages": list(offered),
        }


def _plain_url(name: str, boot: Json, *, is_old: bool) -> str:
    """Return the address of the same page for browsers without scripts."""
    return url_for(
        "plain.show",
        name=name or None,
        lang=boot["lang"],
        site_id=boot["site_id"],
        code=boot["code"] or None,
        is_old=1 if is_old else None,
    )


def _foreign(page: str, spoken: str) -> Json | None:
    """Return both languages' own names where the page isn't in the one that somebody speaks."""
    if page.partition("-")[0] == spoken.partition("-")[0]:
        return None
    return {"page": autonym(page), "lang": autonym(spoken)}
