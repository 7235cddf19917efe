"""Finding what was said: by its words, with who said it and when, and in its place in the talk."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, Visitor
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.room.model import Address, HubState, HubStatus, Reply
from hivemind_chatroom.settings import MEMORY

FOUND_AT_ONCE = 30
"""Messages that a search shows before somebody asks for more; search.js."""


def test_what_was_said_long_ago_is_found_and_shown_among_its_neighbours(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(database=MEMORY)
    _announce(room, *(f"Number {number}" for number in range(40)), "The key is under the mat")
    _announce(room, *(f"Later {number}" for number in range(400)))
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.texts).to_have_count(100)

    _search(ana).fill("MAT key")
    found = _found(ana)
    expect(found).to_have_count(1)
    expect(found).to_contain_text("HiveMind")
    expect(ana.page.get_by_text("1 message found")).to_be_visible()
    found.click()

    line = ana.line("The key is under the mat")
    expect(line).to_be_in_viewport(ratio=1)
    expect(line).to_be_focused()
    expect(_search(ana, is_open=False)).to_be_hidden()
    expect(ana.line("Number 39")).to_be_in_viewport()
    expect(ana.line("Later 0")).to_be_in_viewport()

    ana.page.get_by_role("button", name="To the newest message").click()
    expect(ana.line("Later 399")).to_be_in_viewport(ratio=1)


def test_what_came_while_an_old_part_is_shown_is_there_on_return(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(database=MEMORY)
    _announce(room, "The first word", *(f"Number {number}" for number in range(300)))
    ana = arrive(DESKTOP)
    ana.join(room.url, "Ana")
    _search(ana).fill("first word")
    _found(ana).click()
    expect(ana.line("The first word")).to_be_in_viewport()

    _announce(room, "Dinner is ready")
    ana.page.get_by_role("button", name="1 new message").click()

    expect(ana.line("Dinner is ready")).to_be_in_viewport(ratio=1)
    expect(ana.texts).to_have_count(100)


def test_what_is_on_the_page_is_shown_where_it_is(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    _announce(room, "Good morning", *(f"Number {number}" for number in range(60)))
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.texts).to_have_count(61)
    line = ana.line("Good morning").element_handle()

    _search(ana).fill("morning")
    _found(ana).click()

    expect(ana.line("Good morning")).to_be_in_viewport(ratio=1)
    assert line is not None
    assert line.evaluate("line => line.isConnected")


def test_a_search_says_when_it_finds_nothing_and_when_the_room_is_away(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.forgive("Failed to load resource")
    ana.join(open_room().url, "Ana")
    result = ana.page.locator("#search [role=status]")

    _search(ana).fill("unicorn")
    expect(result).to_have_text("Nothing found.")
    ana.page.route("**/api/messages?*", lambda route: route.abort(), times=1)
    _search(ana).fill("unicorns")
    expect(result).to_have_text("The room doesn't answer. Try again in a moment.")
    _search(ana).fill("")
    expect(result).to_be_hidden()


def test_older_ones_are_a_button_away(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    _announce(room, *(f"Tea {number}" for number in range(FOUND_AT_ONCE + 5)))
    ana = arrive(DESKTOP)
    ana.join(room.url, "Ana")

    _search(ana).fill("tea")
    expect(_found(ana)).to_have_count(FOUND_AT_ONCE)
    expect(_found(ana).first).to_contain_text(f"Tea {FOUND_AT_ONCE + 4}")
    older = ana.page.get_by_role("button", name="Show older ones")
    older.click()

    expect(_found(ana)).to_have_count(FOUND_AT_ONCE + 5)
    expect(_found(ana).last).to_contain_text("Tea 0")
    expect(older).to_be_hidden()


def test_who_taps_twice_for_older_ones_gets_them_once(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    _announce(room, *(f"Tea {number}" for number in range(FOUND_AT_ONCE + 5)))
    ana = arrive(DESKTOP)
    ana.join(room.url, "Ana")
    _search(ana).fill("tea")
    expect(_found(ana)).to_have_count(FOUND_AT_ONCE)
    ana.page.evaluate(_COUNT_READINGS)

    ana.page.evaluate(
        "const older = document.querySelector('.older'); older.click(); older.click()"
    )

    ana.page.wait_for_function("() => readings === 2")
    expect(_found(ana)).to_have_count(FOUND_AT_ONCE + 5)


def test_older_ones_that_did_not_come_can_be_asked_for_again(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, *(f"Tea {number}" for number in range(FOUND_AT_ONCE + 5)))
    ana = arrive(DESKTOP)
    ana.forgive("Failed to load resource")
    ana.join(room.url, "Ana")
    _search(ana).fill("tea")
    older = ana.page.get_by_role("button", name="Show older ones")
    expect(older).to_be_visible()
    ana.page.route("**/api/messages?*", lambda route: route.abort(), times=1)

    older.click()
    expect(ana.page.locator("#search [role=status]")).to_contain_text("Try again")
    older.click()

    expect(_found(ana)).to_have_count(FOUND_AT_ONCE + 5)


def test_an_answer_that_is_found_says_whose_it_is(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    room.room.hub_is(HubStatus(HubState.CONNECTED, room.room.hub.since))
    expect(ana.hub_word).to_have_text("Connected")
    ana.say("When is tea?")
    expect(ana.line("When is tea?")).to_have_attribute("data-state", "sent")
    (question,) = room.room.utterances.waiting()
    assert room.room.utterances.sending(question)
    room.room.utterances.sent(question)
    room.room.receive(Reply(Address(corr=question.corr), "Tea is at five"))

    _search(ana).fill("tea")

    expect(_found(ana).locator(".found-names")).to_have_text(
        [re.compile("HiveMind →to Ana"), "Ana"]
    )
    expect(_found(ana).first.locator(".arrow")).to_be_visible()


def test_what_only_another_may_see_is_not_found(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    room.room.hub_is(HubStatus(HubState.CONNECTED, room.room.hub.since))
    expect(ana.hub_word).to_have_text("Connected")
    ana.say("A secret question", to="Only me")
    ana.say("A secret present", to="Only people")
    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(2)

    _search(bob).fill("secret")

    expect(_found(bob)).to_have_count(1)
    expect(_found(bob)).to_contain_text("A secret present")


def _search(visitor: Visitor, *, is_open: bool = True) -> Locator:
    field = visitor.page.get_by_label("Find a message")
    if is_open and not field.is_visible():
        visitor.page.keyboard.press("Control+K")
        expect(field).to_be_focused()
    return field


def _found(visitor: Visitor) -> Locator:
    return visitor.page.locator("#search li button")


def _announce(room: Chatroom, *texts: str) -> None:
    for text in texts:
        room.room.receive(Reply(Address(), text))


_COUNT_READINGS = """() => {
  globalThis.readings = 0;
  const { json } = Response.prototype;
  Response.prototype.json = async function () {
    const body = await json.call(this);
    setTimeout(() => { readings += 1; });
    return body;
  };
}"""
"""Of answers that the page has made something of."""
