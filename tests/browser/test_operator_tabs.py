"""The other tabs of the dashboard: history, safety, settings, help."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import expect

from browser.dashboard import open_tab, press
from browser.household import LOG
from browser.program import Program
from browser.visitor import LOST, Visitor

FILES: Final = {
    ("History", "HTML"): "room.html",
    ("History", "Text"): "room.text",
    ("History", "JSON"): "room.json",
    ("Help", "Save report"): "report.zip",
    ("Help", "Save backup"): "backup.zip",
}


def test_history_is_searched_and_forgotten(program: Program, host: Visitor) -> None:
    panel = open_tab(host.page, "History")
    lines = panel.locator(".log-line")
    expect(lines).to_have_count(4)
    expect(lines.nth(1)).to_contain_text("HiveMind → Ana")
    panel.get_by_role("searchbox").fill("weather")
    expect(lines).to_have_count(1)
    lines.get_by_role("button", name="Forget this message").click()
    press(host.page.get_by_role("dialog"), "Forget")
    expect(lines).to_have_count(0)
    assert ("DELETE", "messages/1", {}) in program.asked
    expect(panel.get_by_text("Nothing found")).to_be_visible()


def test_what_is_said_meanwhile_is_in_the_history(program: Program, host: Visitor) -> None:
    panel = open_tab(host.page, "History")
    expect(panel.locator(".log-line")).to_have_count(4)
    program.log = [*LOG, {**LOG[0], "id": 5, "text": "Something new"}]
    program.tell(store={"messages": 5})
    expect(panel.get_by_text("Something new")).to_be_visible()


def test_files_are_handed_to_the_browser(host: Visitor, tmp_path: Path) -> None:
    for (tab, button), name in FILES.items():
        panel = open_tab(host.page, tab)
        with host.page.expect_download() as caught:
            press(panel, button)
        assert caught.value.suggested_filename == name
        caught.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes() == b"a file"
        toast = host.page.locator(".toast", has_text=name)
        expect(toast).to_have_text(f"{name} is ready to be saved.")


def test_what_became_of_a_file_is_told_where_the_window_knows_it(host: Visitor) -> None:
    toast = host.page.locator(".toast")
    press(open_tab(host.page, "Help"), "Save report")
    expect(toast).to_have_text("report.zip is ready to be saved.")
    for outcome, words in (
        ("saved", "report.zip is saved."),
        ("cancelled", "report.zip was not saved."),
        ("failed", "report.zip could not be saved."),
    ):
        host.page.evaluate(
            "(detail) => dispatchEvent(new CustomEvent('download', { detail }))",
            {"name": "report.zip", "outcome": outcome},
        )
        expect(toast).to_have_text(words)


def test_a_backup_takes_the_place_of_all_after_one_question(
    program: Program, host: Visitor, tmp_path: Path
) -> None:
    backup = tmp_path / "room.zip"
    backup.write_bytes(b"PK")
    panel = open_tab(host.page, "Help")
    with host.page.expect_file_chooser() as chooser:
        press(panel, "Restore from a backup…")
    chooser.value.set_files(backup)
    dialog = host.page.get_by_role("dialog")
    expect(dialog).to_contain_text("makes way for room.zip, made on Nov 5, 2026")
    assert program.bodies("restore") == []
    press(dialog, "Restore")
    expect(host.page.locator(".toast")).to_have_text("The room is restored and starts anew.")
    assert program.bodies("restore", 1) == [b"PK"]


def test_a_file_that_is_no_backup_is_said_so(
    program: Program, host: Visitor, tmp_path: Path
) -> None:
    host.forgive(LOST)
    program.refusals["restore/check"] = (422, {"code": "backup_invalid", "message": "?"})
    other = tmp_path / "photo.zip"
    other.write_bytes(b"?")
    panel = open_tab(host.page, "Help")
    with host.page.expect_file_chooser() as chooser:
        press(panel, "Restore from a backup…")
    chooser.value.set_files(other)
    expect(host.page.get_by_text("is no backup of a room")).to_be_visible()
    expect(host.page.get_by_role("dialog")).to_have_count(0)  # nothing to ask
    assert program.bodies("restore") == []


def test_the_code_is_renewed_chosen_and_switched_off(program: Program, host: Visitor) -> None:
    panel = open_tab(host.page, "Safety")
    press(panel, "New code…")
    dialog = host.page.get_by_role("dialog", name="A new code?")
    expect(dialog).to_contain_text("People who are in stay in.")
    press(dialog, "Cancel")
    assert program.bodies("invite/rotate") == []
    press(panel, "New code…")
    press(dialog, "Make a new code")
    expect(panel.get_by_label("Code", exact=True)).to_have_value("736451")
    panel.get_by_label("Code", exact=True).fill("1234")
    panel.get_by_label("Code", exact=True).press("Enter")
    expect(panel.get_by_text("Saved.")).to_be_visible()
    panel.get_by_role("switch", name="Ask for a code").uncheck()
    expect(panel.get_by_label("Code", exact=True)).to_have_count(0)
    assert program.bodies("settings", 2) == [{"code": "1234"}, {"code": ""}]


def test_who_typed_wrong_codes_is_told_of_and_may_try_again(
    program: Program, host: Visitor
) -> None:
    panel = open_tab(host.page, "Safety")
    expect(panel.get_by_role("button", name="Let them try again")).to_have_count(0)
    program.tell(room={"locked_out": 2})
    expect(panel.get_by_text("Somebody typed five wrong codes")).to_be_visible()
    with host.page.expect_response("**/invite/unlock"):
        press(panel, "Let them try again")


def test_all_is_forgotten_after_one_question(program: Program, host: Visitor) -> None:
    panel = open_tab(host.page, "Safety")
    press(panel, "Forget all messages…")
    press(host.page.get_by_role("dialog"), "Cancel")
    assert program.asked == []
    press(panel, "Forget all messages…")
    press(host.page.get_by_role("dialog"), "Forget all")
    expect(host.page.locator(".toast")).to_contain_text("All messages are forgotten.")
    assert program.asked == [("DELETE", "messages", {})]


def test_how_long_and_how_much_is_kept_is_decided(program: Program, host: Visitor) -> None:
    panel = open_tab(host.page, "Safety")
    panel.get_by_label("Keep what is said").select_option("365")
    expect(panel.get_by_text("Saved.")).to_be_visible()
    panel.get_by_label("How many people at most").fill("12")
    panel.get_by_label("How many people at most").press("Enter")
    panel.get_by_label("How many messages at most").fill("5000")
    panel.get_by_label("How many messages at most").press("Enter")
    expect(panel.get_by_text("Saved.")).to_have_count(3)
    assert program.bodies("settings", 3) == [
        {"keep_days": 365},
        {"members_max": 12},
        {"keep_messages": 5000},
    ]


def test_a_number_that_can_not_be_is_said_beside_it(program: Program, host: Visitor) -> None:
    host.forgive(LOST)
    error = {"code": "setting_invalid", "message": "?", "setting": "members_max"}
    program.refusals["settings"] = (422, error)
    panel = open_tab(host.page, "Safety")
    panel.get_by_label("How many people at most").fill("0")
    panel.get_by_label("How many people at most").press("Enter")
    expect(panel.get_by_text("This number can't be used.")).to_be_visible()
    expect(panel.get_by_label("How many people at most")).to_have_attribute("aria-invalid", "true")


def test_name_languages_and_start_are_settings(program: Program, host: Visitor) -> None:
    panel = open_tab(host.page, "Settings")
    panel.get_by_label("Name of the room").fill("Kitchen")
    panel.get_by_label("Name of the room").press("Enter")
    expect(host.page.get_by_role("heading", level=1)).to_have_text("Kitchen")
    panel.get_by_label("العربية").uncheck()
    panel.get_by_role("switch", name="Start with the computer").check()
    expect(panel.get_by_role("switch", name="Start with the computer")).to_be_checked()
    expect(panel.get_by_text("Saved.")).to_have_count(3)
    assert program.bodies("settings", 3) == [
        {"room_name": "Kitchen"},
        {"languages": ["en", "pt-PT"]},
        {"start_at_login": True},
    ]


def test_the_rooms_name_on_the_network_is_decided_and_a_conflict_said(
    program: Program, host: Visitor
) -> None:
    panel = open_tab(host.page, "Settings")
    card = panel.locator(".card", has=host.page.get_by_role("heading", name="Network"))
    expect(card).to_contain_text("Phones find it at family.local:8985")
    name = card.get_by_label("Name on the network")
    name.fill("hivechat")
    name.press("Enter")
    expect(card.get_by_text("Saved.")).to_be_visible()
    program.tell(lan={"name": "hivechat-1a2b.local", "wanted_name": "hivechat.local"})
    expect(card).to_contain_text(
        "hivechat.local belongs to another computer; this room is hivechat-1a2b.local."
    )
    expect(card.get_by_label("Address that others are told")).to_have_count(0)
    wired = {"name": "eth0", "addresses": ["10.0.0.5"], "is_pinned": False}
    program.tell(lan={"interfaces": [*program.status["lan"]["interfaces"], wired]})
    card.get_by_label("Address that others are told").select_option("10.0.0.5 (eth0)")
    expect(card.get_by_text("Saved.").last).to_be_visible()
    card.get_by_role("switch", name="Announce the room").uncheck()
    expect(name).to_have_count(0)
    assert program.bodies("settings", 3) == [
        {"lan_name": "hivechat"},
        {"lan_interface": "eth0"},
        {"lan": False},
    ]


def test_the_assistant_can_be_another_one(program: Program, host: Visitor) -> None:
    secret = {"found": True, "masked": "5498…"}
    program.identity |= {"is_set": True, "host": "hub.local", "port": 5678, "key": secret}
    panel = open_tab(host.page, "Settings")
    press(panel, "Use the built-in assistant")
    program.tell(hub={"builtin": True, "choice": "built-in", "address": ""})
    expect(panel.get_by_text("the built-in assistant, connected")).to_be_visible()
    expect(panel.get_by_text("5498…")).to_be_visible()
    press(panel, "Use the saved hub")
    press(panel, "Connect anew")
    expect(panel).to_be_visible()
    assert [path for _, path, _ in program.taken(3)] == [
        "hub/built-in",
        "hub/identity",
        "hub/reconnect",
    ]


def test_the_room_is_closed_after_one_question(program: Program, host: Visitor) -> None:
    press(open_tab(host.page, "Settings"), "Close the room…")
    press(host.page.get_by_role("dialog"), "Close the room")
    expect(host.page.get_by_role("dialog")).to_have_count(0)
    assert program.bodies("window/quit", 1) == [{}]


def test_without_a_window_nothing_offers_to_close_it(program: Program, host: Visitor) -> None:
    program.tell(app={"desktop": False})
    panel = open_tab(host.page, "Settings")
    expect(panel.get_by_text("This window")).to_be_visible()
    expect(panel.get_by_role("button", name="Close the room…")).to_have_count(0)
