"""The third of the first steps: the hub's key, its five checks, every failure in its own words."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenProgram
from browser.first_steps import Wizard, fresh
from browser.household import KEY, PASSWORD, PRINT_OUT, failing
from browser.program import Program
from browser.visitor import LOST

COMMAND: Final = "hivemind-core allow-msg recognizer_loop:utterance 3"

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


@pytest.fixture
def program(open_program: OpenProgram) -> Program:
    """Start a program that nobody has set up yet."""
    return fresh(open_program)


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
    assert program.bodies("identity/test", 1) == [{"text": PRINT_OUT, "host": "192.168.1.10:5678"}]


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


def test_where_no_address_is_in_the_print_out_it_is_said_how_to_learn_it(wizard: Wizard) -> None:
    wizard.press("Let's go")
    wizard.page.get_by_label("Paste what the hub printed").check()
    wizard.press("Next")
    wizard.paste(PRINT_OUT)
    by_hand = wizard.page.locator(".by-hand")
    expect(by_hand.get_by_label("Address")).to_be_visible()
    expect(by_hand).to_contain_text("that of the hub's computer")
    expect(by_hand.locator(".command code")).to_have_text("hostname -I")


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
    add = wizard.page.locator(".fold .command button").last
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
    assert program.bodies("hub/trust-new-key", 1) == [{"text": PRINT_OUT, "host": "192.168.1.10"}]


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
    expect(wizard.page.locator(".command code").last).to_have_text(
        'hivemind-core add-client --name "HiveMind Chatroom" '
        "--allow recognizer_loop:utterance --allow ovos.utterance.handle"
    )


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
