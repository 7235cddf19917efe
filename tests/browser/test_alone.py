"""Tabs of a browser without shared workers: each listens for itself, and gives way when hidden."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom, streams_of
from browser.visitor import DESKTOP, NO_WORKERS, PHONE

"""Chrome on Android."""

WORKERS_FAIL = """
  const port = () => new MessageChannel().port1;
  globalThis.SharedWorker = class extends EventTarget {
    port = port();
    set onerror(listener) { queueMicrotask(listener); }
  }
"""
"""A browser that has them and does not let them run."""

HIDDEN = """
  Object.defineProperty(document, "hidden", { configurable: true, value: true });
"""
"""A tab that was opened behind the one that is looked at."""

HIDDEN_MAX_MS = 10_000
"""How long a hidden tab keeps a stream of its own; stream.js."""


@pytest.mark.parametrize("script", [NO_WORKERS, WORKERS_FAIL])
def test_without_a_shared_worker_each_tab_listens_for_itself(
    open_room: OpenRoom, arrive: Arrive, script: str
) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.before_each_page(script)
    ana.join(room.url, "Ana")
    tab = ana.open_tab(ana.page.url)

    expect(tab.composer).to_be_visible()
    ana.say("Hello")

    for each in (ana, tab):
        expect(each.texts).to_have_text(["Hello"])
        expect(each.hub_word).to_have_text("No assistant here")
    assert streams_of(room) == len((ana, tab))


def test_a_hidden_tab_without_a_shared_worker_gives_its_connection_back(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.before_each_page(NO_WORKERS)
    ana.page.clock.install()
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    people = bob.page.locator("#people li")
    expect(people.first).not_to_contain_text("away")

    ana.page.evaluate(_LOOK, "hidden")
    ana.page.clock.fast_forward(HIDDEN_MAX_MS)
    expect(people.last).to_contain_text("away")
    bob.say("Are you there?")
    expect(bob.page.locator(".line[data-state=sent]")).to_have_count(1)
    expect(ana.lines).to_have_count(0)
    ana.page.evaluate(_LOOK, "visible")

    expect(ana.texts).to_have_text(["Are you there?"])


def test_a_tab_that_was_never_looked_at_gives_its_connection_back_too(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.before_each_page(NO_WORKERS)
    ana.page.clock.install()
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    people = bob.page.locator("#people li")
    ana.before_each_page(HIDDEN)
    ana.page.reload()
    expect(ana.hub_word).to_have_text("No assistant here")
    expect(people.last).not_to_contain_text("away")

    ana.page.clock.fast_forward(HIDDEN_MAX_MS)

    expect(people.last).to_contain_text("away")


_LOOK = """(state) => {
  const value = state === "hidden";
  Object.defineProperty(document, "hidden", { configurable: true, value });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
