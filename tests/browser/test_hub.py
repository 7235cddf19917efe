"""What people see of the assistant's hub: a dot, a word, and a banner when it matters."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Final

import httpx
from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE
from e2e.hubs import free_port
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.hub.identity import identity_file
from hivemind_chatroom.hub.reasons import STATE_OF, Reason, command_for
from hivemind_chatroom.room.model import HubState, HubStatus
from hivemind_chatroom.settings import HubChoice

BACK_SHOWN_MS = 6_000
"""How long the return is told; hub.js."""

OPEN_WITHIN_S: Final = 3.0
"""The bar: how soon a room answers whose hub does not."""

SINCE = datetime(2026, 3, 14, 20, 14, tzinfo=UTC)


def test_a_room_whose_hub_cannot_be_reached_opens_for_people(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    identity = {
        "access_key": "a1b2c3d4e5f60718293a",
        "password": "quetzal plumage seventy-seven",
        "default_master": "ws://127.0.0.1",
        "default_port": free_port(),
    }
    identity_file().parent.mkdir(parents=True)
    identity_file().write_text(json.dumps(identity))
    room = open_room(hub=HubChoice.IDENTITY)
    assert httpx.get(room.url, follow_redirects=True, timeout=OPEN_WITHIN_S).is_success

    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    for visitor in (ana, bob):
        expect(visitor.hub_word).to_have_text("Assistant away")
        expect(visitor.banner).to_contain_text("The assistant has been away since ")
    ana.say("Dinner is ready")
    expect(bob.line("Dinner is ready")).to_be_visible()


def test_an_assistant_that_goes_away_is_missed_and_its_return_told(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.page.clock.install()
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    _hub(room, HubState.CONNECTED)
    expect(ana.hub_word).to_have_text("Connected")
    expect(ana.banner).to_be_hidden()

    _hub(room, HubState.UNREACHABLE, reason="hub.lost")
    for visitor in (ana, bob):
        expect(visitor.hub_word).to_have_text("Assistant away")
        expect(visitor.banner).to_contain_text("The assistant has been away since ")
        expect(visitor.banner).to_contain_text("You can still chat with each other.")
    ana.say("Never mind")
    expect(bob.line("Never mind")).to_be_visible()
    expect(ana.line("Never mind")).to_contain_text("Waiting for the assistant")

    _hub(room, HubState.CONNECTED)
    for visitor in (ana, bob):
        expect(visitor.banner).to_contain_text("The assistant is back.")
        expect(visitor.hub_word).to_have_text("Connected")
    ana.page.clock.fast_forward(BACK_SHOWN_MS)
    expect(ana.banner).to_be_hidden()


def test_a_hub_that_allows_nothing_says_so_with_the_command_for_the_host(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    command = "hivemind-core allow-msg recognizer_loop:utterance 3"
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")

    _hub(room, HubState.NOT_ALLOWED, reason="hub.denied", command=command)

    expect(ana.banner).to_contain_text("The assistant isn't allowed to answer this room yet.")
    expect(ana.page.get_by_text(command)).to_be_hidden()
    ana.banner.get_by_text("For the host").click()
    expect(ana.page.get_by_text(command)).to_be_visible()


def test_each_trouble_has_words(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")

    for state in set(HubState) - {HubState.CONNECTED, HubState.CONNECTING, HubState.OFF}:
        _hub(room, state)
        expect(ana.banner).to_contain_text("assistant")
        expect(ana.hub_word).to_have_attribute("data-state", "lost")


def test_each_reason_has_words_for_the_host(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    ana.banner.locator("details").evaluate("(details) => { details.open = true; }")

    for reason in set(Reason) - {Reason.NONE}:
        state = STATE_OF.get(reason, HubState.NOT_ALLOWED)
        command = command_for(reason, "recognizer_loop:utterance", "3")
        _hub(room, state, reason=reason, command=command)
        expect(ana.banner.locator("code")).to_have_text(command)
        words = ana.banner.locator("details > p")
        expect(words).to_have_text(re.compile(r":$" if command else r"[.?]$"))


def test_a_room_without_an_assistant_is_for_people(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")

    expect(ana.hub_word).to_have_text("No assistant here")
    expect(ana.banner).to_be_hidden()
    expect(ana.page.get_by_label("To:")).to_be_hidden()
    ana.say("Hello")
    expect(bob.line("Hello")).to_be_visible()


def test_the_built_in_assistant_is_named_as_such(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")

    _hub(room, HubState.CONNECTED, builtin=True)

    expect(ana.hub_word).to_have_text("Built-in assistant")
    expect(ana.page.get_by_text("This is the built-in assistant.")).to_be_visible()


def _hub(
    room: Chatroom, state: HubState, *, reason: str = "", command: str = "", builtin: bool = False
) -> None:
    room.room.hub_is(HubStatus(state, SINCE, reason, command, builtin=builtin))
