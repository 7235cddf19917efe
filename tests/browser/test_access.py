"""Everybody can use it: with a keyboard, with large text, on a small screen."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, SMALL_PHONE, Visitor
from hivemind_chatroom.settings import Settings

TARGET_MIN = 44
"""CSS pixels that a finger needs, each way."""

INPUT_TEXT_MIN = 16
"""CSS pixels; iOS zooms into fields with smaller letters."""


def test_a_keyboard_is_enough(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.open(open_room().url)
    expect(ana.door.get_by_label("Your name")).to_be_focused()
    keys = ana.page.keyboard

    keys.type("Ana")
    keys.press("Enter")
    people = ana.page.get_by_role("button", name="1 person here")
    people.focus()
    keys.press("Enter")
    expect(people).to_have_attribute("aria-expanded", "true")
    expect(ana.page.get_by_role("heading", name="People")).to_be_visible()
    keys.press("Escape")
    expect(ana.page.get_by_role("heading", name="People")).to_be_hidden()

    keys.press("Tab")
    expect(ana.page.get_by_role("button", name="Search")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(ana.page.locator("#preferences").get_by_label("Your name")).to_have_value("Ana")
    keys.press("Tab")
    expect(ana.page.locator("#preferences").get_by_label("Your name")).to_be_focused()
    keys.press("Escape")
    expect(ana.page.get_by_role("button", name="Your settings")).to_be_focused()

    ana.composer.focus()
    keys.type("One")
    keys.press("Shift+Enter")
    keys.type("two")
    keys.press("Enter")
    expect(ana.texts).to_have_text("One\ntwo", use_inner_text=True)


def test_a_keyboard_is_enough_to_speak_otherwise_and_to_leave(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana = arrive(DESKTOP)
    ana.join(room.url, "Ana")
    keys = ana.page.keyboard
    settings = ana.page.locator("#preferences-button")

    settings.press("Enter")
    expect(ana.page.locator("#preferences").get_by_label("Your name")).to_have_value("Ana")
    for _ in range(3):
        keys.press("Tab")
    expect(ana.page.locator("#preferences-lang")).to_be_focused()
    keys.type("Deu")
    keys.press("Tab")
    expect(ana.page.locator("html[lang=de]")).to_be_attached()

    settings.press("Enter")
    forget = ana.page.get_by_text("Mich auf diesem Gerät vergessen")
    expect(forget).to_be_visible()
    while not forget.evaluate("summary => summary === document.activeElement"):
        keys.press("Tab")
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Enter")

    expect(ana.door.locator("[name=name]")).to_be_focused()
    assert room.room.members() == []


def test_a_tap_elsewhere_closes_a_panel(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.join(open_room().url, "Ana")

    ana.page.get_by_role("button", name="Your settings").click()
    expect(ana.page.get_by_role("heading", name="You are Ana")).to_be_visible()
    ana.composer.click()

    expect(ana.page.get_by_role("heading", name="You are Ana")).to_be_hidden()


def test_a_key_leads_from_region_to_region(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(DESKTOP)
    ana.join(open_room().url, "Ana")
    keys = ana.page.keyboard
    regions = [
        ana.composer,
        ana.page.get_by_role("button", name="Search"),
        ana.page.locator("#people"),
        ana.page.get_by_role("region", name="Conversation"),
    ]
    expect(ana.composer).to_be_focused()

    for region in [*regions[1:], regions[0]]:
        keys.press("F6")
        expect(region).to_be_focused()
    for region in reversed(regions):
        keys.press("Shift+F6")
        expect(region).to_be_focused()


def test_a_key_leads_into_a_region_from_nowhere(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(DESKTOP)
    ana.join(open_room().url, "Ana")
    ana.composer.evaluate("field => field.blur()")

    ana.page.keyboard.press("F6")

    expect(ana.page.get_by_role("button", name="Search")).to_be_focused()


def test_who_may_not_write_keeps_the_keyboard_and_goes_round_the_other_regions(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana = arrive(DESKTOP)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("No assistant here")
    expect(ana.composer).to_be_focused()
    ((member, _),) = room.room.members()

    room.room.moderation.mute(member.id, None)

    alert = ana.page.locator("#composer").get_by_role("alert")
    expect(alert).to_contain_text("You can read, not write")
    conversation = ana.page.get_by_role("region", name="Conversation")
    expect(conversation).to_be_focused()
    words = alert.evaluate_handle("alert => alert.firstChild")
    for region in (
        ana.page.get_by_role("button", name="Search"),
        ana.page.locator("#people"),
        conversation,
    ):
        ana.page.keyboard.press("F6")
        expect(region).to_be_focused()
    room.room.change_settings(replace(room.room.settings, name="Kitchen"))
    expect(ana.page.get_by_role("heading", name="Kitchen")).to_be_visible()
    assert words.evaluate("words => words.isConnected"), "it would be heard once more"


def test_a_key_opens_the_search(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(DESKTOP)
    ana.join(open_room().url, "Ana")

    for close in ("Escape", "Control+k"):
        ana.page.keyboard.press("Control+k")
        expect(ana.page.get_by_label("Find a message")).to_be_focused()
        ana.page.keyboard.press(close)
        expect(ana.page.get_by_label("Find a message")).to_be_hidden()
        expect(ana.page.get_by_role("button", name="Search")).to_be_focused()


def test_on_a_desktop_the_people_are_always_there(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana, bob = arrive(DESKTOP), arrive(PHONE)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")

    people = ana.page.locator("#people li")
    expect(people).to_contain_text(["Ana", "Bob"])
    expect(people.first).to_contain_text("You · English")
    bob.open("about:blank")
    expect(people.last).to_contain_text("away")


def test_the_smallest_screen_with_the_longest_words_scrolls_one_way_only(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(room_name="W" * 64)
    ana = arrive(SMALL_PHONE)
    ana.open(room.url)
    _see_no_sideways_scrolling(ana)
    ana.join(room.url, "W" * 24)
    ana.say("W" * 200)
    ana.say("https://example.com/" + "x" * 300)
    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(2)

    _see_no_sideways_scrolling(ana)
    ana.page.get_by_role("button", name="Your settings").click()
    _see_no_sideways_scrolling(ana)


def test_the_rooms_name_is_shown_in_full_on_a_phone(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    heading = ana.page.get_by_role("heading", level=1)

    for name in (Settings().room_name, "DESKTOP-4F7K2QX's room", "Sala de portatil-da-ana"):
        room.room.change_settings(replace(room.room.settings, name=name))
        expect(heading).to_have_text(name)
        assert heading.evaluate(
            "({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>"
            " scrollWidth <= clientWidth && scrollHeight - clientHeight < 10"  # less than a line
        ), name
        for button in ana.page.locator(".top-button").all():
            expect(button).to_be_in_viewport(ratio=1)


def test_fingers_and_eyes_have_enough(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.open(open_room().url)
    _see_large_enough(ana)
    ana.join(ana.page.url, "Ana")
    expect(ana.hub_word).to_have_text("No assistant here")
    ana.say("Hello")
    ana.line("Hello").get_by_role("button", name="Delete this message").click()
    ana.page.get_by_role("button", name="Your settings").click()

    _see_large_enough(ana)


def _see_no_sideways_scrolling(visitor: Visitor) -> None:
    wider = visitor.page.evaluate(
        """() => [...document.querySelectorAll("html, #scroller, .panel, .text")]
          .filter((element) => element.scrollWidth > element.clientWidth)
          .map((element) => element.className)"""
    )
    assert wider == []


def _see_large_enough(visitor: Visitor) -> None:
    controls = visitor.page.locator("button, input, select, textarea, summary").locator(
        "visible=true"
    )
    for control in controls.all():
        box = control.bounding_box()
        assert box is not None
        assert box["width"] >= TARGET_MIN, control
        assert box["height"] >= TARGET_MIN, control
    for field in visitor.page.locator("input, select, textarea").locator("visible=true").all():
        size = field.evaluate("field => parseFloat(getComputedStyle(field).fontSize)")
        assert size >= INPUT_TEXT_MIN, field
