"""Setting the room up: five steps, few clicks, and nothing lost on the way."""

from __future__ import annotations

import re
from typing import Final

import pytest
from playwright.sync_api import expect

from browser.conftest import Arrive, OpenProgram
from browser.first_steps import Wizard, fresh, look_at
from browser.household import KEY, PASSWORD, PRINT_OUT
from browser.program import Program
from browser.visitor import LOST

CLICKS_MAX: Final = 6
PASTES_MAX: Final = 2


@pytest.fixture
def program(open_program: OpenProgram) -> Program:
    """Start a program that nobody has set up yet."""
    return fresh(open_program)


def test_from_hello_to_an_invitation_with_few_clicks(program: Program, wizard: Wizard) -> None:
    program.hubs["hubs"] = [
        {"name": "Living room", "host": "192.168.1.10", "port": 5678, "tls": False}
    ]
    wizard.press("Let's go")
    expect(wizard.page.get_by_label("Living room")).to_be_checked()
    wizard.press("Next")
    expect(wizard.page.get_by_label("Paste here")).to_be_focused()
    wizard.paste(PRINT_OUT)
    wizard.press("Test")
    expect(wizard.page.locator(".check-ok")).to_have_count(5)
    well = wizard.page.get_by_text("All is well")
    expect(well).to_be_in_viewport(ratio=1)
    assert wizard.covered(well) == ""
    wizard.press("Next")
    wizard.press("Next")
    expect(wizard.page.get_by_role("img", name="QR code")).to_be_visible()
    with wizard.page.expect_response("**/api/settings"):
        wizard.press("Done")

    expect(wizard.page.get_by_role("tab", name="Home")).to_be_visible()
    assert wizard.clicks <= CLICKS_MAX
    assert wizard.pastes <= PASTES_MAX
    assert program.bodies("identity", 1) == [{"text": PRINT_OUT, "host": "192.168.1.10:5678"}]
    assert program.settings["set_up"] is True
    assert re.fullmatch("[0-9]{6}", program.settings["code"])


def test_who_has_begun_to_type_an_address_is_not_interrupted_by_a_hub_that_is_found(
    program: Program, wizard: Wizard
) -> None:
    program.hubs["is_searching"] = True
    wizard.press("Let's go")
    address = wizard.page.get_by_label("Address of the hub")
    expect(address).to_be_focused()
    wizard.page.keyboard.type("192.168.1")
    program.hubs["hubs"] = [{"name": "Den", "host": "10.0.0.2", "port": 5678, "tls": False}]
    program.tell(app={})
    expect(wizard.page.get_by_label("Den")).not_to_be_checked()
    wizard.page.keyboard.type(".10")
    expect(address).to_have_value("192.168.1.10")


def test_the_list_of_hubs_is_another_as_soon_as_something_is_told(
    program: Program, wizard: Wizard
) -> None:
    program.hubs["is_searching"] = True
    wizard.press("Let's go")
    options = wizard.page.locator(".options")
    expect(wizard.page.get_by_text("Looking for hubs on your network…")).to_be_visible()
    den = {"name": "Den", "host": "10.0.0.2", "port": 5678, "tls": False, "is_reachable": None}
    program.hubs |= {"hubs": [den], "is_searching": False}
    program.tell(app={})
    expect(options.get_by_label("Den")).to_be_checked()
    expect(options).to_contain_text("Not listed? Type its address")
    expect(wizard.page.get_by_text("Looking for hubs")).to_have_count(0)
    for is_reachable, words in ((True, "10.0.0.2:5678, answers"), (False, "does not answer")):
        program.hubs["hubs"] = [{**den, "is_reachable": is_reachable}]
        program.tell(app={})
        expect(options).to_contain_text(words)
    program.hubs["hubs"] = []
    program.tell(app={})
    expect(wizard.page.get_by_text("No hub has told of itself here.")).to_be_visible()
    expect(options.get_by_label("Use the built-in assistant")).to_be_checked()


