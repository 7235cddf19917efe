"""A browser that runs no scripts has a plain page, on which one joins, writes and reads."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, SMALL_PHONE, Visitor
from hivemind_chatroom.room.model import Address, Reply

CODE = "482193"

REFUSED = "Failed to load resource: the server responded with a status of 4"


def said(visitor: Visitor) -> Locator:
    """Return what the plain page's frame shows, the newest first."""
    return visitor.page.frame_locator("iframe").locator("li")


def join(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_label("Dein Name").fill(name)
    visitor.page.get_by_role("button", name="Beitreten").click()


def write(visitor: Visitor, text: str) -> None:
    visitor.page.get_by_label("Nachricht", exact=True).fill(text)
    visitor.page.get_by_role("button", name="Senden").click()


def test_a_browser_without_scripts_writes_and_reads_on(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    bob, oma = arrive(DESKTOP), arrive(SMALL_PHONE, runs_scripts=False)
    bob.join(room.url, "Bob")
    oma.open(f"{room.url}/chatroom/anon_user/kitchen/de")
    expect(oma.page.get_by_label("Sprache")).to_have_value("de")

    join(oma, "Oma")
    write(oma, "Guten Morgen")
    expect(oma.page.get_by_role("status")).to_have_text("Gesendet")
    expect(said(oma)).to_contain_text(["Guten Morgen"])
    expect(bob.line("Guten Morgen").locator(".author")).to_have_text("Oma")
    expect(bob.line("Guten Morgen").locator("[lang=de]")).to_be_visible()

    oma.page.get_by_label("Nachricht", exact=True).fill("Ich schreibe noch")
    bob.say("Hello Oma")
    room.room.receive(Reply(Address(), "The washing is done"))
    expect(said(oma).filter(has_text="washing")).to_be_visible(timeout=20_000)
    expect(said(oma).filter(has_text="Hello Oma")).to_be_visible()
    expect(oma.page.get_by_label("Nachricht", exact=True)).to_have_value("Ich schreibe noch")


def test_an_invitation_lets_in_a_browser_without_scripts_too(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(code=CODE)
    oma = arrive(PHONE, lang="de-DE", runs_scripts=False)
    oma.open(f"{room.url}/j/{CODE}")
    expect(oma.page.get_by_label("Raumcode")).to_have_value(CODE)
    expect(oma.page.locator("iframe")).to_have_count(0)
    join(oma, "Oma")
    write(oma, "Ich bin da")
    expect(said(oma)).to_contain_text(["Ich bin da"])


def test_a_wrong_code_and_a_wrong_name_are_said_and_nothing_is_lost(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(code=CODE)
    oma = arrive(PHONE, lang="de-DE", runs_scripts=False)
    oma.forgive(REFUSED)
    oma.open(room.url)
    code = oma.page.get_by_label("Raumcode")
    code.fill("000000")
    join(oma, "Oma")
    expect(oma.page.get_by_role("alert")).to_be_visible()
    expect(oma.page.get_by_label("Dein Name")).to_have_value("Oma")

    code.fill(CODE)
    join(oma, "HiveMind")
    expect(oma.page.get_by_role("alert")).to_be_visible()
    expect(code).to_have_value(CODE)
    join(oma, "Oma")
    expect(oma.page.get_by_role("button", name="Senden")).to_be_visible()
