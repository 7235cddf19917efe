"""What becomes of a question: said in words, with how long it has waited, and asked again."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, Visitor
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.room.model import (
    Address,
    Delivery,
    Ending,
    HubState,
    HubStatus,
    Reply,
    Utterance,
)

QUESTION = "What time is it?"

SECONDS = re.compile(r"^· (\d+) s$")


@dataclass(frozen=True, slots=True)
class Assistant:
    """The hub's side of a room, played by the test."""

    room: Chatroom

    def waiting(self) -> Utterance:
        """Return the one question that is queued."""
        (utterance,) = self.room.room.utterances.waiting()
        return utterance

    def hear(self) -> Utterance:
        """Take the question that is queued."""
        utterance = self.waiting()
        assert self.room.room.utterances.sending(utterance)
        self.room.room.utterances.sent(utterance)
        return utterance

    def end(self, utterance: Utterance, delivery: Delivery) -> None:
        """Say what became of a question."""
        self.room.room.utterances.end(Ending(Address(corr=utterance.corr), delivery))

    def answer(self, utterance: Utterance, text: str) -> None:
        """Answer a question."""
        self.room.room.receive(Reply(Address(corr=utterance.corr), text))
        self.end(utterance, Delivery.ANSWERED)


def test_a_question_that_waits_says_for_how_long(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = Assistant(open_room()), arrive(PHONE)
    ana.page.clock.install()
    _ask(room, ana)
    note = ana.line(QUESTION).locator(".outcome")
    asked: list[str] = []
    ana.page.on("request", lambda request: asked.append(request.url))

    expect(note).to_contain_text("Waiting for the assistant")
    ana.page.clock.run_for(12_000)
    expect(note).to_contain_text("Waiting for the assistant · 12 s")
    ana.page.clock.run_for(48_000)
    expect(note).to_contain_text("· 1 min")
    assert asked == []

    utterance = room.hear()
    expect(note).to_contain_text("Asked, waiting for the answer · 1 min")
    room.answer(utterance, "Noon")
    expect(note).to_be_hidden()
    expect(ana.line(QUESTION)).to_have_attribute("data-state", "answered")
    expect(ana.line(QUESTION).locator(".mark")).to_have_text("Answered")


def test_an_assistant_that_thinks_for_long_still_does(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = Assistant(open_room()), arrive(PHONE)
    ana.page.clock.install()
    _ask(room, ana)
    thinking = ana.page.locator("#thinking")
    expect(thinking).to_have_text("", use_inner_text=True)

    utterance = room.hear()
    expect(thinking).to_have_text("HiveMind is thinking", use_inner_text=True)
    ana.page.clock.run_for(8_000)
    expect(thinking).to_have_text("HiveMind is still thinking", use_inner_text=True)

    room.answer(utterance, "Noon")
    expect(thinking).to_have_text("", use_inner_text=True)
    ana.say("And now?")
    expect(ana.line("And now?")).to_have_attribute("data-state", "sent")
    room.hear()
    expect(thinking).to_have_text("HiveMind is thinking", use_inner_text=True)


def test_a_page_that_is_loaded_later_counts_from_when_it_was_asked(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room, ana = Assistant(open_room()), arrive(PHONE)
    _ask(room, ana)
    age = ana.line(QUESTION).locator(".age")
    expect(age).to_have_text(SECONDS)
    before = _seconds(age)

    ana.page.reload()

    expect(age).to_have_text(SECONDS)
    assert _seconds(age) >= before


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        (Delivery.UNCONFIRMED, "It may have heard this or not."),
        (Delivery.UNANSWERED, "No answer yet."),
        (Delivery.EXPIRED, "was not asked this."),
    ],
)
def test_a_question_without_an_answer_can_be_asked_again(
    open_room: OpenRoom, arrive: Arrive, delivery: Delivery, words: str
) -> None:
    room, ana = Assistant(open_room()), arrive(PHONE)
    _ask(room, ana)
    again = ana.page.get_by_role("button", name="Ask again")
    _end(room, delivery)
    expect(ana.line(QUESTION)).to_contain_text(words)

    again.click()

    expect(ana.line(QUESTION)).to_contain_text("Waiting for the assistant")
    expect(again).to_have_count(0)
    room.answer(room.hear(), "Noon")
    expect(ana.texts).to_have_text([QUESTION, "Noon"])
    expect(ana.line(QUESTION)).to_have_attribute("data-state", "answered")


def test_asking_again_that_fails_says_so_and_can_be_tried_again(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room, ana = Assistant(open_room()), arrive(PHONE)
    ana.forgive("Failed to load resource")
    _ask(room, ana)
    _end(room, Delivery.EXPIRED)
    again = ana.page.get_by_role("button", name="Ask again")
    ana.page.route("**/ask-again", lambda route: route.abort(), times=1)

    again.click()
    expect(ana.line(QUESTION)).to_contain_text("Not asked again: the room doesn't answer.")
    again.click()

    expect(ana.line(QUESTION)).to_contain_text("Waiting for the assistant")


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        (Delivery.UNMATCHED, "The assistant doesn't know that one. Try: What can I ask?"),
        (Delivery.REFUSED, "The assistant isn't allowed to answer this."),
    ],
)
def test_a_question_that_has_its_end_is_not_asked_again(
    open_room: OpenRoom, arrive: Arrive, delivery: Delivery, words: str
) -> None:
    room, ana = Assistant(open_room()), arrive(PHONE)
    _ask(room, ana)

    room.end(room.hear(), delivery)

    expect(ana.line(QUESTION)).to_contain_text(words)
    expect(ana.page.get_by_role("button", name="Ask again")).to_have_count(0)


def test_what_became_of_a_question_only_its_author_is_told(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room, ana, bob = Assistant(open_room()), arrive(PHONE), arrive(DESKTOP)
    _ask(room, ana)
    bob.join(room.room.url, "Bob")
    _end(room, Delivery.EXPIRED)

    expect(ana.page.get_by_role("button", name="Ask again")).to_be_visible()
    expect(bob.line(QUESTION)).to_be_visible()
    expect(bob.page.get_by_role("button", name="Ask again")).to_have_count(0)


def _seconds(age: Locator) -> int:
    """Return how long a question has waited, as the page says it."""
    found = SECONDS.match(age.inner_text())
    assert found
    return int(found[1])


def _ask(assistant: Assistant, visitor: Visitor) -> None:
    """Let somebody ask while the assistant is away."""
    room = assistant.room
    visitor.join(room.url, "Ana")
    room.room.hub_is(HubStatus(HubState.UNREACHABLE, room.room.hub.since))
    expect(visitor.hub_word).to_have_text("Assistant away")
    visitor.say(QUESTION)
    expect(visitor.line(QUESTION)).to_have_attribute("data-state", "sent")


def _end(assistant: Assistant, delivery: Delivery) -> None:
    utterances = assistant.room.room.utterances
    if delivery is Delivery.EXPIRED:
        utterances.take_up(is_hub_wanted=False)
    elif delivery is Delivery.UNCONFIRMED:
        assistant.hear()
        utterances.lose_link()
    else:
        assistant.end(assistant.hear(), delivery)
