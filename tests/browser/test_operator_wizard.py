"""Setting the room up: five steps, few clicks, every failure in its own words."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, expect

from browser.conftest import Arrive, OpenProgram
from browser.household import KEY, PASSWORD, PRINT_OUT, failing
from browser.program import Program
from browser.visitor import LOST, Device, Visitor

WINDOW: Final = Device(720, 640, has_touch=False)
CLICKS_MAX: Final = 6
PASTES_MAX: Final = 2

COMMAND: Final = "hivemind-core allow-msg recognizer_loop:utterance 3"

COVERED: Final = """
(element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  const over = document.elementFromPoint(left + width / 2, top + height / 2);
  return element.contains(over) || over?.contains(element) ? "" : (over?.outerHTML ?? "outside");
}
"""

NUMBERLESS: Final = "hivemind-core reset-noise-pin <id>"

FAILURES: Final = {
    "hub.unreachable": (
        "reached",
        "Hub not reached",
        "I can't reach the assistant at",
    ),
    "hub.name": ("reached", "No computer of this name", "No computer is called"),
    "hub.not_hivemind": ("reached", "Not a HiveMind hub", "Something answers at"),
    "hub.silent": ("reached", "It says nothing", "takes the call and says nothing"),
    "hub.tls": ("reached", "No secure connection", "Try ws:// instead"),
    "hub.scheme": ("reached", "The other kind of address", "wss:// instead of ws://"),
    "hub.version": ("password", "version is too old", "speaks an older version"),
    "hub.key": ("key", "Key not accepted", "does not know this access key"),
    "hub.password": ("password", "Password not agreed", "The key is right but the password is not"),
    "hub.weak_password": ("password", "too easy to guess", "new hubs refuse it"),
    "hub.pin": ("allowed", "Set up before under another key", "was set up before under"),
    "hub.key_changed": ("password", "Another hub than before", "Another hub answers"),
    "hub.denied": ("allowed", "Not allowed to ask", "refuses recognizer_loop:utterance from us"),
    "hub.no_agent": ("answered", "The assistant doesn't answer", "nothing behind it answered"),
    "storage_full": ("reached", "No room on the disk", "The disk is full"),
}
"""Where a test fails, under which heading, with which words."""

LISTS: Final = "hivemind-core list-clients"
ADDS: Final = (
    'hivemind-core add-client --name "HiveMind Chatroom" '
    "--allow recognizer_loop:utterance --allow ovos.utterance.handle"
)
REMEDIES: Final = {
    "hub.key": [LISTS, ADDS],
    "hub.password": [LISTS],
    "hub.weak_password": [ADDS],
    "hub.pin": [LISTS, NUMBERLESS],
    "hub.denied": [COMMAND],
}
"""What is to be run on the hub about it, in this order."""


class Wizard:
    """The wizard as somebody sees it who counts what they do."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.clicks = 0
        self.pastes = 0

    @property
    def heading(self) -> Locator:
        """The question of the step."""
        return self.page.get_by_role("heading", level=1)

    def button(self, name: str) -> Locator:
        """Return a button."""
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Press a button."""
        self.button(name).click()
        self.clicks += 1

    def paste(self, text: str) -> None:
        """Paste into what has the focus, or would be clicked on anyhow."""
        self.page.keyboard.insert_text(text)
        self.pastes += 1

    def covered(self, what: Locator) -> str:
        """Return what lies over the middle of something, empty when it is in view."""
        found: str = what.evaluate(COVERED)
        return found

    def go_to_connect(self) -> None:
        """Take the first two steps with a typed address."""
        self.press("Let's go")
        self.page.get_by_label("Address of the hub").fill("192.168.1.10")
        self.press("Next")
        expect(self.heading).to_have_text("Connect to your assistant")


@pytest.fixture
def program(open_program: OpenProgram) -> Program:
    """Start a program that nobody has set up yet."""
    return fresh(open_program)


@pytest.fixture
def wizard(program: Program, arrive: Arrive) -> Wizard:
    """Look at its wizard."""
    return look_at(program, arrive)


def fresh(open_program: OpenProgram) -> Program:
    program = open_program()
    program.forget_setup()
    return program


def look_at(program: Program, arrive: Arrive, lang: str = "en-US") -> Wizard:
    visitor = arrive(WINDOW, lang=lang)
    visitor.open(program.url)
    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    return Wizard(visitor)


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
    assert program.bodies("identity") == [{"text": PRINT_OUT, "host": "192.168.1.10:5678"}]
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
    expect(options.get_by_label("Type its address")).to_be_checked()


def test_what_is_pasted_is_found_and_hidden(wizard: Wizard) -> None:
    wizard.go_to_connect()
    expect(wizard.button("Test")).to_be_disabled()
    wizard.paste(PRINT_OUT)

    expect(wizard.page.locator(".found-field.is-found")).to_have_count(3)
    expect(wizard.button("Test")).to_be_enabled()
    box = wizard.page.get_by_label("Paste here")
    expect(box).to_have_css("-webkit-text-security", "disc")
    seen = wizard.page.locator("main").inner_text()
    assert KEY not in seen
    assert PASSWORD not in seen


def test_a_text_without_an_identity_is_called_so(wizard: Wizard) -> None:
    wizard.go_to_connect()
    wizard.paste("Hello")
    expect(wizard.page.get_by_text("Nothing in this text looks like a key")).to_be_visible()
    expect(wizard.button("Test")).to_be_disabled()


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


def test_what_a_test_still_lacks_is_said_beside_it(wizard: Wizard) -> None:
    wizard.press("Let's go")
    wizard.page.get_by_label("Paste what the hub printed").check()
    wizard.press("Next")
    missing = wizard.page.locator("#missing")
    expect(missing).to_have_text(
        "Still missing for a test: the address, the key, and the password."
    )
    expect(wizard.button("Test")).to_have_attribute("aria-describedby", "missing")
    wizard.paste(PRINT_OUT)
    expect(missing).to_have_text("Still missing for a test: the address.")
    wizard.page.locator("#hand-host").press_sequentially("192.168.1.10")
    expect(wizard.page.locator("#hand-host")).to_have_value("192.168.1.10")
    expect(missing).to_be_hidden()
    expect(wizard.button("Test")).to_be_enabled()


def test_an_address_that_is_missing_is_asked_for(program: Program, wizard: Wizard) -> None:
    wizard.press("Let's go")
    wizard.page.get_by_label("Paste what the hub printed").check()
    wizard.press("Next")
    wizard.paste(PRINT_OUT)
    by_hand = wizard.page.locator("#hand-host")
    expect(by_hand).to_be_visible()
    expect(wizard.button("Test")).to_be_disabled()
    by_hand.fill("192.168.1.10:5678")
    wizard.press("Test")
    expect(wizard.page.locator(".check-ok")).to_have_count(5)
    assert program.bodies("identity/test") == [{"text": PRINT_OUT, "host": "192.168.1.10:5678"}]


def test_each_failure_has_its_own_words_under_its_own_heading(
    program: Program, wizard: Wizard
) -> None:
    wizard.go_to_connect()
    wizard.paste(PRINT_OUT)
    failed = wizard.page.locator(".check-failed")
    for code, (at, heading, words) in FAILURES.items():
        program.checks = failing(at, code, NUMBERLESS if code == "hub.pin" else COMMAND)
        wizard.press("Test")
        expect(failed.locator(".check-name")).to_contain_text(heading)
        expect(failed).to_contain_text(words)
        expect(failed.locator("code")).to_have_text(REMEDIES.get(code, []))
        others = [other for name, (_, _, other) in FAILURES.items() if name != code]
        assert not any(other in failed.inner_text() for other in others)
        for button in failed.get_by_role("button", name="Copy").all():
            button.focus()
            assert wizard.covered(button) == "", code


def test_what_a_failure_says_is_not_behind_the_buttons(program: Program, wizard: Wizard) -> None:
    program.checks = failing("allowed", "hub.denied", COMMAND)
    wizard.go_to_connect()
    wizard.paste(PRINT_OUT)
    wizard.page.get_by_text("Fill in by hand").click()
    assert wizard.covered(wizard.page.locator("#hand-password")) == ""
    wizard.press("Test")
    copy = wizard.page.locator(".check-failed").get_by_role("button", name="Copy")
    expect(copy).to_be_visible()
    assert wizard.covered(copy) == ""
    wizard.page.get_by_text("I have nothing to paste").click()
    add = wizard.page.locator(".fold .command button")
    expect(add).to_be_visible()
    assert wizard.covered(add) == ""


def test_a_command_without_a_number_says_where_the_number_is(
    program: Program, wizard: Wizard
) -> None:
    program.checks = failing("allowed", "hub.pin", NUMBERLESS)
    wizard.go_to_connect()
    wizard.paste(PRINT_OUT)
    wizard.press("Test")
    failed = wizard.page.locator(".check-failed")
    expect(failed).to_contain_text("Find the number of this room in the hub's list:")
    expect(failed).to_contain_text("with that number instead of <id>")
    program.checks = failing("allowed", "hub.pin", "hivemind-core reset-noise-pin 3")
    wizard.press("Test")
    expect(failed.locator("code")).to_have_text(["hivemind-core reset-noise-pin 3"])


def test_a_hub_that_was_set_up_anew_can_be_trusted(program: Program, wizard: Wizard) -> None:
    healthy = program.checks
    program.checks = failing("password", "hub.key_changed")
    wizard.go_to_connect()
    wizard.paste(PRINT_OUT)
    wizard.press("Test")
    expect(wizard.button("Trust the new key")).to_be_visible()
    program.checks = healthy
    wizard.press("Trust the new key")
    expect(wizard.page.get_by_text("All is well")).to_be_visible()
    assert program.bodies("hub/trust-new-key") == [{"text": PRINT_OUT, "host": "192.168.1.10"}]


def test_a_new_key_that_can_not_be_trusted_is_said(program: Program, wizard: Wizard) -> None:
    program.checks = failing("password", "hub.key_changed")
    program.refusals["hub/trust-new-key"] = (507, {"code": "storage_full", "message": "Full."})
    wizard.visitor.forgive(LOST)
    wizard.go_to_connect()
    wizard.paste(PRINT_OUT)
    wizard.press("Test")
    wizard.press("Trust the new key")
    expect(wizard.page.get_by_text("The disk is full.")).to_be_visible()
    assert len(program.bodies("identity/test")) == 1


def test_a_test_that_breaks_off_is_called_so(program: Program, wizard: Wizard) -> None:
    program.checks = program.checks[:2]
    wizard.go_to_connect()
    wizard.paste(PRINT_OUT)
    wizard.press("Test")
    expect(wizard.page.get_by_text("That did not work.")).to_be_visible()
    expect(wizard.page.locator(".check-ok")).to_have_count(2)


def test_what_was_not_tested_is_not_called_good(program: Program, wizard: Wizard) -> None:
    wizard.go_to_connect()
    wizard.paste(PRINT_OUT)
    wizard.press("Test")
    expect(wizard.page.get_by_text("All is well")).to_be_visible()
    wizard.page.get_by_label("Paste here").fill(f"{PRINT_OUT} ")
    expect(wizard.page.get_by_text("All is well")).to_have_count(0)
    expect(wizard.page.locator(".check-ok")).to_have_count(0)
    wizard.press("Test")
    expect(wizard.page.get_by_text("All is well")).to_be_visible()
    assert [body["text"] for body in program.bodies("identity/test")] == [
        PRINT_OUT,
        f"{PRINT_OUT} ",
    ]


def test_a_command_is_copied(program: Program, wizard: Wizard) -> None:
    wizard.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    program.checks = failing("allowed", "hub.denied", COMMAND)
    wizard.go_to_connect()
    wizard.paste(PRINT_OUT)
    wizard.press("Test")
    wizard.page.locator(".check-failed").get_by_role("button", name="Copy").click()
    expect(wizard.page.locator(".check-failed")).to_contain_text("Copied")
    assert wizard.page.evaluate("navigator.clipboard.readText()") == COMMAND


def test_after_a_failure_is_mended_the_same_test_is_green(program: Program, wizard: Wizard) -> None:
    healthy = program.checks
    program.checks = failing("allowed", "hub.denied", COMMAND)
    wizard.go_to_connect()
    wizard.paste(PRINT_OUT)
    wizard.press("Test")
    expect(wizard.page.locator(".check-failed")).to_be_visible()
    program.checks = healthy
    wizard.press("Test")
    expect(wizard.page.get_by_text("All is well")).to_be_visible()


def test_the_command_to_run_on_the_hub_is_shown(wizard: Wizard) -> None:
    wizard.go_to_connect()
    wizard.page.get_by_text("I have nothing to paste").click()
    expect(wizard.page.locator(".command code")).to_have_text(
        'hivemind-core add-client --name "HiveMind Chatroom" '
        "--allow recognizer_loop:utterance --allow ovos.utterance.handle"
    )


def test_the_built_in_assistant_needs_no_connecting(program: Program, wizard: Wizard) -> None:
    wizard.press("Let's go")
    wizard.page.get_by_label("Use the built-in assistant").check()
    wizard.press("Next")
    expect(wizard.heading).to_have_text("Your room")
    assert program.bodies("hub/built-in") == [{}]


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


def test_a_hub_that_could_not_be_saved_is_said_so(wizard: Wizard) -> None:
    error: dict[str, Any] = {"code": "storage_full", "message": "Full."}
    wizard.visitor.forgive(LOST)
    wizard.go_to_connect()
    wizard.paste(PRINT_OUT)
    wizard.press("Test")
    expect(wizard.page.get_by_text("All is well")).to_be_visible()
    wizard.page.route(
        "**/api/identity", lambda route: route.fulfill(status=507, json={"error": error})
    )
    wizard.press("Next")
    expect(wizard.page.get_by_text("The disk is full. Make room on it")).to_be_visible()
    expect(wizard.heading).to_have_text("Connect to your assistant")
