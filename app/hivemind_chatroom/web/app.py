"""The app: every part of the web side, put together for one room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from hivemind_chatroom.room.limits import ADDRESS_RATE, TokenBuckets
from hivemind_chatroom.room.operating import SeenRooms
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.web import compression, errors
from hivemind_chatroom.web.about import About
from hivemind_chatroom.web.api import Api
from hivemind_chatroom.web.assets import Assets
from hivemind_chatroom.web.catalogues import FOLDER, Catalogues
from hivemind_chatroom.web.classic import Classic
from hivemind_chatroom.web.events import Broadcast, Events, Streams
from hivemind_chatroom.web.invitations import Invitations
from hivemind_chatroom.web.languages import KnownLanguages
from hivemind_chatroom.web.lean import LeanFlask
from hivemind_chatroom.web.markdown import Markdown
from hivemind_chatroom.web.pages import Pages
from hivemind_chatroom.web.plain import Plain
from hivemind_chatroom.web.security import Guard, Hosts
from hivemind_chatroom.web.serialize import Typesetting
from hivemind_chatroom.web.visitors import Visitors
from hivemind_chatroom.web.wishes import Wishes

OFFERED_LANGUAGES = ("en", "pt-PT", "pt-BR", "fr", "de", "es", "ca", "gl", "it", "nl", "da", "ar")
"""What the page offers: those that OVOS skills are best translated into, and one from the right.
Their own names are in languages.js."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What the web side must be told."""

    hosts: Hosts
    """Asked at each request, as addresses change."""
    room_id: str
    """Tells this room from others of the same name."""
    rooms: Callable[[], SeenRooms] = SeenRooms
    """Returns the other rooms of the LAN; quick."""
    rate_limit: bool = True
    """Whether one address may only ask so fast."""
    on_visit: Callable[[str], None] = lambda _address: None
    """Called with the address of each request; returns at once."""
    languages: tuple[str, ...] = OFFERED_LANGUAGES
    """BCP-47 tags; those that the room's own settings name come before."""
    assets: Assets | None = None
    """The page's files, where another app of this process has read them; None reads them."""


def create_app(
    room: Room, streams: Streams, known: KnownLanguages, clock: Clock, settings: WebSettings
) -> Flask:
    """Return the WSGI app through which visitors use `room`.

    Nothing that changes is shared between two apps: a process may have several.

    Args:
        room: The room; the app listens to its feed from now on.
        streams: Where its event streams are.
        known: What is known of languages.
        clock: By which requests are counted.
        settings: The rest.
    """
    app = LeanFlask(__name__, static_folder=None)
    app.url_map.merge_slashes = False  # an address has one spelling, and // is none of ours
    compression.install(app)
    visitors = Visitors(room)
    typesetting = Typesetting(known.direction, Markdown().html)
    catalogues = Catalogues(FOLDER, known)
    assets = settings.assets or page_assets(catalogues)

    wishes = Wishes(visitors, known, catalogues, room.settings.lang)
    errors.install(app, room, wishes)
    addresses = TokenBuckets(ADDRESS_RATE if settings.rate_limit else None, clock)
    Guard(settings.hosts, addresses, settings.on_visit).install(app)
    assets.install(app)
    pages = Pages(room, visitors, wishes, settings.languages)
    for part in (
        pages,
        Invitations(room, pages, visitors),
        Plain(room, visitors, wishes, typesetting, settings.languages),
        Classic(room, visitors),
        Api(room, visitors, typesetting),
        Events(room, visitors, streams, typesetting),
        About(room, settings.room_id, settings.rooms),
    ):
        app.register_blueprint(part.blueprint())
    room.feed.listen(Broadcast(streams, typesetting, room.history).tell)
    return app


def page_assets(catalogues: Catalogues) -> Assets:
    """Read the page's files, and join its scripts with the words of every language."""
    return Assets(Path(__file__).parent / "static", catalogues.script_words)
