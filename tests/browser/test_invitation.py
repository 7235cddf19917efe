"""A scanned code: a name, a tap, and one is in."""

from __future__ import annotations

from playwright.sync_api import expect

from browser.conftest import LAN_NAME, Arrive, OpenRoom
from browser.visitor import PHONE

CODE = "482193"


def test_who_scans_the_code_needs_a_name_and_one_tap(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room(code=CODE)
    ana = arrive(PHONE)

    ana.open(f"{room.url.replace('127.0.0.1', LAN_NAME)}/j/{CODE}")
    expect(ana.door.locator("[name=name]")).to_be_focused()
    expect(ana.door.locator("[name=code]")).to_be_hidden()
    ana.page.keyboard.type("Ana")
    ana.door.locator("[type=submit]").tap()

    expect(ana.composer).to_be_visible()
    ana.say("Hello")
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    assert CODE not in ana.page.url
