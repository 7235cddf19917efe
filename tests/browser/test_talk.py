"""People talk, each in their own language, and the assistant answers each in theirs."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Route, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, Visitor
from hivemind_chatroom.room.model import Address, HubState, HubStatus, Reply
from hivemind_chatroom.settings import HubChoice

GOES_ON = re.compile(r"\bgoes-on\b")


def test_two_people_are_answered_in_their_own_languages_and_both_see_both(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(hub=HubChoice.BUILT_IN)
    ana, bob = arrive(PHONE, lang="pt-PT"), arrive(DESKTOP, lang="en-US")
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    expect(ana.hub_word).to_have_text("Assistente incluído")
    expect(bob.hub_word).to_have_text("Built-in assistant")

    ana.say("Que dia é hoje?")
    bob.say("What day is it?")

    for visitor in (ana, bob):
        to_ana, to_bob = visitor.answers_to("Ana"), visitor.answers_to("Bob")
        expect(to_ana.locator("[lang=pt-PT]")).to_contain_text("Hoje é ")
        expect(to_bob.locator("[lang=en]")).to_contain_text("Today is ")
        expect(visitor.lines).to_have_count(4)


def test_who_asks_at_the_same_moment_has_a_session_and_an_answer_of_their_own(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    chatroom = open_room()
    room = chatroom.room
    room.hub_is(HubStatus(HubState.CONNECTED, room.hub.since))
    ana, bob = arrive(PHONE, lang="pt-PT"), arrive(DESKTOP, lang="en-US")
    ana.join(chatroom.url, "Ana")
    bob.join(chatroom.url, "Bob")
    postings: list[Route] = []

    def hold(posting: Route) -> None:
        postings.append(posting)

    questions = {"Ana": "Que dia é hoje?", "Bob": "What day is it?"}
    answers = {"Ana": "Hoje é segunda-feira.", "Bob": "It is Monday."}
    for visitor, question in zip((ana, bob), questions.values(), strict=True):
        visitor.page.route("**/api/messages", hold)
        with visitor.page.expect_request("**/api/messages"):
            visitor.say(question)
    for posting in postings:
        posting.continue_()
    for visitor, question in zip((ana, bob), questions.values(), strict=True):
        expect(visitor.line(question)).to_have_attribute("data-state", "sent")

    asked = room.utterances.waiting()
    assert {(each.member.name, each.lang, each.text) for each in asked} == {
        ("Ana", "pt-PT", questions["Ana"]),
        ("Bob", "en", questions["Bob"]),
    }
    assert len({each.member.session.id for each in asked}) == len(asked)
    for utterance in reversed(asked):
        assert room.utterances.sending(utterance)
        room.utterances.sent(utterance)
        own = answers[utterance.member.name]
        room.receive(Reply(Address(corr=utterance.corr), own, utterance.lang))
    for visitor in (ana, bob):
        expect(visitor.answers_to("Ana").locator("[lang=pt-PT]")).to_have_text(answers["Ana"])
        expect(visitor.answers_to("Bob").locator("[lang=en]")).to_have_text(answers["Bob"])


def test_a_line_of_ones_own_shows_at_once_and_is_shown_once(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    on_their_way: list[Route] = []

    def keep(posting: Route) -> None:
        on_their_way.append(posting)

    ana.page.route("**/api/messages", keep)

    ana.say("Hello")
    expect(ana.line("Hello")).to_have_attribute("data-state", "sending")
    expect(bob.line("Hello")).to_have_count(0)

    # The stream tells of it before the answer to its posting comes.
    (posting,) = on_their_way
    answer = posting.fetch()
    expect(bob.line("Hello")).to_have_count(1)
    expect(ana.line("Hello")).to_have_count(1)
    posting.fulfill(response=answer)

    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    expect(ana.lines).to_have_count(1)


def test_the_same_words_twice_are_two_lines(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")

    ana.say("Hello")
    ana.say("Hello")

    for visitor in (ana, bob):
        expect(visitor.line("Hello")).to_have_count(2)
    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(2)


def test_what_only_i_may_see_is_on_nobody_elses_page(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room(hub=HubChoice.BUILT_IN)
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    expect(ana.hub_word).to_have_text("Built-in assistant")

    ana.say("What day is it?", to="Only me")
    expect(ana.answers_to("Ana").get_by_text("Only you")).to_be_visible()
    ana.say("Hello, Bob", to="Only people")

    expect(bob.line("Hello, Bob")).to_have_count(1)
    expect(bob.lines).to_have_count(1)


def test_what_is_for_people_only_says_so_to_everybody_where_there_is_an_assistant(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(hub=HubChoice.BUILT_IN)
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    expect(ana.hub_word).to_have_text("Built-in assistant")

    ana.say("Dinner is ready", to="Only people")
    ana.say("What day is it?", to="Everyone")

    for visitor in (ana, bob):
        expect(visitor.line("Dinner is ready").get_by_text("Only people")).to_be_visible()
        expect(visitor.line("What day is it?").get_by_text("Only people")).to_be_hidden()


def test_answers_to_one_question_stand_together_and_those_to_another_apart(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    room.room.hub_is(HubStatus(HubState.CONNECTED, room.room.hub.since))
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("Connected")
    for question in ("One?", "Two?"):
        ana.say(question)
        expect(ana.line(question)).to_have_attribute("data-state", "sent")
    for utterance in room.room.utterances.waiting():
        assert room.room.utterances.sending(utterance)
        room.room.utterances.sent(utterance)
        for part in ("begins", "goes on"):
            text = f"{utterance.text} {part}"
            room.room.receive(Reply(Address(corr=utterance.corr), text))

    expect(ana.answers_to("Ana")).to_have_count(4)
    for question in ("One?", "Two?"):
        begins, goes_on = (ana.line(f"{question} {part}") for part in ("begins", "goes on"))
        expect(begins.locator(".author")).to_be_in_viewport()
        expect(begins).not_to_have_class(GOES_ON)
        expect(goes_on).to_have_class(GOES_ON)


def test_a_question_of_the_assistant_waits_for_its_member_alone(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(hub=HubChoice.BUILT_IN)
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    expect(ana.hub_word).to_have_text("Built-in assistant")

    ana.say("Let's play a guessing game")
    expect(_hint(ana)).to_have_count(1)
    expect(bob.lines).to_have_count(2)
    expect(_hint(bob)).to_have_count(0)

    ana.say("I give up")
    expect(_hint(ana)).to_have_count(0)


def test_what_the_assistant_asks_back_is_answered_in_the_same_session_by_its_member_alone(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    chatroom = open_room()
    room = chatroom.room
    room.hub_is(HubStatus(HubState.CONNECTED, room.hub.since))
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(chatroom.url, "Ana")
    bob.join(chatroom.url, "Bob")
    ana.say("What's the weather like?")
    expect(ana.line("What's the weather like?")).to_have_attribute("data-state", "sent")
    (question,) = room.utterances.waiting()
    assert room.utterances.sending(question)
    room.utterances.sent(question)
    room.receive(Reply(Address(corr=question.corr), "Which city?", expects_reply=True))
    expect(_hint(ana)).to_have_count(1)

    bob.say("Paris")
    expect(ana.line("Paris")).to_be_visible()
    expect(_hint(ana)).to_have_count(1)
    expect(_hint(bob)).to_have_count(0)
    ana.say("Lisbon")
    expect(ana.line("Lisbon")).to_have_attribute("data-state", "sent")

    expect(_hint(ana)).to_have_count(0)
    sessions = {each.text: each.member.session.id for each in room.utterances.waiting()}
    assert sessions["Lisbon"] == question.member.session.id
    assert sessions["Paris"] != question.member.session.id


def test_a_timer_that_is_over_is_announced_to_all_as_its_owners(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(hub=HubChoice.BUILT_IN)
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    expect(ana.hub_word).to_have_text("Built-in assistant")

    ana.say("Set a timer for 1 second")

    for visitor in (ana, bob):
        over = visitor.page.locator("[data-kind=announcement]")
        expect(over.locator(".text")).to_have_text("The timer for 1 second is over.")
        expect(over.locator(".to bdi")).to_have_text("Ana")
        expect(over.locator(".to")).to_be_in_viewport()


def test_a_tune_waits_to_be_asked(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room(hub=HubChoice.BUILT_IN)
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("Built-in assistant")

    ana.say("Play a tune")

    player = ana.page.locator("#log audio")
    expect(player).to_have_js_property("paused", value=True)
    player.evaluate("player => { player.muted = true; return player.play(); }")
    expect(player).to_have_js_property("paused", value=False)


def _hint(visitor: Visitor) -> Locator:
    return visitor.page.get_by_text("Waiting for your answer").locator("visible=true")
