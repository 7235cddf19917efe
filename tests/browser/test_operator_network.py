"""What the host sees of the network: suspects, a lock-out, and the settings of the room's name."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import expect

from browser.conftest import Arrive
from browser.dashboard import WINDOW, open_tab
from browser.program import Program
from browser.test_operator_page import NARROW, OVER_THE_SIDE, SMALL_TARGETS, violations
from browser.visitor import Visitor

HINTS: Final[list[dict[str, Any]]] = [
    {"kind": "wifi", "name": "", "commands": []},
    {"kind": "vpn", "name": "wg0", "commands": []},
    {"kind": "firewall", "name": "ufw", "commands": ["sudo ufw allow 8985/tcp"]},
    {"kind": "firewall", "name": "windows", "commands": ["netsh advfirewall firewall add rule"]},
    {"kind": "firewall", "name": "macos", "commands": []},
]
WIRED: Final = {"name": "eth0", "addresses": ["10.0.0.5"], "is_pinned": False}


@pytest.mark.parametrize(("scheme", "lang"), [("light", "en-US"), ("dark", "ar")])
def test_nothing_of_it_has_anything_to_mend_and_all_fits_a_narrow_window(
    program: Program, arrive: Arrive, scheme: str, lang: str
) -> None:
    page = arrive(WINDOW, lang=lang).page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(program.url)
    interfaces = [*program.status["lan"]["interfaces"], WIRED]
    program.tell(lan={"hints": HINTS, "interfaces": interfaces}, room={"locked_out": 1})
    expect(page.locator(".hints li")).to_have_count(len(HINTS))
    page.locator(".card-invite .fold summary").click()
    found = violations(page, "home")
    page.set_viewport_size({"width": NARROW.width, "height": NARROW.height})
    assert page.evaluate(OVER_THE_SIDE) == []
    assert page.evaluate(SMALL_TARGETS) == []
    page.locator("#tab-settings").click()
    expect(page.locator("#lan-interface")).to_be_visible()
    assert found + violations(page, "settings") == []


def test_suspects_are_gone_as_soon_as_somebody_has_come(program: Program, host: Visitor) -> None:
    program.tell(lan={"hints": HINTS, "last_visitor_at": None})
    expect(host.page.locator(".hints")).to_be_visible()
    program.tell(lan={"hints": [], "last_visitor_at": program.status["app"]["started_at"]})
    expect(host.page.locator(".hints")).to_have_count(0)
    expect(host.page.locator(".card-health")).to_contain_text("Last visit:")


def test_a_room_that_is_not_announced_can_be(program: Program, host: Visitor) -> None:
    program.settings["lan"] = False
    program.tell(lan={"state": "disabled", "name": None})
    with host.page.expect_response("**/api/settings"):
        host.page.get_by_role("button", name="Announce it").click()
    assert program.bodies("settings", 1) == [{"lan": True}]
    panel = open_tab(host.page, "Settings")
    expect(panel.get_by_role("switch", name="Announce the room")).to_be_checked()


@pytest.mark.parametrize(
    ("lan", "words"),
    [
        ({"state": "off", "name": None}, "disallow-other-stacks"),
        ({"state": "disabled", "name": None}, "is not announced"),
        ({"wanted_interface": "eth7"}, "The network eth7"),
    ],
)
def test_what_is_wrong_comes_before_what_may_be_why_nobody_has_come(
    program: Program, host: Visitor, lan: dict[str, Any], words: str
) -> None:
    program.tell(lan={**lan, "hints": HINTS, "last_visitor_at": None})
    items = host.page.locator(".health-item:not(.health-good)")
    expect(items).to_contain_text([words, "No phone has come yet."])


def test_another_room_with_the_same_code_has_an_invitation_of_its_own(
    program: Program, host: Visitor
) -> None:
    expect(host.page.locator(".card-invite img.qr")).to_be_visible()
    with host.page.expect_response("**/api/invite", timeout=5_000):
        program.tell(room={"id": "of a backup"})