def test_without_a_hub_the_built_in_assistant_is_chosen_until_an_address_is_typed(
    program: Program, wizard: Wizard
) -> None:
    wizard.press("Let's go")
    built_in = wizard.page.get_by_label("Use the built-in assistant")
    expect(built_in).to_be_checked()
    expect(wizard.page.get_by_label("Address of the hub")).to_be_focused()
    wizard.page.keyboard.type("192.168.1.10")
    expect(wizard.page.get_by_label("Type its address")).to_be_checked()
    wizard.press("Next")
    expect(wizard.heading).to_have_text("Connect to your assistant")
    wizard.press("Back")
    built_in.check()
    wizard.press("Next")
    expect(wizard.heading).to_have_text("Your room")
    assert program.bodies("hub/built-in", 1) == [{}]


def test_an_address_is_wanted_before_the_next_step(wizard: Wizard) -> None:
    wizard.press("Let's go")
    address = wizard.page.get_by_label("Address of the hub")
    address.fill("  ")
    wizard.press("Next")
    expect(wizard.page.get_by_text("Type the address here, or choose")).to_be_visible()
    expect(wizard.heading).to_have_text("Find your assistant")
    expect(address).to_be_focused()
    expect(address).to_have_attribute("aria-invalid", "true")
    address.fill("192.168.1.10")
    expect(wizard.page.get_by_text("Type the address here, or choose")).to_have_count(0)
    wizard.press("Next")
    expect(wizard.heading).to_have_text("Connect to your assistant")


def test_the_built_in_assistant_needs_no_connecting(program: Program, wizard: Wizard) -> None:
    wizard.press("Let's go")
    wizard.page.get_by_label("Use the built-in assistant").check()
    wizard.press("Next")
    expect(wizard.heading).to_have_text("Your room")
    assert program.bodies("hub/built-in", 1) == [{}]


def test_what_is_decided_about_the_room_is_kept(program: Program, wizard: Wizard) -> None:
    wizard.press("Let's go")
    wizard.press("Skip for now")
    wizard.page.get_by_label("Name of the room").fill("Our kitchen")
    wizard.page.get_by_role("switch", name="Ask for a code").uncheck()
    wizard.page.get_by_role("switch", name="Start with the computer").check()
    wizard.page.get_by_label("Keep what is said").select_option("7")
    wizard.page.get_by_text("Languages of the room").click()
    wizard.page.get_by_label("Deutsch").check()
    wizard.press("Next")
    expect(wizard.heading).to_have_text("Your room is open")
    decided = next(body for body in program.bodies("settings") if "room_name" in body)
    assert decided == {
        "room_name": "Our kitchen",
        "keep_days": 7,
        "languages": ["en", "pt-PT", "de", "ar"],
        "start_at_login": True,
    }


def test_a_name_that_can_not_be_is_said_beside_it(program: Program, wizard: Wizard) -> None:
    error = {"code": "setting_invalid", "message": "No.", "setting": "room_name"}
    program.refusals["settings"] = (422, error)
    wizard.visitor.forgive(LOST)
    wizard.press("Let's go")
    wizard.press("Skip for now")
    wizard.page.get_by_label("Name of the room").fill("  ")
    wizard.press("Next")
    expect(wizard.page.get_by_text("A room's name has 1 to 64 letters.")).to_be_visible()
    expect(wizard.heading).to_have_text("Your room")


@pytest.mark.parametrize(
    ("by", "words"),
    [("the command line", "Set by the command line"), ("the environment", "by the environment")],
)
def test_what_is_decided_elsewhere_can_not_be_changed(
    open_program: OpenProgram, arrive: Arrive, by: str, words: str
) -> None:
    program = fresh(open_program)
    program.settings["fixed"] = {"room_name": by, "code": by}
    wizard = look_at(program, arrive)
    wizard.press("Let's go")
    wizard.press("Skip for now")
    expect(wizard.page.get_by_label("Name of the room")).to_be_disabled()
    expect(wizard.page.get_by_text(words).first).to_be_visible()


