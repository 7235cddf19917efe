"""Suggestions above the composer: one tap says what people say to an assistant."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import PHONE, Visitor
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.room.model import HubState, HubStatus
from hivemind_chatroom.settings import HubChoice


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


def test_a_suggestion_goes_to_the_assistant_whoever_else_may_see_it(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _connect(room)
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("Connected")
    ana.composer.fill("Half a thought")

    for choice in ("Only me", "Only people"):
        ana.page.get_by_label("To:").select_option(choice)
        _chips(ana).first.click()

    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(2)
    expect(ana.page.locator(".line.private")).to_have_count(1)
    assert len(room.room.utterances.waiting()) == len(("Only me", "Only people"))
    expect(ana.composer).to_have_value("Half a thought")


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
