"""The operator's page as such: its token, its connection, its keyboard, its sheet of paper."""

from __future__ import annotations

import re
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.conftest import Arrive
from browser.household import PRINT_OUT, failing
from browser.program import TOKEN, Program
from browser.visitor import LOST, Device, Visitor

WIZARD: Final = Device(720, 640, has_touch=False)
DESKTOP: Final = Device(1280, 800, has_touch=False)
SMALL: Final = Device(1024, 700, has_touch=False)
NARROW: Final = Device(600, 800, has_touch=False)
TABS: Final = ("home", "people", "history", "safety", "settings", "help")
LONG_NAME: Final = "Die gemütliche Küche der Familie Wassermann-Ölschläger in Konstanz"
LOOKS: Final = (("light", "en-US"), ("dark", "en-US"), ("light", "ar"))

OVER_THE_SIDE: Final = """
() => document.documentElement.scrollWidth > document.documentElement.clientWidth
  ? ["the page"] : [...document.querySelectorAll("button, input, select, textarea, h1, h2, p, dd")]
  .filter((element) => element.checkVisibility() && !element.closest(".sr, .tabs"))
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1
    || element.getBoundingClientRect().left < -1)
  .map((element) => element.outerHTML.slice(0, 80))
"""
"""What reaches over a side of the window; the tabs may be scrolled."""

SMALL_TARGETS: Final = """
() => [...document.querySelectorAll(
    "button, select, summary, label:has(input), input:not(label input)")]
  .filter((element) => element.checkVisibility() && !element.closest(".sr"))
  .filter((element) => !element.matches(".sr"))
  .filter((element) => element.getBoundingClientRect().height < 43.5)
  .map((element) => element.outerHTML.slice(0, 80))
"""


def look_at(
    program: Program, arrive: Arrive, device: Device = DESKTOP, lang: str = "en-US"
) -> Visitor:
    visitor = arrive(device, lang=lang)
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.open(program.url)
    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    return visitor


def test_the_token_is_nowhere_once_the_page_is_open(program: Program, arrive: Arrive) -> None:
    host = look_at(program, arrive)
    assert TOKEN not in host.page.url
    assert TOKEN not in host.page.content()
    stored = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    assert TOKEN not in str(host.page.evaluate(stored))
    host.page.go_back()
    assert TOKEN not in host.page.url


@pytest.mark.parametrize("key", ["", "#k=wrong"])
def test_without_the_token_the_page_says_where_to_get_it(
    program: Program, arrive: Arrive, key: str
) -> None:
    host = arrive(DESKTOP)
    host.forgive(LOST)
    host.open(program.url.partition("#")[0] + key)
    expect(host.page.get_by_role("heading")).to_have_text("This page needs its key")


def test_an_address_pasted_into_an_open_page_opens_it(program: Program, arrive: Arrive) -> None:
    host = arrive(DESKTOP)
    host.forgive(LOST)
    host.open(program.url.partition("#")[0])
    expect(host.page.get_by_role("heading")).to_have_text("This page needs its key")
    host.page.evaluate(f"location.hash = 'k={TOKEN}'")
    expect(host.page.get_by_role("heading", level=1)).to_have_text("Family room")


def test_a_lost_program_is_said_and_comes_back(program: Program, arrive: Arrive) -> None:
    host = look_at(program, arrive)
    host.forgive(LOST, "net::ERR")
    host.page.route("**/api/events", lambda route: route.abort())
    program.cut()
    banner = host.page.locator(".banner")
    expect(banner).to_contain_text("The program doesn't answer.")
    expect(banner).to_contain_text("at the address that it prints: each start has a new one.")
    expect(host.page.get_by_role("tab", name="Home")).to_be_visible()
    # how things stood before is no longer true for sure
    expect(host.page.locator(".standing")).to_have_text(["Program doesn't answer"])
    host.page.unroute("**/api/events")
    expect(banner).to_have_count(0)
    expect(host.page.locator(".standing")).to_have_count(2)


def test_a_keyboard_is_enough(program: Program, arrive: Arrive) -> None:
    page = look_at(program, arrive).page
    page.get_by_role("tab", name="Home").focus()
    for name in ("People", "History"):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tab", name=name)).to_be_focused()
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Help")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    expect(page.get_by_role("tabpanel").locator(":focus")).to_have_count(1)


def test_arrows_go_where_they_point_from_right_to_left(program: Program, arrive: Arrive) -> None:
    page = look_at(program, arrive, lang="ar").page
    page.locator("#tab-home").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tab-people")).to_be_focused()


def test_a_sheet_has_the_name_the_code_and_the_address(program: Program, arrive: Arrive) -> None:
    program.tell(room={"name": LONG_NAME}, lan={"name": f"{'x' * 40}.local"})
    page = look_at(program, arrive).page
    expect(page.locator(".sheet")).to_be_hidden()
    page.emulate_media(media="print")
    sheet = page.locator(".sheet")
    for text in (LONG_NAME, "x.local:8985", "482193"):
        expect(sheet).to_contain_text(text)
    expect(sheet.locator(".qr")).to_be_visible()
    expect(page.locator(".head")).to_be_hidden()
    expect(page.locator(".cards")).to_be_hidden()
    points = page.locator(".sheet-address").evaluate(
        "(at) => parseFloat(getComputedStyle(at).fontSize) * 0.75"
    )
    assert round(points) == 28
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


