"""The simple view: large, with little on it, and still the whole room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, SMALL_PHONE, Device, Visitor
from hivemind_chatroom.room.model import Address, HubState, HubStatus, Media, Reply

TARGET_MIN: Final = 44
"""CSS pixels that a finger needs, each way."""

QUESTION: Final = "What shall we cook today?"

ANSWER: Final = """# Pancakes

1. Mix 200 g flour with *two* eggs
2. Rest

```
fry(pancakes, minutes=2, sides="both")
```
"""

VOICE: Final = """
    window.said = [];
    const synthesis = Object.assign(new EventTarget(), {
      getVoices: () => [{ lang: "en-GB" }],
      speak: ({ text }) => window.said.push(text),
      cancel: () => {},
    });
    Object.defineProperty(window, "speechSynthesis", { value: synthesis });
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""

WIDER: Final = """() =>
  [...document.querySelectorAll("html, .top, #scroller, .panel, .text, .chips, .below")]
    .filter((element) => element.scrollWidth > element.clientWidth)
    .map((element) => element.className)
"""


def test_one_switch_makes_everything_large_for_good(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = open_room(), arrive(PHONE)
    ana.join(room.url, "Ana")
    _switch_simple(ana, on=True)
    for _ in range(2):
        expect(ana.page.locator("html")).to_have_css("font-size", "24px")
        expect(ana.composer).to_have_css("font-size", "24px")
        ana.page.get_by_role("button", name="Your settings").click()
        expect(ana.page.locator("#read-aloud")).to_be_checked()
        ana.page.reload()

    _switch_simple(ana, on=False)
    for _ in range(2):
        expect(ana.page.locator("html")).to_have_css("font-size", "16px")
        ana.page.get_by_role("button", name="Your settings").click()
        expect(ana.page.locator("#read-aloud")).not_to_be_checked()
        ana.page.reload()


def test_reading_aloud_can_be_switched_off_in_it(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.join(open_room().url, "Ana")
    _switch_simple(ana, on=True)

    # Chromium without voices hides the switch; those who see it use it like this.
    ana.page.locator("#read-aloud").evaluate("input => input.click()")
    ana.page.reload()

    expect(ana.page.locator("html")).to_have_css("font-size", "24px")
    ana.page.get_by_role("button", name="Your settings").click()
    expect(ana.page.get_by_role("switch", name="Simple view")).to_be_checked()
    expect(ana.page.locator("#read-aloud")).not_to_be_checked()


def test_every_answer_is_for_everybody_in_it(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = open_room(), arrive(PHONE)
    ana.before_each_page(VOICE)
    ana.join(room.url, "Ana")
    _switch_simple(ana, on=True)

    room.room.receive(Reply(Address(), "Dinner is ready", "en"))

    expect(ana.page.locator(".aloud")).to_have_attribute("aria-pressed", "true")
    assert ana.page.evaluate("said") == ["Dinner is ready"]


def test_whom_one_speaks_to_is_seen_unless_it_is_everyone(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room, ana = open_room(), arrive(PHONE)
    ana.join(room.url, "Ana")
    to = ana.page.get_by_label("To:")
    room.room.hub_is(HubStatus(HubState.CONNECTED, datetime.now(UTC)))
    to.select_option("Only people")
    _switch_simple(ana, on=True)

    expect(to).to_be_visible()
    to.select_option("Everyone")
    expect(to).to_be_hidden()


@pytest.mark.parametrize("device", [SMALL_PHONE, PHONE, DESKTOP], ids=["small", "phone", "desktop"])
def test_nothing_is_lost_on_any_screen(open_room: OpenRoom, arrive: Arrive, device: Device) -> None:
    ana = arrive(device)
    _come_into_a_talk(ana, open_room)

    _see_all_of_it(ana)
    expect(ana.composer).to_be_in_viewport(ratio=1)
    ana.page.get_by_role("button", name="Your settings").click()
    _see_all_of_it(ana)
    expect(ana.page.get_by_role("switch", name="Simple view")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("device", [SMALL_PHONE, PHONE], ids=["small", "phone"])
def test_who_is_to_be_forgotten_sees_the_whole_question_and_finds_the_door_as_it_was(
    open_room: OpenRoom, arrive: Arrive, device: Device
) -> None:
    ana = arrive(device)
    ana.join(open_room().url, "Ana")
    _switch_simple(ana, on=True)
    ana.page.get_by_role("button", name="Your settings").click()

    ana.page.get_by_text("Forget me on this device").click()

    forget = ana.page.get_by_role("button", name="Forget me")
    expect(forget).to_be_in_viewport(ratio=1)
    forget.click()
    expect(ana.door.get_by_label("Your name")).to_be_visible()
    expect(ana.page.locator("html")).to_have_css("font-size", "16px")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_nothing_to_mend(
    open_room: OpenRoom, arrive: Arrive, scheme: Literal["light", "dark"]
) -> None:
    ana = arrive(PHONE)
    ana.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    _come_into_a_talk(ana, open_room)

    found = [*_violations(ana)]
    ana.page.get_by_role("button", name="Your settings").click()
    found += _violations(ana)

    assert found == []


def _see_all_of_it(visitor: Visitor) -> None:
    assert visitor.page.evaluate(WIDER) == []
    controls = visitor.page.locator("button, input, select, textarea").locator("visible=true")
    for control in controls.all():
        box = control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= TARGET_MIN, control


def _come_into_a_talk(visitor: Visitor, open_room: OpenRoom) -> None:
    room = open_room()
    visitor.join(room.url, "W" * 24)
    _switch_simple(visitor, on=True)
    room.room.hub_is(HubStatus(HubState.CONNECTED, datetime.now(UTC)))
    expect(visitor.page.locator(".chip").locator("visible=true")).to_have_count(3)
    visitor.say(QUESTION)
    expect(visitor.lines).to_have_count(1)
    room.room.receive(Reply(Address(), ANSWER, "en"))
    tune = Media(f"{room.url}/static/tune.wav", title="A tune", artist="The Pixies")
    room.room.receive(Reply(Address(), "", media=tune))
    expect(visitor.lines).to_have_count(3)


def _switch_simple(visitor: Visitor, *, on: bool) -> None:
    visitor.page.get_by_role("button", name="Your settings").click()
    visitor.page.get_by_role("switch", name="Simple view").set_checked(on)
    visitor.page.keyboard.press("Escape")


def _violations(visitor: Visitor) -> list[str]:
    results = Axe().run(visitor.page).response["violations"]
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in results]
