"""The room is killed and started: nobody has to do anything, and nothing acknowledged is lost."""

from __future__ import annotations

import signal
from pathlib import Path

from playwright.sync_api import expect

from browser.conftest import Arrive
from browser.visitor import DESKTOP, PHONE
from e2e.program import Program

BACK_MS = 15_000


def test_pages_come_back_by_themselves_to_a_room_that_was_killed_and_all_is_there(
    arrive: Arrive, tmp_path: Path
) -> None:
    with Program(tmp_path, "--port", "0", "--hub", "none") as killed:
        ana, bob = arrive(PHONE), arrive(DESKTOP)
        for visitor, name in ((ana, "Ana"), (bob, "Bob")):
            visitor.forgive("Failed to load resource")
            visitor.join(killed.url, name)
        said = [f"Number {number}" for number in range(5)]
        for text in said:
            ana.say(text)
        expect(ana.page.locator(".line[data-state=sent]")).to_have_count(len(said))
        killed.end(signal.SIGKILL)
    for visitor in (ana, bob):
        expect(visitor.page.get_by_text("Connection lost")).to_be_visible()

    port = killed.url.rpartition(":")[2]
    with Program(tmp_path, "--port", port, "--hub", "none"):
        for visitor in (ana, bob):
            expect(visitor.page.get_by_text("Connection lost")).to_be_hidden(timeout=BACK_MS)
            expect(visitor.texts).to_have_text(said)
        bob.say("Here again")
        expect(ana.line("Here again")).to_be_visible()
        for visitor in (ana, bob):
            visitor.page.reload()
            expect(visitor.texts).to_have_text([*said, "Here again"])
