"""Somebody who reads from right to left: the page is mirrored, and each text keeps its way."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import PHONE
from e2e.guest import Guest
from hivemind_chatroom.room.model import Address, Reply

AT_START = (".top > img", "[data-kind=announcement] > .disc", "#composer", ".to-whom")
AT_END = ("#preferences-button", ".mine > .bubble", ".send")
"""What stands where a line begins, and where it ends, whichever way it is read."""

MIRRORED_PX = 2

BESIDE_PX = 20
"""The room's name begins at its sign, though it is written from the left."""


def test_the_page_of_an_arabic_reader_is_mirrored_and_each_text_keeps_its_direction(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    sara = arrive(PHONE, lang="ar")
    sara.open(room.url)
    expect(sara.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(sara.page.locator("html")).to_have_attribute("lang", "ar")
    sara.door.locator("[name=name]").fill("سارة")
    sara.door.locator("[type=submit]").click()
    question = "كيف أقول bee بالعربية؟"
    box = sara.page.locator("#composer textarea")
    box.fill(question)
    box.press("Enter")
    expect(sara.line(question)).to_have_attribute("data-state", "sent")
    with Guest(room.url) as bob:
        bob.join("Bob", "en-US").says("A bee is نحلة.")
        expect(sara.lines).to_have_count(2)
    answer = sara.line("A bee is نحلة.")

    expect(answer.locator(".text")).to_have_css("direction", "ltr")
    expect(sara.line(question).locator(".text")).to_have_css("direction", "rtl")
    mine, theirs = _box(sara.line(question).locator(".bubble")), _box(answer.locator(".bubble"))
    assert mine["x"] < theirs["x"]
    assert _box(sara.page.locator(".send"))["x"] < _box(sara.page.locator(".to-whom"))["x"]
    sign, name = _box(sara.page.locator(".top img")), _box(sara.page.locator("h1 bdi").last)
    assert sign["x"] > _box(sara.page.locator("#people-button"))["x"]
    assert 0 <= sign["x"] - (name["x"] + name["width"]) < BESIDE_PX


def test_the_page_of_an_arabic_reader_is_the_other_one_in_a_mirror(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    room.room.receive(Reply(Address(), "Good morning"))
    places: list[dict[str, float]] = []
    for lang, name in (("en-US", "Ana"), ("ar", "Bea")):
        visitor = arrive(PHONE, lang=lang)
        visitor.open(room.url)
        visitor.door.locator("[name=name]").fill(name)
        visitor.door.locator("[type=submit]").click()
        text = f"Hello from {name}"
        visitor.composer.fill(text)
        visitor.composer.press("Enter")
        expect(visitor.line(text)).to_have_attribute("data-state", "sent")
        is_mirrored = lang == "ar"
        places.append(
            {
                selector: _distance(visitor.page.locator(selector).last, is_right=is_right)
                for selectors, is_right in ((AT_START, is_mirrored), (AT_END, not is_mirrored))
                for selector in selectors
            }
        )

    assert places[0] == pytest.approx(places[1], abs=MIRRORED_PX)


def _distance(locator: Locator, *, is_right: bool) -> float:
    """Return how far something is from a side of the phone's screen, in pixels."""
    box = _box(locator)
    return PHONE.width - box["x"] - box["width"] if is_right else box["x"]


def _box(locator: Locator) -> FloatRect:
    box = locator.bounding_box()
    assert box is not None
    return box
