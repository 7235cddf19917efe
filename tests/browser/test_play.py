"""Something to play: a card with what is known of it, a player that waits, and a way out."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, Visitor
from hivemind_chatroom.room.model import Address, Media, Reply

NOT_PLAYED: Final = "This can't be played here."


def test_something_without_an_artist_has_its_title_and_plays_for_nobody_unasked(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    people = [arrive(PHONE), arrive(DESKTOP)]
    for visitor, name in zip(people, ("Ana", "Bob"), strict=True):
        visitor.join(room.url, name)

    room.room.receive(
        Reply(Address(), "", media=Media(f"{room.url}/static/tune.wav", title="A tune"))
    )

    for visitor in people:
        card = _card(visitor, "A tune")
        expect(card.locator(".player-title")).to_have_text("A tune")
        expect(card.locator(".player-artist")).to_be_empty()
        expect(card.locator("audio")).to_have_js_property("paused", value=True)
        expect(card.locator("audio")).to_have_js_property("preload", "none")
        expect(card.locator("audio")).to_have_js_property("networkState", 1)


def test_what_cannot_be_played_can_be_opened(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.forgive("Failed to load resource")
    ana.join(room.url, "Ana")
    uri = f"{room.url}/nothing.ogg"
    room.room.receive(Reply(Address(), "", media=Media(uri, title="Nothing")))

    _card(ana, "Nothing").locator("audio").evaluate("player => void player.play().catch(() => {})")

    expect(_card(ana, "Nothing")).to_contain_text(NOT_PLAYED)
    link = _card(ana, "Nothing").get_by_role("link", name="Open link")
    expect(link).to_have_attribute("href", uri)


def test_one_thing_plays_at_a_time(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = open_room(), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    for title in ("One", "Two"):
        room.room.receive(
            Reply(Address(), "", media=Media(f"{room.url}/static/tune.wav", title=title))
        )

    players = [_card(ana, title).locator("audio") for title in ("One", "Two")]
    for player in players:
        player.evaluate("player => { player.muted = player.loop = true; return player.play(); }")

    expect(players[0]).to_have_js_property("paused", value=True)
    expect(players[1]).to_have_js_property("paused", value=False)


def _card(visitor: Visitor, title: str) -> Locator:
    return visitor.page.locator(".player").filter(has_text=title)
