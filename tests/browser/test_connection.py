"""The stream breaks and comes back, the room is started anew: nothing missing, nothing double."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from playwright.sync_api import Route, expect

from browser.conftest import LAN_NAME, Arrive, OpenRoom, Wire, port_of, streams_of
from browser.visitor import DESKTOP, LOST, NO_WORKERS, PHONE
from hivemind_chatroom.room.model import Address, Reply
from hivemind_chatroom.settings import MEMORY

"""The page listens for itself, where a test sees it."""

CLOSED = "The host closed the room. It will reopen here by itself."

LOST_BY_ROOM = "You are no longer in the room."

START_OVER_MIN_MS = 1_000
"""How long a page waits at least between two readings of the log; room.js."""

NOTE_READINGS = """
  globalThis.readings = [];
  const fetched = globalThis.fetch;
  globalThis.fetch = (address, ...rest) => {
    if (address === "/api/members") readings.push(performance.now());
    return fetched(address, ...rest);
  };
"""
"""Has a page remember when, by its own clock, it began to read what is there."""


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


def test_who_was_offline_finds_what_was_said_meanwhile_and_says_what_they_wrote(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.forgive(LOST)
    ana.before_each_page(NO_WORKERS)  # as on Android; in Chromium, workers stay online in this
    ana.page.clock.install()
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    bob.say("Before")
    expect(ana.line("Before")).to_be_visible()

    with ana.page.expect_event("requestfailed", lambda request: "/api/me" in request.url):
        ana.page.context.set_offline(True)
    ana.page.clock.run_for(5_000)
    expect(ana.page.get_by_text("Connection lost")).to_be_visible()
    said = [f"Meanwhile {number}" for number in range(5)]
    for text in said:
        bob.say(text)
    ana.say("Written offline")
    expect(ana.line("Written offline")).to_contain_text("Not sent yet.")
    ana.page.clock.run_for(35_000)
    expect(bob.texts).to_have_text(["Before", *said])
    expect(ana.texts).to_have_text(["Before", "Written offline"])
    ana.page.context.set_offline(False)
    ana.page.clock.run_for(5_000)

    expect(ana.texts).to_have_text(["Before", *said, "Written offline"])
    expect(ana.line("Meanwhile 0")).to_contain_text("Back. 5 new messages")
    expect(ana.line("Written offline")).to_have_attribute("data-state", "sent")
    expect(bob.texts).to_have_text(["Before", *said, "Written offline"])


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
    ana.listen()

    first.stop()
    expect(ana.page.get_by_text(CLOSED)).to_be_visible()
    expect(ana.page.get_by_text("Connection lost")).to_be_hidden()
    open_room(port=port)

    expect(ana.page.get_by_text(CLOSED)).to_be_hidden(timeout=15_000)
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
    ana.listen()

    first.stop()
    expect(ana.page.get_by_text(CLOSED)).to_be_visible()
    open_room(database=MEMORY, port=port)

    expect(ana.door.get_by_label("Your name")).to_be_visible(timeout=15_000)
    expect(ana.door.get_by_role("alert").filter(has_text=LOST_BY_ROOM)).to_be_visible()
    expect(ana.door.get_by_label("Your name")).to_have_value("Ana")
    ana.page.get_by_role("button", name="Join").click()
    ana.say("Here again")
    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(1)


def test_a_room_that_has_forgotten_all_that_was_said_is_listened_to(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.before_each_page(NO_WORKERS)
    ana.join(room.url, "Ana")
    ana.say("Hello")
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    ana.open("about:blank")
    room._opening.store.purge(sent_before=datetime.now(UTC) + timedelta(days=1), most=0)  # noqa: SLF001

    with ana.page.expect_request("**/api/events?after=1&*"):
        ana.open(room.url)

    ana.say("Here again")
    expect(ana.texts).to_have_text(["Here again"])


def test_a_clock_that_was_set_back_lets_nobody_trust_a_dead_stream(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.before_each_page(NO_WORKERS)
    ana.page.clock.install()
    ana.join(open_room().url, "Ana")
    expect(ana.hub_word).to_have_text("No assistant here")

    ana.page.clock.set_system_time(datetime.now(UTC) - timedelta(hours=1))
    with ana.page.expect_request("**/api/events?*"):
        ana.page.evaluate("window.dispatchEvent(new Event('online'))")


def test_a_page_that_is_always_told_to_start_over_keeps_nobody_busy(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.before_each_page(NO_WORKERS)
    ana.page.route(
        "**/api/events?*",
        lambda route: route.fulfill(
            content_type="text/event-stream", body='event: reset\ndata: {"newest": 0}\n\n'
        ),
    )
    ana.before_each_page(NOTE_READINGS)
    ana.join(open_room().url, "Ana")

    ana.page.wait_for_function("() => readings.length >= 4")
    _, *later = ana.page.evaluate("readings")  # the first time it starts over at once

    pauses = [after - before for before, after in pairwise(later)]
    assert min(pauses) >= START_OVER_MIN_MS - 1  # timers know whole milliseconds


def test_who_leaves_while_the_log_is_read_is_not_listened_for(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    room.room.receive(Reply(Address(), "Good morning"))
    ana = arrive(PHONE)
    ana.before_each_page(NO_WORKERS)
    readings: list[Route] = []
    leavings: list[Route] = []
    ana.page.route("**/api/messages?*", lambda route: readings.append(route))  # noqa: PLW0108 - it is asked for its arguments
    ana.page.route(
        "**/api/me",
        lambda route: (
            leavings.append(route) if route.request.method == "DELETE" else route.fallback()
        ),
    )
    streams = ana.requests("/api/events")
    with ana.page.expect_request("**/api/messages?*"):
        ana.join(room.url, "Ana")

    ana.page.get_by_role("button", name="Your settings").click()
    ana.page.get_by_text("Forget me on this device").click()
    with ana.page.expect_request(lambda request: request.method == "DELETE"):
        ana.page.get_by_role("button", name="Forget me").click()
    readings[0].continue_()
    expect(ana.line("Good morning")).to_be_visible()
    ana.page.evaluate("0")  # what follows the reading has followed

    assert streams == []
    leavings[0].continue_()
    expect(ana.door.get_by_label("Your name")).to_be_visible()
