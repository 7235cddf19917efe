"""Somebody who reads from right to left: the page is mirrored, and each text keeps its way."""

from __future__ import annotations

from playwright.sync_api import FloatRect, Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import PHONE
from e2e.guest import Guest

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


def _box(locator: Locator) -> FloatRect:
    box = locator.bounding_box()
    assert box is not None
    return box
