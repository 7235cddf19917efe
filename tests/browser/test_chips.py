"""Suggestions above the composer: one tap says what people say to an assistant."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, SMALL_PHONE, Visitor
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.room.model import HubState, HubStatus
from hivemind_chatroom.settings import HubChoice

FADE_PX = 24
GAP_PX = 4


def test_who_comes_in_is_shown_what_to_ask_and_then_what_goes_on(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(hub=HubChoice.BUILT_IN)
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("Built-in assistant")
    expect(_chips(ana)).to_have_text(["What can I ask?", "What time is it?", "Tell me a joke"])

    _chips(ana).get_by_text("What can I ask?").click()

    answer = ana.answers_to("Ana").locator(".text")
    expect(answer).to_contain_text("tell a joke")
    expect(_chips(ana)).to_have_text(["What can I ask?", "Repeat that", "Stop"])
    _chips(ana).get_by_text("Repeat that").click()
    expect(answer).to_have_count(2)
    _chips(ana).get_by_text("Stop").click()
    expect(answer.last).to_have_text("All right.")
    ana.page.reload()
    expect(_chips(ana)).to_have_text(["What can I ask?", "Repeat that", "Stop"])


def test_a_suggestion_goes_to_the_assistant_and_to_whom_one_speaks(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _connect(room)
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("Connected")
    ana.composer.fill("Half a thought")

    for choice in ("Only me", "Everyone"):
        ana.page.get_by_label("To:").select_option(choice)
        _chips(ana).first.click()

    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(2)
    expect(ana.page.locator(".line.private")).to_have_count(1)
    assert len(room.room.utterances.waiting()) == len(("Only me", "Everyone"))
    ana.page.get_by_label("To:").select_option("Only people")
    expect(_chips(ana)).to_have_count(0)
    expect(ana.composer).to_have_value("Half a thought")


def test_who_reads_a_related_language_asks_in_the_one_that_the_page_suggests(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(hub=HubChoice.BUILT_IN)
    ana = arrive(PHONE, lang="gl-ES")
    ana.join(room.url, "Ana")
    lang = ana.page.locator("html").get_attribute("lang")
    assert lang
    assert lang != "gl"
    expect(_chips(ana)).to_have_count(3)

    _chips(ana).nth(1).click()

    asked = ana.page.locator(".line.mine .text")
    expect(ana.page.locator(".line.mine")).to_have_attribute("data-state", "answered")
    expect(asked).to_have_attribute("lang", lang)
    expect(ana.answers_to("Ana").locator(".text")).to_have_attribute("lang", re.compile(lang[:2]))
    ana.say("Que hora é?")
    expect(asked.last).to_have_attribute("lang", "gl")
    assert [member.lang for member, _ in room.room.members()] == ["gl"]


def test_where_there_are_more_suggestions_the_last_one_fades_and_can_be_scrolled_into_the_clear(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _connect(room)
    ana = arrive(SMALL_PHONE)
    ana.join(room.url, "Ana")
    expect(_chips(ana)).to_have_count(3)
    row, last = ana.page.locator("#chips"), _chips(ana).last
    expect(row).to_have_css("mask-image", re.compile(r"^linear-gradient\(90deg,.* - 24px\),"))

    def clear_px() -> float:
        outer, inner = row.bounding_box(), last.bounding_box()
        assert outer
        assert inner
        return outer["x"] + outer["width"] - inner["x"] - inner["width"]

    assert clear_px() < FADE_PX
    row.evaluate("row => row.scrollTo(1_000, 0)")
    assert clear_px() >= FADE_PX


def test_the_ring_around_the_composer_touches_no_suggestion(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _connect(room)
    ana = arrive(DESKTOP)
    ana.join(room.url, "Ana")
    expect(_chips(ana)).to_have_count(3)
    ana.composer.focus()

    gap = ana.page.evaluate(
        """() => {
          const form = document.querySelector("#composer");
          const { outlineWidth, outlineOffset } = getComputedStyle(form);
          const ring = parseFloat(outlineWidth) + parseFloat(outlineOffset);
          const chip = document.querySelector("#chips .chip");
          return form.getBoundingClientRect().top - ring - chip.getBoundingClientRect().bottom;
        }"""
    )

    assert gap >= GAP_PX


def test_without_an_assistant_nothing_is_suggested(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("No assistant here")

    expect(_chips(ana)).to_have_count(0)
    _connect(room)
    expect(_chips(ana)).to_have_count(3)


def _connect(room: Chatroom) -> None:
    room.room.hub_is(HubStatus(HubState.CONNECTED, room.room.hub.since))


def _chips(visitor: Visitor) -> Locator:
    return visitor.page.locator("#chips button").locator("visible=true")