@pytest.mark.parametrize(("scheme", "lang"), LOOKS)
def test_no_tab_has_anything_to_mend(
    program: Program, arrive: Arrive, scheme: str, lang: str
) -> None:
    page = look_at(program, arrive, lang=lang).page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: list[str] = []
    for tab in TABS:
        page.locator(f"#tab-{tab}").click()
        expect(page.get_by_role("tabpanel")).to_be_visible()
        found += violations(page, tab)
    page.locator("#tab-people").click()
    page.locator(".button-icon").first.click()
    found += violations(page, "deeds")
    page.locator(".head .button").click()
    expect(page.locator("dialog .qr")).to_be_visible()
    found += violations(page, "invitation")
    page.keyboard.press("Escape")
    program.tell(
        hub={"state": "not_allowed", "reason": "hub.denied", "command": "hivemind-core x 3"},
        lan={"state": "none", "addresses": []},
        room={"port": 8986, "paused": True},
        store={"state": "full"},
    )
    page.locator("#tab-home").click()
    expect(page.locator(".health-bad")).to_have_count(3)
    found += violations(page, "trouble")
    assert found == []


@pytest.mark.parametrize(("scheme", "lang"), LOOKS)
def test_no_step_has_anything_to_mend(
    program: Program, arrive: Arrive, scheme: str, lang: str
) -> None:
    program.forget_setup()
    program.checks = failing("allowed", "hub.denied", "hivemind-core x 3")
    page = look_at(program, arrive, WIZARD, lang).page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = violations(page, "hello")
    next_button = page.locator(".step-buttons [class=button]")
    next_button.click()
    found += violations(page, "assistant")
    page.locator(".address-box input").fill("192.168.1.10")
    next_button.click()
    found += violations(page, "connect")
    page.locator("#paste").fill(PRINT_OUT)
    next_button.click()
    expect(page.locator(".check-failed")).to_be_visible()
    found += violations(page, "failed")
    page.locator(".step-buttons .button-quiet").click()
    found += violations(page, "room")
    next_button.click()
    expect(page.locator(".invitation .qr")).to_be_visible()
    found += violations(page, "invite")
    assert found == []


def test_what_stands_between_two_words_is_of_the_pages_language(
    program: Program, arrive: Arrive
) -> None:
    program.tell(hub={"builtin": True, "address": ""})
    page = look_at(program, arrive, lang="ar").page
    page.locator("#tab-settings").click()
    expect(page.locator(".facts dd").first).to_have_text(re.compile("المساعد المدمج.?، .?متصل"))


@pytest.mark.parametrize("lang", ["de-DE", "ar"])
def test_nothing_reaches_over_the_side_of_the_window(
    program: Program, arrive: Arrive, lang: str
) -> None:
    page = look_at(program, arrive, lang=lang).page
    for tab in TABS:
        page.locator(f"#tab-{tab}").click()
        for device in (DESKTOP, SMALL, NARROW):
            page.set_viewport_size({"width": device.width, "height": device.height})
            assert page.evaluate(OVER_THE_SIDE) == [], (tab, device)
            assert page.evaluate(SMALL_TARGETS) == [], (tab, device)


@pytest.mark.parametrize("lang", ["de-DE", "ar"])
def test_each_step_fits_its_window(program: Program, arrive: Arrive, lang: str) -> None:
    program.forget_setup()
    page = look_at(program, arrive, WIZARD, lang).page
    next_button = page.locator(".step-buttons [class=button]")
    for step in range(2):
        expect(next_button).to_be_in_viewport(ratio=1)
        assert page.evaluate(OVER_THE_SIDE) == []
        assert page.evaluate(SMALL_TARGETS) == []
        if step == 1:  # only a hub is connected to
            page.locator("input[aria-describedby=address-result]").fill("192.168.1.10")
        next_button.click()
    expect(next_button).to_be_in_viewport(ratio=1)
    page.locator(".step-buttons .button-quiet").click()
    expect(next_button).to_be_in_viewport(ratio=1)
    next_button.click()
    expect(page.locator(".invitation .qr")).to_be_in_viewport(ratio=1)
    expect(next_button).to_be_in_viewport(ratio=1)


def test_states_differ_in_more_than_colour(program: Program, arrive: Arrive) -> None:
    program.tell(hub={"state": "unreachable", "reason": "hub.lost"})
    page = look_at(program, arrive).page
    page.emulate_media(forced_colors="active")
    dots = page.locator(".head .dot")
    assert dots.first.evaluate("(dot) => getComputedStyle(dot).borderRadius") == "50%"
    assert dots.last.evaluate("(dot) => getComputedStyle(dot).borderRadius") == "0px"
    assert "away" in page.locator(".head").inner_text()


def violations(page: Page, where: str) -> list[str]:
    """Return what axe finds, with the place."""
    return [
        f"{where}: {violation['id']}: {node['html']}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
