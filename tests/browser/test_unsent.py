"""Lines that don't reach the room: they are kept, said to be unsent, and sent once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest
from playwright.sync_api import Error, Route, expect

from browser.conftest import Arrive, OpenRoom, Wire, port_of
from browser.visitor import DESKTOP, LOST, PHONE, POSTINGS
from hivemind_chatroom.errors import StorageFullError
from hivemind_chatroom.room.model import HubState, HubStatus
from hivemind_chatroom.room.room import Room

GIVEN_UP_MS = 30_000
"""Beyond the 15 s after which the page gives up a request that the network has swallowed."""

SEND_AGAIN_MS = 5_000
ASKED_LATE_MAX_MS = 120_000
"""How soon a line is tried again, and for how long one that is asked; pending.js."""


def test_a_line_that_is_not_sent_goes_out_by_itself_and_arrives_once(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.forgive(LOST)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")

    ana.say_in_vain("Hello")
    expect(ana.line("Hello")).to_contain_text("It will go out by itself.")
    expect(ana.line("Hello").get_by_role("button", name="Retry")).to_be_hidden()
    with ana.page.expect_event("requestfailed", lambda request: "/messages" in request.url):
        pass  # it was tried again
    expect(ana.line("Hello")).to_contain_text("Not sent yet.")
    ana.page.unroute(POSTINGS)

    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    expect(bob.line("Hello")).to_have_count(1)
    expect(ana.page.locator(".outcome").locator("visible=true")).to_have_count(0)


def test_a_question_that_grows_old_waits_for_a_word_and_what_is_for_people_never_does(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    room.room.hub_is(HubStatus(HubState.CONNECTED, datetime.now(UTC)))
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.page.clock.install()
    ana.join(room.url, "Ana")
    ana.say_in_vain("Turn on the oven")
    ana.say("Dinner is ready", to="Only people")
    question, word = ana.line("Turn on the oven"), ana.line("Dinner is ready")

    ana.page.clock.run_for(ASKED_LATE_MAX_MS)

    expect(question).to_contain_text("Not sent. It has waited too long to go out by itself.")
    expect(word).to_contain_text("Not sent yet. It will go out by itself.")
    ana.page.unroute(POSTINGS)
    ana.page.clock.run_for(SEND_AGAIN_MS)
    expect(word).to_have_attribute("data-state", "sent")
    expect(question).to_have_attribute("data-state", "failed")
    question.get_by_role("button", name="Retry").click()
    expect(question).to_have_attribute("data-state", "sent")


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


def test_a_line_that_is_not_sent_outlives_a_reload_and_goes_out_by_itself(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(open_room().url, "Ana")
    ana.say_in_vain("Hello")

    ana.page.unroute(POSTINGS)
    ana.page.reload()

    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    ana.page.reload()
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    expect(ana.lines).to_have_count(1)


def test_what_was_written_while_the_room_was_away_is_sent_once_when_it_is_back(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    first = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    for visitor, name in ((ana, "Ana"), (bob, "Bob")):
        visitor.forgive(LOST)
        visitor.join(first.url, name)
    ana.listen()
    first.stop()
    expect(ana.page.get_by_text("The host closed the room.")).to_be_visible()
    for text in ("First", "Second"):
        ana.say(text)
        expect(ana.line(text)).to_contain_text("Not sent yet.")
    address = ana.page.url
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        ana.page.reload()
    ana.page.wait_for_url("chrome-error://**")

    open_room(port=port_of(first))
    ana.open(address)

    for visitor in (ana, bob):
        expect(visitor.texts).to_have_text(["First", "Second"], timeout=15_000)
    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(2)


def test_the_keyboard_stays_at_a_line_that_waits_for_the_room(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(room.url, "Ana")
    ana.listen()
    room.stop()
    expect(ana.page.get_by_text("The host closed the room.")).to_be_visible()
    ana.say("Hello")
    expect(ana.line("Hello")).to_contain_text("Not sent yet.")
    delete = ana.line("Hello").get_by_role("button", name="Delete", exact=True)
    delete.focus()
    button = delete.element_handle()
    assert button is not None

    for _ in range(2):
        with ana.page.expect_event("requestfailed", lambda request: "/api/me" in request.url):
            pass

    assert button.evaluate("button => button === document.activeElement")


def test_what_was_written_offline_goes_out_when_the_network_is_back(
    open_room: OpenRoom, arrive: Arrive, wire: Wire
) -> None:
    room = open_room()
    network = wire(room)
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.forgive(LOST)
    ana.join(f"http://127.0.0.1:{network.port}", "Ana")
    bob.join(room.url, "Bob")
    network.is_black_hole = True
    network.cut()
    expect(ana.page.get_by_text("Connection lost")).to_be_visible()
    ana.say("Hello")
    network.cut()
    expect(ana.line("Hello")).to_contain_text("Not sent yet.", timeout=GIVEN_UP_MS)

    network.is_black_hole = False
    network.cut()

    expect(ana.line("Hello")).to_have_attribute("data-state", "sent", timeout=GIVEN_UP_MS)
    expect(bob.line("Hello")).to_have_count(1)


def test_a_line_that_the_network_swallowed_goes_out_though_the_network_is_back_sooner(
    open_room: OpenRoom, arrive: Arrive, wire: Wire
) -> None:
    network = wire(open_room())
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(f"http://127.0.0.1:{network.port}", "Ana")
    expect(ana.hub_word).to_have_text("No assistant here")
    swallowed: list[Route] = []

    def swallow(posting: Route) -> None:
        swallowed.append(posting)

    ana.page.route(POSTINGS, swallow, times=1)
    ana.say("Hello")
    network.is_black_hole = True
    network.cut()
    expect(ana.page.get_by_text("Connection lost")).to_be_visible()
    network.is_black_hole = False
    network.cut()
    expect(ana.page.get_by_text("Connection lost")).to_be_hidden()
    expect(ana.line("Hello")).to_have_attribute("data-state", "sending")

    (posting,) = swallowed
    posting.abort()

    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")


def test_a_question_that_would_come_too_late_waits_for_a_word(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(open_room().url, "Ana")
    ana.say_in_vain("Turn on the oven")
    ana.page.unroute(POSTINGS)
    ana.page.clock.install(time=datetime.now(UTC) + timedelta(minutes=20))

    ana.page.reload()

    expect(ana.line("Turn on the oven")).to_contain_text("It has waited too long")
    ana.page.get_by_role("button", name="Retry").click()
    expect(ana.line("Turn on the oven")).to_have_attribute("data-state", "sent")


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


def test_a_room_whose_disk_is_full_says_so_and_keeps_the_line(
    open_room: OpenRoom, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(room.url, "Ana")

    def full(*_: object) -> NoReturn:
        raise StorageFullError("The room's memory is full. Nothing was sent; try again later.")

    with monkeypatch.context() as disk:
        disk.setattr(Room, "post", full)
        ana.say("Hello")
        expect(ana.line("Hello")).to_contain_text("Not sent. The room's memory is full.")
    ana.page.get_by_role("button", name="Retry").click()

    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")


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
