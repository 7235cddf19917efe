"""The room as its host sees it: what stands where, and what buttons do."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

from browser.conftest import Arrive, OpenProgram
from browser.dashboard import WINDOW, open_tab, press
from browser.household import happening, member
from browser.program import Program
from browser.visitor import LOST, Visitor

DEEDS: Final[dict[str, tuple[str, dict[str, Any], str]]] = {
    "Mute 10 minutes": ("mute", {"minutes": 10}, "Ana can read and not write."),
    "Mute 1 hour": ("mute", {"minutes": 60}, "Ana can read and not write."),
    "Mute": ("mute", {"minutes": None}, "Ana can read and not write."),
    "Remove": ("remove", {}, "Ana was removed from the room."),
}


def actions_of(page: Page, name: str) -> Locator:
    """Open what can be done about somebody."""
    person = page.locator(".person", has_text=name)
    person.get_by_role("button", name="What to do about").click()
    return person.get_by_role("group")


def test_everything_is_there_at_a_glance(host: Visitor) -> None:
    page = host.page
    head = page.locator(".head")
    expect(head).to_contain_text("Room open")
    expect(head).to_contain_text("Assistant connected 12 ms")
    expect(page.get_by_role("img", name="QR code of the invitation")).to_be_in_viewport(ratio=1)
    expect(page.locator(".ways .address")).to_have_text("192.168.1.23:8985")
    expect(page.locator(".ways")).to_contain_text("family.local:8985")
    expect(page.locator(".ways .code")).to_have_text("482193")
    expect(page.get_by_role("heading", name="3 people here")).to_be_visible()
    expect(page.locator(".happening").last).to_contain_text("Ana joined")
    expect(page.locator(".health-good")).to_have_count(4)
    expect(page.locator(".figure").first).to_contain_text("132")
    expect(page.locator(".figure").nth(1)).to_contain_text("97%")
    expect(page.get_by_role("img", name="asked, hour by hour")).to_be_in_viewport(ratio=1)


def test_what_happens_is_seen_at_once(program: Program, host: Visitor) -> None:
    program.tell(members=[member(5, "Bob", "en")], hub={"latency_ms": 34.2})
    expect(host.page.get_by_role("heading", name="1 person here")).to_be_visible()
    expect(host.page.locator(".head")).to_contain_text("34 ms")
    program.tell(room={"name": "Kitchen"})
    expect(host.page.get_by_role("heading", level=1)).to_have_text("Kitchen")


def test_only_problems_are_shown_when_wanted(program: Program, host: Visitor) -> None:
    lines = host.page.locator(".happening")
    expect(lines).to_have_count(9)
    host.page.get_by_label("Only problems").check()
    expect(lines).to_contain_text(["Assistant: away", "The hub refused what"])
    program.tell(now=[])
    expect(host.page.get_by_text("No problems. All is well.")).to_be_visible()


def test_the_room_is_paused_and_goes_on(program: Program, host: Visitor) -> None:
    press(host.page, "Pause")
    expect(host.page.locator(".head")).to_contain_text("Room paused")
    press(host.page, "Go on")
    expect(host.page.locator(".head")).to_contain_text("Room open")
    assert program.bodies("pause", 2) == [{"paused": True}, {"paused": False}]


def test_a_deed_is_told_and_can_be_undone(program: Program, host: Visitor) -> None:
    toast = host.page.locator(".toast")
    for button, (path, body, told) in DEEDS.items():
        program.asked.clear()
        press(actions_of(host.page, "Ana"), button)
        expect(toast).to_contain_text(told)
        with host.page.expect_response("**/api/undo/*"):
            press(toast, "Undo")
        expect(toast).to_have_count(0)
        assert program.bodies(f"members/m0/{path}") == [body]
        assert program.bodies(f"undo/{path}-m0", 1) == [{}]


def test_somebody_is_renamed(program: Program, host: Visitor) -> None:
    actions = actions_of(host.page, "João")
    press(actions, "Rename")
    expect(host.page.get_by_label("New name")).to_be_focused()
    host.page.keyboard.type("Johnny")
    host.page.keyboard.press("Enter")
    expect(host.page.locator(".toast")).to_contain_text("João has another name now.")
    assert program.bodies("members/m1/rename", 1) == [{"name": "Johnny"}]


def test_a_name_that_somebody_has_is_refused_in_words(program: Program, host: Visitor) -> None:
    host.forgive(LOST)
    program.refusals["members/m1/rename"] = (409, {"code": "name_taken", "message": "?"})
    press(actions_of(host.page, "João"), "Rename")
    host.page.get_by_label("New name").fill("Ana")
    host.page.keyboard.press("Enter")
    box = host.page.get_by_label("New name")
    expect(box).to_have_accessible_description("Somebody in the room has this name already.")
    expect(box).to_be_focused()
    expect(host.page.locator(".toast")).to_have_count(0)
    box.fill("Anna")
    expect(box).to_have_accessible_description("")


def test_who_is_muted_or_removed_can_be_let_back(program: Program, host: Visitor) -> None:
    until = "2999-01-01T20:30:00.000Z"
    undo = {"member_id": "m2", "name": "سارة", "until": until}
    gone = {"id": "r", "kind": "remove", "member_id": "m9", "name": "Bob", "until": until}
    program.tell(undo=[{"id": "u", "kind": "mute", **undo}, gone])
    panel = open_tab(host.page, "People")
    press(actions_of(host.page, "سارة"), "Let them write")
    expect(panel.get_by_role("button", name="Let in again")).to_be_visible()
    press(panel, "Let in again")
    expect(panel.get_by_text("Removed")).to_have_count(0)
    assert program.bodies("undo/u", 1) == [{}]
    assert program.bodies("undo/r", 1) == [{}]


def test_of_each_deed_there_is_one_toast_until_it_is_undone_anywhere(
    program: Program, host: Visitor
) -> None:
    toasts = host.page.locator(".toast")
    for name in ("Ana", "João"):
        press(actions_of(host.page, name), "Mute")
    expect(toasts).to_have_count(2)
    press(actions_of(host.page, "Ana"), "Mute")
    expect(toasts).to_have_count(2)
    expect(toasts).to_contain_text(["João can read", "Ana can read"])
    program.tell(undo=[undo for undo in program.status["undo"] if undo["member_id"] == "m1"])
    expect(toasts).to_have_count(1)
    expect(toasts).to_contain_text("João can read")
    for tab, button in (("Help", "Save report"), ("Help", "Save backup"), ("Safety", "New code…")):
        press(open_tab(host.page, tab), button)
    press(host.page, "Make a new code")
    expect(toasts).to_have_count(3)
    expect(toasts.last).to_contain_text("has a new code")


def test_what_was_decided_about_somebody_is_among_what_happens(
    program: Program, host: Visitor
) -> None:
    program.tell(
        now=[
            happening("renamed", "João", detail="Johnny"),
            happening("unmuted", "Ana"),
            happening("let_in", "Bob"),
        ]
    )
    expect(host.page.locator(".happening-words")).to_have_text(
        ["Bob may come in again", "Ana may write again", "João is called Johnny now"]
    )


def test_the_invitation_is_shown_large(host: Visitor) -> None:
    press(host.page, "Invite")
    dialog = host.page.get_by_role("dialog", name="Invite people")
    expect(dialog.get_by_role("img", name="QR code of the invitation")).to_be_visible()
    host.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(host.page.get_by_role("button", name="Invite", exact=True)).to_be_focused()


def test_an_empty_room_says_what_to_do(open_program: OpenProgram, arrive: Arrive) -> None:
    host = arrive(WINDOW)
    host.open(open_program().url)
    expect(host.page.get_by_text("Nobody has come yet. Show somebody the code.")).to_be_visible()
    expect(host.page.get_by_text("Nothing has happened yet.")).to_be_visible()
    expect(open_tab(host.page, "People")).to_contain_text("Press Invite")
    expect(open_tab(host.page, "History")).to_contain_text("Nothing has been said yet")


def test_a_room_that_everybody_has_left_does_not_say_that_nobody_has_come(
    program: Program, host: Visitor
) -> None:
    program.tell(members=[])
    expect(host.page.get_by_text("Everybody has left. Show somebody the code.")).to_be_visible()
    panel = open_tab(host.page, "People")
    expect(panel.get_by_role("heading", name="Everybody has left")).to_be_visible()
    expect(panel).to_contain_text("0 people have joined. There is room for 50.")
