"""A phone on the network has no secure context: nothing of the room needs one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

import hivemind_chatroom.web
from browser.conftest import LAN_NAME, Arrive, OpenRoom
from browser.visitor import PHONE
from hivemind_chatroom.room.model import Address, Reply
from hivemind_chatroom.web.bundles import small_script

SCRIPTS: Final = sorted((Path(hivemind_chatroom.web.__file__).parent / "static").rglob("*.js"))

LOCKED: Final = re.compile(
    r"\b(?:randomUUID|subtle|clipboard|serviceWorker|mediaDevices|wakeLock|cookieStore|setAppBadge"
    r"|Notification|caches|PushManager|navigator\.(?:locks|storage|share|credentials|usb|gpu))\b"
)
"""What browsers have on HTTPS and on the computer itself only."""

OPTIONAL: Final[dict[str, frozenset[str]]] = {}
"""What a script uses where it is there, by the script's name, and does without where it isn't."""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_needs_what_plain_http_lacks(script: Path) -> None:
    found = set(LOCKED.findall(small_script(script.read_text("utf-8"))))
    assert found <= OPTIONAL.get(script.name, frozenset())


def test_a_phone_on_plain_http_joins_sends_reads_and_copies(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url.replace("127.0.0.1", LAN_NAME), "Ana")
    assert ana.page.evaluate("isSecureContext") is False
    assert ana.page.evaluate("typeof navigator.clipboard") == "undefined"

    ana.say("Hello")
    room.room.receive(Reply(Address(), "Good morning"))

    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    expect(ana.line("Good morning")).to_be_visible()
    ana.line("Good morning").locator(".text").select_text()
    assert ana.page.evaluate("document.execCommand('copy')")
    assert ana.page.evaluate("getSelection().toString()") == "Good morning"
    assert ana.page.evaluate("typeof speechSynthesis.speak") == "function"
