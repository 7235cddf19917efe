"""Unsent lines in the browser's storage: one tab sends each, and no storage is no trouble."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, LOST, PHONE, POSTINGS

NO_STORAGE = """
  Object.defineProperty(globalThis, "localStorage", {
    get() { throw new DOMException("Denied", "SecurityError"); },
  });
"""
"""A browser that was told to keep no site's data."""


def test_what_a_closed_tab_has_not_sent_another_sends_once(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.forgive(LOST)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    other = ana.open_tab(ana.page.url)
    expect(other.composer).to_be_visible()
    ana.say_in_vain("Hello")
    expect(other.lines).to_have_count(0)

    ana.page.close()

    expect(other.line("Hello")).to_have_attribute("data-state", "sent")
    expect(bob.line("Hello")).to_have_count(1)


def test_two_tabs_never_send_the_same_line(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(open_room().url, "Ana")
    ana.say_in_vain("Hello")
    address = ana.page.url
    ana.open("about:blank")
    on_their_way: list[Route] = []

    def hold(posting: Route) -> None:
        on_their_way.append(posting)

    one = ana.open_tab("about:blank")
    one.page.route(POSTINGS, hold)
    one.open(address)
    expect(one.line("Hello")).to_have_attribute("data-state", "sending")
    other = ana.open_tab(address)

    # Lines go out in order: had the other tab taken the first one too, it would send that before.
    other.say("World")
    expect(other.line("World")).to_have_attribute("data-state", "sent")
    expect(other.line("Hello")).to_have_count(0)
    (posting,) = on_their_way
    posting.continue_()

    for tab in (one, other):
        expect(tab.texts).to_have_text(["World", "Hello"])


def test_a_browser_that_keeps_nothing_sends_all_the_same(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.before_each_page(NO_STORAGE)
    ana.join(open_room().url, "Ana")

    for text in ("First", "Second"):
        ana.say(text)

    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(2)
    expect(ana.texts).to_have_text(["First", "Second"])


def test_what_others_keep_in_the_browser_keeps_no_line_back(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(open_room().url, "Ana")
    ana.say_in_vain("Hello")
    ana.page.evaluate(
        "localStorage.setItem(Object.keys(localStorage).find((key) => key.startsWith('unsent '))"
        ".replace(/[^ ]+$/, 'other'), '{}')"
    )

    ana.page.unroute(POSTINGS)
    ana.page.reload()

    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
