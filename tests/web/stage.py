"""A room with its app, and the hub's part played by the test."""

from __future__ import annotations

import functools

from flask import Flask

from fakes import FakeClock, FakeStreams
from hivemind_chatroom.room.model import Address, HubState, HubStatus, Member, Message, Reply
from hivemind_chatroom.room.operating import SeenRooms
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.memory import MemoryStore
from hivemind_chatroom.web.app import WebSettings, create_app, page_assets
from hivemind_chatroom.web.assets import Assets
from hivemind_chatroom.web.catalogues import FOLDER, Catalogues
from hivemind_chatroom.web.languages import KnownLanguages
from web.browser import Browser

HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "ana-pc", "192.168.1.23", "fd00::23"})
"""What the room is called; the last is its computer's address."""

CODE = "482193"

ROOM_ID = "0a1b2c3d"


@functools.cache
def assets() -> Assets:
    """Read the page's files once for all stages: it takes longer than all else that they need."""
    return page_assets(Catalogues(FOLDER, KnownLanguages()))


class Stage:
    """Everything that a test of the web side needs."""

    def __init__(self, clock: FakeClock, settings: RoomSettings, *, rate_limit: bool) -> None:
        self.clock = clock
        self.store = MemoryStore(clock)
        known = KnownLanguages()
        self.room = Room(settings, self.store, clock, known)
        self.streams = FakeStreams(self.store.last_id())
        self.rooms = SeenRooms()
        """The other rooms of the LAN."""
        web = WebSettings(
            lambda: HOSTS, ROOM_ID, lambda: self.rooms, rate_limit=rate_limit, assets=assets()
        )
        self.app: Flask = create_app(self.room, self.streams, known, clock, web)
        self.room.hub_is(HubStatus(HubState.CONNECTED, clock.now()))

    def browser(self) -> Browser:
        """Open another browser."""
        return Browser(self.app)

    def script(self) -> Browser:
        """Return a program that is no browser: it has no origin."""
        return Browser(self.app, origin=None)

    def member(self, browser: Browser) -> Member:
        """Return the room's own value of a browser's member."""
        member = self.room.member_by_key(browser.cookie() or "")
        assert member is not None
        return member

    def send_to_hub(self) -> Address:
        """Take what waits to the hub; return the address of the last."""
        address = Address()
        for utterance in self.room.utterances.waiting():
            self.room.utterances.sending(utterance)
            self.room.utterances.sent(utterance)
            address = Address(corr=utterance.corr)
        return address

    def answer(self, text: str) -> Message:
        """Let the assistant answer what was asked last."""
        return self.room.receive(Reply(self.send_to_hub(), text))
