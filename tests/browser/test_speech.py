"""Answers are read aloud: by a voice of their language, when somebody wants it, once."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import PHONE, Visitor
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.room.model import Address, Reply

VOICES: Final = Path(__file__).with_name("voices.js").read_text("utf-8")
"""Headless Chromium has none."""

HIDE: Final = """
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
"""


def test_an_answer_is_read_in_its_language_sentence_by_sentence(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room, ana = _room_with_voices(open_room, arrive)
    _say(room, "## Hoje\n\n- São **21.5** graus. *Sol!*\n- Leva `água`", "pt-PT")

    _aloud(ana, "21.5").click()
    expect(_aloud(ana, "21.5")).to_have_attribute("aria-pressed", "true")
    ana.page.evaluate("endOfAll()")

    expect(_aloud(ana, "21.5")).to_have_attribute("aria-pressed", "false")
    sentences = ["Hoje", "São 21.5 graus.", "Sol!", "Leva água"]
    assert _said(ana) == [["Joana", sentence] for sentence in sentences]


def test_a_second_press_stops_it(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = _room_with_voices(open_room, arrive)
    _say(room, "One. Two. Three.")
    _say(room, "Four.")

    _aloud(ana, "One").click()
    ana.page.evaluate("endOfSentence()")
    _aloud(ana, "One").click()
    expect(_aloud(ana, "One")).to_have_attribute("aria-pressed", "false")
    _aloud(ana, "Four").click()
    expect(_aloud(ana, "Four")).to_have_attribute("aria-pressed", "true")

    assert _said(ana) == [["Samantha", text] for text in ("One.", "Two.", "Four.")]


def test_whoever_says_something_has_heard_enough(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = _room_with_voices(open_room, arrive)
    _say(room, "One. Two.")
    _aloud(ana, "One").click()

    ana.say("Thank you")

    expect(_aloud(ana, "One")).to_have_attribute("aria-pressed", "false")


def test_nothing_is_offered_that_no_voice_can_say(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = _room_with_voices(open_room, arrive)
    ana.say("People are not read")
    _say(room, "Hyvää päivää", "fi")
    _say(room, "Boa tarde", "pt")

    expect(_aloud(ana, "Boa tarde")).to_be_visible()
    expect(ana.page.locator(".aloud").locator("visible=true")).to_have_count(1)
    ana.page.evaluate("setVoices(['fi-FI'])")
    expect(_aloud(ana, "Hyvää")).to_be_visible()
    expect(_aloud(ana, "Boa tarde")).to_be_hidden()
    ana.page.evaluate("setVoices([])")
    expect(_aloud(ana, "Hyvää")).to_be_hidden()
    ana.page.get_by_role("button", name="Your settings").click()
    expect(_switch(ana)).to_be_hidden()


def test_a_browser_without_voices_lacks_nothing_else(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = open_room(), arrive(PHONE)
    ana.before_each_page("delete window.speechSynthesis; delete Window.prototype.speechSynthesis")
    ana.join(room.url, "Ana")

    _say(room, "Hello")

    expect(ana.line("Hello")).to_be_visible()
    expect(_aloud(ana, "Hello")).to_be_hidden()


def test_every_answer_to_its_reader_is_read_when_they_want_it(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room, ana = _room_with_voices(open_room, arrive)
    _answer(room, ana, "Before")
    _read_every_answer(ana)
    _say(room, "To nobody")
    for text in ("First. And more.", "Second"):
        _answer(room, ana, text)
    expect(_aloud(ana, "First")).to_have_attribute("aria-pressed", "true")
    expect(_aloud(ana, "Second")).to_have_attribute("aria-pressed", "false")
    ana.page.evaluate("endOfAll()")
    assert _said(ana) == [["Samantha", text] for text in ("First.", "And more.", "Second")]

    ana.page.reload()
    expect(_aloud(ana, "Second")).to_be_visible()
    assert _said(ana) == []
    _answer(room, ana, "Third")
    expect(_aloud(ana, "Third")).to_have_attribute("aria-pressed", "true")
    assert _said(ana) == [["Samantha", "Third"]]


def test_a_page_that_nobody_looks_at_is_silent(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = _room_with_voices(open_room, arrive)
    _read_every_answer(ana)
    _answer(room, ana, "First. And more.")
    expect(_aloud(ana, "First")).to_have_attribute("aria-pressed", "true")

    ana.page.evaluate(HIDE)

    expect(_aloud(ana, "First")).to_have_attribute("aria-pressed", "false")
    _answer(room, ana, "Second")
    expect(_aloud(ana, "Second")).to_be_visible()
    assert _said(ana) == [["Samantha", "First."]]


def _room_with_voices(open_room: OpenRoom, arrive: Arrive) -> tuple[Chatroom, Visitor]:
    room, ana = open_room(), arrive(PHONE)
    ana.before_each_page(VOICES)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("No assistant here")
    return room, ana


def _say(room: Chatroom, text: str, lang: str = "en") -> None:
    room.room.receive(Reply(Address(), text, lang))


def _answer(room: Chatroom, to: Visitor, text: str) -> None:
    name = urlsplit(to.page.url).path.split("/")[2]
    member = next(member for member, _ in room.room.members() if member.name == name)
    room.room.receive(Reply(Address(user=member.id), text, "en"))
    expect(to.lines.filter(has_text=text)).to_have_count(1)


def _read_every_answer(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Your settings").click()
    _switch(visitor).check()
    visitor.page.keyboard.press("Escape")


def _switch(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("switch", name="Read every answer aloud")


def _aloud(visitor: Visitor, text: str) -> Locator:
    return visitor.lines.filter(has_text=text).locator(".aloud")


def _said(visitor: Visitor) -> object:
    return visitor.page.evaluate("said")
