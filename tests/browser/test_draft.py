"""What is half written stays through whatever loads the page anew, and goes with its writer."""

from __future__ import annotations

from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import PHONE
from hivemind_chatroom.room.model import HubState, HubStatus

HALF = "Half a thought, and"


def test_a_half_written_line_is_there_after_a_reload_for_whom_it_was_meant(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    room.room.hub_is(HubStatus(HubState.CONNECTED, room.room.hub.since))
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("Connected")
    ana.page.get_by_label("To:").select_option("Only me")
    ana.composer.press_sequentially(HALF)

    ana.page.reload()

    expect(ana.composer).to_have_value(HALF)
    expect(ana.page.get_by_label("To:")).to_have_value("assistant")
    ana.composer.press("Enter")
    expect(ana.line(HALF).get_by_text("Only you")).to_be_visible()
    ana.page.reload()
    expect(ana.line(HALF)).to_be_visible()
    expect(ana.composer).to_have_value("")


def test_a_half_written_line_is_there_in_another_language(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.join(open_room().url, "Ana")
    ana.composer.press_sequentially(HALF)

    ana.page.get_by_role("button", name="Your settings").click()
    ana.page.get_by_label("Language").locator("visible=true").select_option("de")

    expect(ana.page.locator("html[lang=de]")).to_be_attached()
    expect(ana.composer).to_have_value(HALF)


def test_a_half_written_line_is_nothing_for_the_next_one_at_this_browser(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.join(open_room().url, "Ana")
    ana.composer.press_sequentially(HALF)
    ana.page.get_by_role("button", name="Your settings").click()
    ana.page.get_by_text("Forget me on this device").click()
    ana.page.get_by_role("button", name="Forget me").click()

    expect(ana.door).to_be_visible()
    kept = ana.page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
    assert HALF not in kept
    ana.join(ana.page.url, "Bob")
    expect(ana.composer).to_have_value("")