def test_it_waits_until_somebody_goes_on(program: Program, wizard: Wizard, arrive: Arrive) -> None:
    wizard.go_to_connect()
    wizard.press("Finish later")
    expect(wizard.page.get_by_role("tab", name="Home")).to_be_visible()
    assert program.settings["set_up"] is False
    wizard.press("Finish setting up")
    expect(wizard.heading).to_have_text("Connect to your assistant")
    expect(wizard.page.locator(".found-field.is-found")).to_contain_text("192.168.1.10")

    after_a_restart = look_at(program, arrive)
    expect(after_a_restart.page.get_by_role("tab", name="Home")).to_be_visible()
    after_a_restart.press("Finish setting up")
    expect(after_a_restart.heading).to_have_text("Connect to your assistant")


def test_a_restart_goes_on_where_it_was(program: Program, wizard: Wizard, arrive: Arrive) -> None:
    wizard.press("Let's go")
    wizard.press("Skip for now")
    expect(wizard.heading).to_have_text("Your room")
    expect(look_at(program, arrive).heading).to_have_text("Your room")


def test_a_step_that_was_passed_over_is_not_gone_back_to(wizard: Wizard) -> None:
    wizard.press("Let's go")
    wizard.page.get_by_label("Use the built-in assistant").check()
    wizard.press("Next")
    expect(wizard.heading).to_have_text("Your room")
    wizard.press("Back")
    expect(wizard.heading).to_have_text("Find your assistant")
    expect(wizard.page.get_by_label("Use the built-in assistant")).to_be_checked()
    wizard.press("Back")
    expect(wizard.heading).to_have_text("Welcome")


def test_a_step_back_loses_nothing_and_keeps_no_secret(wizard: Wizard) -> None:
    wizard.go_to_connect()
    wizard.paste(PRINT_OUT)
    wizard.press("Back")
    wizard.page.get_by_label("Address of the hub").fill("192.168.1.11")
    wizard.press("Next")
    expect(wizard.page.get_by_label("Paste here")).to_have_value(PRINT_OUT)
    expect(wizard.page.locator(".found-field.is-found")).to_have_count(3)
    expect(wizard.page.locator(".found")).to_contain_text("192.168.1.11")
    wizard.press("Skip for now")
    wizard.page.get_by_label("Name of the room").fill("Attic")
    wizard.press("Back")
    wizard.press("Skip for now")
    expect(wizard.page.get_by_label("Name of the room")).to_have_value("Attic")
    kept = wizard.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert KEY not in kept
    assert PASSWORD not in kept


def test_a_room_without_a_name_is_called_after_its_computer(wizard: Wizard) -> None:
    wizard.press("Let's go")
    wizard.press("Skip for now")
    expect(wizard.page.get_by_label("Name of the room")).to_have_value("ana-pc's room")
    preview = wizard.page.locator(".preview")
    expect(preview.locator("bdi")).to_have_text(["192.168.1.23:8985", "family.local:8985"])


def test_who_has_set_up_finds_it_under_settings(open_program: OpenProgram, arrive: Arrive) -> None:
    wizard = look_at(open_program(), arrive)
    expect(wizard.page.get_by_role("tab", name="Home")).to_be_visible()
    wizard.page.get_by_role("tab", name="Settings").click()
    wizard.press("Set up again")
    expect(wizard.heading).to_have_text("Welcome")
    wizard.press("Close")
    expect(wizard.page.get_by_role("tab", name="Settings")).to_be_visible()


def test_another_language_is_there_at_once(program: Program, wizard: Wizard) -> None:
    wizard.page.get_by_label("Language").select_option("ar")
    expect(wizard.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(wizard.heading).to_have_text("أهلًا بك")
    assert program.settings["language"] == "ar"
    assert "#" not in wizard.page.url


def test_it_begins_in_the_language_of_the_system(program: Program, arrive: Arrive) -> None:
    wizard = look_at(program, arrive, lang="pt-BR")
    expect(wizard.heading).to_have_text("Bem-vindo")
    expect(wizard.page.get_by_label("Língua")).to_have_value("pt-PT")
