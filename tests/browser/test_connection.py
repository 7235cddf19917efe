"""The stream breaks and comes back, the room is started anew: nothing missing, nothing double."""

from __future__ import annotations

from playwright.sync_api import expect

from browser.conftest import LAN_NAME, Arrive, OpenRoom, Wire, port_of, streams_of
from browser.visitor import DESKTOP, PHONE
from hivemind_chatroom.settings import MEMORY

LOST = "Failed to load resource"
"""What Chromium's console says of a request that came to nothing."""


def test_a_page_on_plain_http_needs_nothing_that_is_locked_there(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    url = room.url.replace("127.0.0.1", LAN_NAME)
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(url, "Ana")
    bob.join(url, "Bob")
    tab = ana.open_tab(ana.page.url)

    ana.say("Hello")

    for visitor in (bob, tab):
        expect(visitor.line("Hello")).to_be_visible()
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    assert streams_of(room) == len((ana, bob))
    assert ana.page.evaluate("window.isSecureContext") is False


def test_what_was_said_while_a_page_was_cut_off_is_there_once_and_in_order(
    open_room: OpenRoom, arrive: Arrive, wire: Wire
) -> None:
    room = open_room()
    network = wire(room)
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.forgive(LOST)
    ana.join(f"http://127.0.0.1:{network.port}", "Ana")
    bob.join(room.url, "Bob")
    bob.say("Before")
    expect(ana.line("Before")).to_be_visible()

    network.is_black_hole = True
    network.cut()
    expect(ana.page.get_by_text("Connection lost")).to_be_visible()
    expect(ana.hub_word).to_have_text("Reconnecting…")
    said = ["Before", *(f"Meanwhile {number}" for number in range(5))]
    for text in said[1:]:
        bob.say(text)
    expect(bob.texts).to_have_text(said)
    network.is_black_hole = False
    network.cut()

    expect(ana.texts).to_have_text(said)
    expect(ana.page.get_by_text("Connection lost")).to_be_hidden()


def test_a_room_that_was_started_again_goes_on_where_it_was(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    first = open_room()
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(first.url, "Ana")
    ana.say("Hello")
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    port = port_of(first)

    first.stop()
    expect(ana.page.get_by_text("Connection lost")).to_be_visible()
    open_room(port=port)

    expect(ana.page.get_by_text("Connection lost")).to_be_hidden(timeout=15_000)
    ana.say("Here again")
    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(2)
    expect(ana.texts).to_have_text(["Hello", "Here again"])


def test_a_room_that_kept_nothing_lets_everybody_in_again(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    first = open_room(database=MEMORY)
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(first.url, "Ana")
    ana.say("Hello")
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    port = port_of(first)

    first.stop()
    expect(ana.page.get_by_text("Connection lost")).to_be_visible()
    open_room(database=MEMORY, port=port)

    expect(ana.door.get_by_label("Your name")).to_be_visible(timeout=15_000)
    expect(ana.door.get_by_label("Your name")).to_have_value("Ana")
    ana.page.get_by_role("button", name="Join").click()
    ana.say("Here again")
    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(1)
