"""Lines that don't reach the room: they are kept, said to be unsent, and sent once."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE

POSTINGS = "**/api/messages"
LOST = "Failed to load resource"
"""What Chromium's console says of a request that came to nothing."""


def test_a_line_that_is_not_sent_can_be_sent_again_and_arrives_once(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.forgive(LOST)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    ana.page.route(POSTINGS, lambda route: route.abort())

    ana.say("Hello")
    expect(ana.line("Hello")).to_contain_text("Not sent.")
    ana.page.unroute(POSTINGS)
    ana.page.get_by_role("button", name="Retry").click()

    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    expect(bob.line("Hello")).to_have_count(1)
    expect(ana.page.get_by_role("button", name="Retry")).to_have_count(0)


def test_a_line_whose_answer_gets_lost_is_found_again_by_its_words(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.forgive(LOST)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    ana.page.route(POSTINGS, lose_answer)
    ana.say("Hello")

    expect(bob.line("Hello")).to_have_count(1)
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    expect(ana.lines).to_have_count(1)


def test_a_line_that_is_not_sent_can_be_deleted(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(open_room().url, "Ana")
    ana.page.route(POSTINGS, lambda route: route.abort())

    ana.say("Hello")
    ana.page.get_by_role("button", name="Delete").click()

    expect(ana.lines).to_have_count(0)


def test_a_line_that_is_not_sent_outlives_a_reload(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(open_room().url, "Ana")
    ana.page.route(POSTINGS, lambda route: route.abort())
    ana.say("Hello")
    expect(ana.line("Hello")).to_contain_text("Not sent.")

    ana.page.unroute(POSTINGS)
    ana.page.reload()
    ana.page.get_by_role("button", name="Retry").click()

    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    ana.page.reload()
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    expect(ana.lines).to_have_count(1)


def test_who_writes_too_fast_is_told_so_and_what_was_written_goes_out_in_order(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.forgive(LOST)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    slower = {"error": {"code": "too_fast", "message": "A little slower, please."}}
    ana.page.route(
        POSTINGS,
        lambda route: route.fulfill(status=429, json=slower, headers={"Retry-After": "2"}),
        times=1,
    )

    ana.say("First")
    ana.say("Second")

    expect(ana.line("First")).to_contain_text("A little slower, please. Sending in")
    expect(bob.texts).to_contain_text(["First", "Second"])
    expect(ana.page.locator(".line[data-state=sent]")).to_contain_text(["First", "Second"])


def test_too_long_a_text_is_counted_and_kept(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.join(open_room().url, "Ana")
    send = ana.page.get_by_role("button", name="Send")
    counter = ana.page.locator("#composer-counter")

    expect(send).to_be_disabled()
    ana.composer.fill("x" * 899)
    expect(counter).to_have_text("")
    ana.composer.fill("x" * 900)
    expect(counter).to_have_text("100 left")
    ana.say("🐝" * 1_001)
    expect(counter).to_have_text("Too long by 1 letter")
    expect(send).to_be_disabled()
    expect(ana.lines).to_have_count(0)
    ana.say("🐝" * 1_000)

    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(1)
    expect(ana.composer).to_have_value("")
