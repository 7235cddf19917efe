"""The operator's page on a real room: set up with a real hub, moderated, restored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, LOST, PHONE, Device
from e2e.hubs import UTTERANCE, RealHub
from hivemind_chatroom.settings import HubChoice

WINDOW: Final = Device(720, 640, has_touch=False)
ALLOWED_WITHIN_MS: Final = 5_000
SHOWN_WITHIN_MS: Final = 1_000


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RealHub]:
    hub = RealHub(tmp_path / "hub").start(UTTERANCE)
    yield hub
    hub.stop()


def print_out(hub: RealHub) -> str:
    """Return what `hivemind-core add-client` says."""
    return f"""Credentials added to database!

Node ID: {hub.client_id}
Friendly Name: Family room
Access Key: {hub.key}
Password: {hub.password}
"""


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def come_to_connect(page: Page, url: str, hub: RealHub) -> None:
    """Say where the hub is, and paste what it printed."""
    page.goto(url)
    press(page, "Let's go")
    page.get_by_label("Type its address").check()
    page.get_by_label("Address of the hub").fill(f"127.0.0.1:{hub.port}")
    press(page, "Next")
    expect(page.get_by_label("Paste here")).to_be_focused()
    page.keyboard.insert_text(print_out(hub))


def test_a_hub_of_the_household_is_connected_and_answers_visitors(
    open_room: OpenRoom, arrive: Arrive, hub: RealHub
) -> None:
    room = open_room(hub=HubChoice.IDENTITY)
    page = arrive(WINDOW).page
    come_to_connect(page, room.operator_url, hub)
    press(page, "Test")
    expect(page.locator(".check-ok")).to_have_count(5)
    press(page, "Next")
    page.get_by_label("Name of the room").fill("Our kitchen")
    page.get_by_role("switch", name="Ask for a code").uncheck()
    press(page, "Next")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your room is open")
    press(page, "Done")
    expect(page.get_by_role("heading", level=1)).to_have_text("Our kitchen")
    expect(page.locator(".head")).to_contain_text("Assistant connected")

    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    ana.say("hello there")
    expect(ana.answers_to("Ana")).to_have_count(1)
    expect(page.locator(".happenings")).to_contain_text("Ana was answered")
    expect(page.locator(".figure").first).to_contain_text("1")
    secrets = (hub.key, hub.password)
    assert not any(secret in page.content() for secret in secrets)


def test_what_the_hub_does_not_allow_is_named_and_green_once_it_does(
    open_room: OpenRoom, arrive: Arrive, hub: RealHub
) -> None:
    hub.allow()
    page = arrive(WINDOW).page
    come_to_connect(page, open_room().operator_url, hub)
    press(page, "Test")
    failed = page.locator(".check-failed")
    expect(failed.locator("code")).to_have_text(
        f"hivemind-core allow-msg {UTTERANCE} {hub.client_id}"
    )
    hub.allow(UTTERANCE)
    press(page, "Test")
    expect(page.get_by_text("All is well")).to_be_visible(timeout=ALLOWED_WITHIN_MS)


def test_a_hub_with_nothing_behind_it_is_called_so_until_somebody_answers(
    open_room: OpenRoom, arrive: Arrive, hub: RealHub
) -> None:
    hub.tell("backend", up=False)
    page = arrive(WINDOW).page
    come_to_connect(page, open_room(hub=HubChoice.IDENTITY).operator_url, hub)
    press(page, "Test")
    expect(page.locator(".check-failed")).to_contain_text("The assistant doesn't answer")
    press(page, "Next")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your room")
    press(page, "Finish later")
    head = page.locator(".head")
    expect(head).to_contain_text("Assistant connected, but nothing answers")
    hub.tell("backend", up=True)
    press(page, "Try now")
    expect(head).to_contain_text("Assistant connected")
    expect(head).not_to_contain_text("but nothing answers")


def test_who_is_muted_or_removed_sees_it_at_once_and_undo_restores(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    host = arrive(DESKTOP)
    host.open(room.operator_url)
    press(host.page, "Finish later")
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(room.url, "Ana")
    host.page.get_by_role("button", name="What to do about Ana").click()
    press(host.page, "Mute 1 hour")
    expect(ana.composer).to_be_disabled(timeout=SHOWN_WITHIN_MS)
    press(host.page, "Undo")
    expect(ana.composer).to_be_enabled(timeout=SHOWN_WITHIN_MS)
    host.page.get_by_role("button", name="What to do about Ana").click()
    press(host.page, "Remove")
    expect(ana.page.get_by_text("The host removed you from the room.")).to_be_visible(
        timeout=SHOWN_WITHIN_MS
    )
    press(host.page, "Undo")
    expect(host.page.locator(".person")).to_contain_text("Ana")


def test_a_paused_room_lets_nobody_write(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    host = arrive(DESKTOP)
    host.open(room.operator_url)
    press(host.page, "Finish later")
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    press(host.page, "Pause")
    expect(ana.composer).to_be_disabled(timeout=SHOWN_WITHIN_MS)
    press(host.page, "Go on")
    expect(ana.composer).to_be_enabled(timeout=SHOWN_WITHIN_MS)


def test_a_backup_brings_back_what_was_forgotten(
    open_room: OpenRoom, arrive: Arrive, tmp_path: Path
) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    ana.say("Remember the milk")
    expect(ana.line("Remember the milk")).to_have_attribute("data-state", "sent")
    ana.page.goto("about:blank")
    host = arrive(DESKTOP)
    host.forgive(LOST, "net::ERR", "Failed to fetch")
    host.open(room.operator_url)
    press(host.page, "Finish later")
    host.page.get_by_role("tab", name="Help").click()
    with host.page.expect_download() as caught:
        press(host.page, "Save backup")
    backup = tmp_path / "backup.zip"
    caught.value.save_as(backup)

    host.page.get_by_role("tab", name="Safety").click()
    press(host.page, "Forget all messages…")
    press(host.page, "Forget all")
    host.page.get_by_role("tab", name="History").click()
    expect(host.page.get_by_text("Nothing has been said yet")).to_be_visible()

    host.page.get_by_role("tab", name="Help").click()
    with host.page.expect_file_chooser() as chooser:
        press(host.page, "Restore from a backup…")
    chooser.value.set_files(backup)
    press(host.page, "Restore")
    host.page.get_by_role("tab", name="History").click()
    expect(host.page.get_by_text("Remember the milk")).to_be_visible()
