"""The room is killed and started: nobody has to do anything, and nothing acknowledged is lost."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx
from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, LOST, NO_WORKERS, PHONE
from e2e.program import Program

BACK_MS = 15_000


def test_pages_come_back_by_themselves_to_a_room_that_was_killed_and_all_is_there(
    arrive: Arrive, tmp_path: Path
) -> None:
    with Program(tmp_path, "--port", "0", "--hub", "none") as killed:
        ana, bob = arrive(PHONE), arrive(DESKTOP)
        for visitor, name in ((ana, "Ana"), (bob, "Bob")):
            visitor.forgive(LOST)
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


def test_a_page_that_was_away_during_a_restore_reads_the_restored_room(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.before_each_page(NO_WORKERS)
    for visitor, name in ((ana, "Ana"), (bob, "Bob")):
        visitor.forgive(LOST)
        visitor.join(room.url, name)
    ana.say("Before")
    expect(bob.line("Before")).to_be_visible()
    url, _, token = room.operator_url.partition("/#k=")
    headers = {"X-Operator-Token": token, "Content-Type": "application/zip"}
    with httpx.Client(base_url=url, headers=headers, timeout=BACK_MS / 1_000) as host:
        backup = host.get("/api/backup").content
        ana.say("After")
        expect(ana.page.locator(".line[data-state=sent]")).to_have_count(2)
        ana.page.context.set_offline(True)
        host.post("/api/restore", content=backup).raise_for_status()

    expect(bob.texts).to_have_text(["Before"], timeout=BACK_MS)
    for text in ("Anew", "And again"):  # as many as there were: only their history tells
        bob.say(text)
        expect(bob.page.locator(".line[data-state=sending]")).to_have_count(0)
    ana.page.context.set_offline(False)

    for visitor in (ana, bob):
        expect(visitor.texts).to_have_text(["Before", "Anew", "And again"], timeout=BACK_MS)
