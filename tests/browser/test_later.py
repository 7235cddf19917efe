"""What few want is fetched when they want it; the network may be away then."""

from __future__ import annotations

from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, NO_WORKERS, PHONE, Visitor
from hivemind_chatroom.room.model import Address, Media, Reply

NO_ANSWER = "The room doesn't answer. Try again in a moment."

FETCH_AGAIN_MS = 2_000
"""When a page asks again for what it listens with; stream.js."""


def cut_off_from(visitor: Visitor, module: str) -> str:
    """Keep a module from a visitor; return what lets it through again."""
    visitor.forgive("ERR_FAILED")
    address = f"**/js/{module}.*.js"
    visitor.page.route(address, lambda route: route.abort())
    return address


def test_settings_that_do_not_come_say_so_and_come_the_next_time(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.join(open_room().url, "Ana")
    address = cut_off_from(ana, "preferences")
    button = ana.page.get_by_role("button", name="Your settings")
    settings = ana.page.locator("#preferences")

    button.click()
    expect(settings).to_contain_text(NO_ANSWER)
    ana.page.unroute(address)
    button.click()
    button.click()

    expect(settings.get_by_label("Your name")).to_have_value("Ana")
    expect(settings).not_to_contain_text(NO_ANSWER)


def test_a_search_that_does_not_come_says_so_and_comes_the_next_time(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(DESKTOP)
    ana.join(open_room().url, "Ana")
    ana.say("Hello")
    address = cut_off_from(ana, "search")

    ana.page.keyboard.press("Control+k")
    expect(ana.page.locator("#search")).to_contain_text(NO_ANSWER)
    ana.page.unroute(address)
    ana.page.keyboard.press("Escape")
    ana.page.keyboard.press("Control+k")
    ana.page.get_by_label("Find a message").fill("hello")

    expect(ana.page.locator("#search")).to_contain_text("1 message found")


def test_deleting_that_does_not_come_says_so_and_comes_the_next_time(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.join(open_room().url, "Ana")
    ana.say("Hello")
    address = cut_off_from(ana, "options")
    more = ana.line("Hello").get_by_role("button", name="Delete this message")

    more.click()
    expect(ana.line("Hello")).to_contain_text(NO_ANSWER)
    ana.page.unroute(address)
    more.click()

    expect(ana.line("Hello")).to_contain_text("Delete this for everyone?")


def test_what_a_tab_listens_with_is_asked_for_until_it_comes(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.before_each_page(NO_WORKERS)
    ana.page.clock.install()
    address = cut_off_from(ana, "source")
    ana.join(open_room().url, "Ana")

    ana.page.clock.fast_forward(FETCH_AGAIN_MS)
    expect(ana.hub_word).to_have_text("Reconnecting…")
    ana.page.unroute(address)
    ana.page.clock.fast_forward(FETCH_AGAIN_MS)

    expect(ana.hub_word).to_have_text("No assistant here")


def test_a_player_that_does_not_come_leaves_the_link(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = open_room(), arrive(PHONE)
    ana.join(room.url, "Ana")
    cut_off_from(ana, "control")

    room.room.receive(
        Reply(Address(), "", media=Media(f"{room.url}/static/tune.wav", title="A tune"))
    )

    card = ana.page.locator(".player").filter(has_text="A tune")
    expect(card.get_by_role("link", name="Open link")).to_be_visible()
