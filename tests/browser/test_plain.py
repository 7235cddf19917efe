"""A browser that runs no scripts has a plain form."""

from __future__ import annotations

from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, SMALL_PHONE


def test_a_browser_without_scripts_can_write_and_keeps_its_name(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    bob, oma = arrive(DESKTOP), arrive(SMALL_PHONE, runs_scripts=False)
    bob.join(room.url, "Bob")
    oma.open(f"{room.url}/chatroom/anon_user/kitchen/de")
    expect(oma.door).to_be_hidden()

    oma.page.get_by_label("Dein Name").locator("visible=true").fill("Oma")
    oma.page.get_by_label("Nachricht").locator("visible=true").fill("Guten Morgen")
    oma.page.get_by_role("button", name="Senden").click()

    expect(bob.line("Guten Morgen").locator(".author")).to_have_text("Oma")
    expect(bob.line("Guten Morgen").locator("[lang=de]")).to_be_visible()
    expect(oma.page).to_have_url(f"{room.url}/chatroom/Oma/kitchen/de")
    expect(oma.page.get_by_label("Dein Name").locator("visible=true")).to_have_value("Oma")
