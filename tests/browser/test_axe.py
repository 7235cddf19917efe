"""axe finds nothing to mend, on any view, in the light, in the dark, and from right to left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, SMALL_PHONE, Device, Visitor
from hivemind_chatroom.room.model import Address, Introduction, Media, Reply

Scheme = Literal["light", "dark"]

SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
LANGUAGES: Final = ("en-US", "ar")
CODE: Final = "482193"
LONG_WORD: Final = "Donaudampfschifffahrt" * 10
VIEWS: Final[dict[str, Callable[[Visitor], None]]] = {
    "talk": lambda visitor: expect(visitor.lines).to_have_count(4),
    "people": lambda visitor: _press(visitor, "#people-button"),
    "settings": lambda visitor: _press(visitor, "#preferences-button"),
    "search": lambda visitor: _search(visitor, "hello"),
}
"""How each view of the room is come to."""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_door_has_nothing_to_mend(
    open_room: OpenRoom, arrive: Arrive, scheme: Scheme, lang: str
) -> None:
    ana = arrive(PHONE, lang=lang)
    ana.page.emulate_media(color_scheme=scheme)
    ana.forgive("Failed to load resource")
    room = open_room(code=CODE)
    room.room.join(Introduction("Bob"), CODE)
    ana.open(room.url)
    expect(ana.door.locator("[name=name]")).to_be_focused()
    assert _violations(ana) == []

    ana.door.locator("[name=name]").fill("Bob")
    ana.door.locator("[name=code]").fill(CODE)
    ana.door.locator("[type=submit]").click()
    expect(ana.door.locator("#join-same")).to_be_visible()
    assert _violations(ana) == []

    ana.door.locator("#join-same").click()
    expect(ana.door.locator("[name=device_code]")).to_be_focused()
    assert _violations(ana) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_view_of_the_room_has_anything_to_mend(
    open_room: OpenRoom, arrive: Arrive, device: Device, scheme: Scheme, lang: str
) -> None:
    ana = arrive(device, lang=lang)
    ana.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    _come_into_a_talk(ana, open_room)

    found = []
    for name, go_to in VIEWS.items():
        go_to(ana)
        found += [f"{name}: {violation}" for violation in _violations(ana)]
        ana.page.keyboard.press("Escape")

    assert found == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_room_in_which_nobody_may_write_has_nothing_to_mend(
    open_room: OpenRoom, arrive: Arrive, scheme: Scheme, lang: str
) -> None:
    room = open_room()
    room.room.change_settings(replace(room.room.settings, paused=True))
    ana = arrive(PHONE, lang=lang)
    ana.page.emulate_media(color_scheme=scheme)
    ana.open(room.url)
    ana.door.locator("[name=name]").fill("Ana")
    ana.door.locator("[type=submit]").click()
    expect(ana.page.locator("#composer").get_by_role("alert")).not_to_be_empty()

    assert _violations(ana) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_plain_page_has_nothing_to_mend(
    open_room: OpenRoom, arrive: Arrive, scheme: Scheme, lang: str
) -> None:
    ana = arrive(PHONE, lang=lang)
    ana.page.emulate_media(color_scheme=scheme)
    ana.forgive("Failed to load resource")
    room = open_room(code=CODE)
    room.room.receive(Reply(Address(), LONG_WORD, "de"))
    ana.open(f"{room.url}/plain?code=000000&name=Ana")
    expect(ana.page.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    assert _violations(ana) == []

    ana.page.locator("[type=submit]").click()
    expect(ana.page.get_by_role("alert")).to_be_visible()
    assert _violations(ana) == []

    ana.page.locator("[name=code]").fill(CODE)
    ana.page.locator("[type=submit]").click()
    ana.page.locator("#plain-message").fill("W" * 200)
    ana.page.locator("[type=submit]").click()
    expect(ana.page.get_by_role("status")).to_be_visible()
    assert _violations(ana) == []
    ana.open(f"{room.url}/plain/messages?lang={lang}")
    expect(ana.page.locator("li")).to_have_count(2)
    # It is to come anew by itself: what is being written stands outside of it, and so isn't lost.
    assert [found for found in _violations(ana) if not found.startswith("meta-refresh:")] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_letters_of_twice_the_size_on_the_smallest_screen_lose_nothing(
    open_room: OpenRoom, arrive: Arrive, lang: str
) -> None:
    ana = arrive(SMALL_PHONE, lang=lang)
    ana.before_each_page(TWICE)
    _come_into_a_talk(ana, open_room)

    expect(ana.lines.last).to_be_in_viewport(ratio=0.9)
    for shown in (ana.page.locator("#composer"), *ana.page.locator(".top-button").all()):
        expect(shown).to_be_in_viewport(ratio=1)
    for go_to in VIEWS.values():
        go_to(ana)
        assert ana.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
        assert ana.page.evaluate(CUT_OFF) == []
        ana.page.keyboard.press("Escape")
    ana.composer.fill("One")
    expect(ana.composer).to_be_in_viewport(ratio=0.9)
    expect(ana.page.locator(".send")).to_be_in_viewport(ratio=0.9)


def test_letters_of_twice_the_size_lose_nothing_at_the_door(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    room.room.join(Introduction("Bob"))
    ana = arrive(SMALL_PHONE)
    ana.forgive("Failed to load resource")
    ana.before_each_page(TWICE)
    ana.open(room.url)

    ana.door.locator("[name=name]").fill("Bob")
    ana.door.locator("[type=submit]").click()

    expect(ana.door.locator("#join-same")).to_be_visible()
    assert ana.page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    assert ana.page.evaluate(CUT_OFF) == []
    assert ana.door.locator("select").evaluate(IS_WHOLE)


TWICE: Final = """
  addEventListener("DOMContentLoaded", () => {
    document.documentElement.style.setProperty("font-size", "200%");
  });
