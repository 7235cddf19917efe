"""Taking back what one has said: asked first, then gone from every page."""

from __future__ import annotations

from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE
from hivemind_chatroom.room.model import Address, HubState, HubStatus, Reply

DELETE_THIS = "Delete this message"


def test_what_its_author_deletes_leaves_every_page(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    tab = ana.open_tab(ana.page.url)
    for text in ("Hello", "Oops"):
        ana.say(text)
    expect(bob.texts).to_have_text(["Hello", "Oops"])

    ana.delete("Oops")

    for each in (ana, tab, bob):
        expect(each.texts).to_have_text(["Hello"])
    ana.page.reload()
    expect(ana.texts).to_have_text(["Hello"])


def test_deleting_is_asked_first_and_can_be_called_off(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.join(open_room().url, "Ana")
    ana.say("Hello")
    line = ana.line("Hello")
    more = line.get_by_role("button", name=DELETE_THIS)

    more.press("Enter")
    expect(line).to_contain_text("Delete this for everyone?")
    expect(line.get_by_role("button", name="Keep")).to_be_focused()
    ana.page.keyboard.press("Escape")

    expect(line).not_to_contain_text("Delete this for everyone?")
    expect(more).to_be_focused()
    expect(ana.texts).to_have_text(["Hello"])


def test_only_ones_own_can_be_deleted(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    ana.say("Hello")
    expect(bob.line("Hello")).to_be_visible()

    expect(ana.page.get_by_role("button", name=DELETE_THIS)).to_have_count(1)
    expect(bob.page.get_by_role("button", name=DELETE_THIS)).to_have_count(0)


def test_the_answer_to_a_deleted_question_can_still_be_read(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    room.room.hub_is(HubStatus(HubState.CONNECTED, room.room.hub.since))
    expect(ana.hub_word).to_have_text("Connected")
    ana.say("What time is it?")
    expect(bob.line("What time is it?")).to_be_visible()
    (utterance,) = room.room.utterances.waiting()
    room.room.receive(Reply(Address(corr=utterance.corr), "Noon"))
    expect(ana.answers_to("Ana")).to_have_count(1)

    ana.delete("What time is it?")

    for visitor in (ana, bob):
        expect(visitor.texts).to_have_text(["Noon"])
        expect(visitor.answers_to("Ana")).to_be_visible()


def test_a_deletion_that_fails_says_so(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.forgive("Failed to load resource")
    ana.join(open_room().url, "Ana")
    ana.say("Hello")
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    ana.page.route("**/api/messages/1", lambda route: route.abort(), times=1)

    ana.delete("Hello")
    expect(ana.line("Hello")).to_contain_text("Not deleted.")
    ana.page.get_by_role("button", name="Delete", exact=True).click()

    expect(ana.lines).to_have_count(0)