"""

IS_WHOLE: Final = """(select) => {
  const { font, paddingInlineStart, paddingInlineEnd } = getComputedStyle(select);
  const words = document.createElement("span");
  Object.assign(words.style, { font, position: "absolute" });
  words.textContent = select.selectedOptions[0].text;
  document.body.append(words);
  const room = select.clientWidth - parseFloat(paddingInlineStart) - parseFloat(paddingInlineEnd);
  return words.offsetWidth <= room;
}"""
"""The choice can be read to its end."""

CUT_OFF: Final = """
() => [...document.querySelectorAll("button, select, textarea, .text, h1, h2, label, summary")]
  .filter((element) => element.checkVisibility() && !element.closest(".sr"))
  .map((element) => [element.className || element.tagName, element.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.left < -1 || box.right > innerWidth + 1))
  .map(([name]) => String(name))
"""
"""What reaches over a side of the screen."""


def _come_into_a_talk(visitor: Visitor, open_room: OpenRoom) -> None:
    room = open_room()
    visitor.open(room.url)
    visitor.door.locator("[name=name]").fill("W" * 24)
    visitor.door.locator("[type=submit]").click()
    visitor.page.locator("#composer textarea").fill("Hello")
    visitor.page.locator("#composer textarea").press("Enter")
    expect(visitor.line("Hello")).to_have_attribute("data-state", "sent")
    room.room.receive(Reply(Address(), LONG_WORD, "de"))
    room.room.receive(Reply(Address(), "مرحبا bee", "ar"))
    tune = Media("http://example.com/a.ogg", title="Tune")
    room.room.receive(Reply(Address(), "", media=tune))
    expect(visitor.lines).to_have_count(4)


def _search(visitor: Visitor, words: str) -> None:
    _press(visitor, "#search-button")
    visitor.page.locator("#search-words").fill(words)
    expect(visitor.page.locator("#search li")).to_have_count(1)


def _press(visitor: Visitor, button: str) -> None:
    """Open a panel, unless the screen is so wide that it is always there."""
    found = visitor.page.locator(button)
    if found.is_visible():
        found.click()


def _violations(visitor: Visitor) -> list[str]:
    response = Axe().run(visitor.page).response
    return [
        f"{violation['id']}: {node['html']}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]
