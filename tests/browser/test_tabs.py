"""Several tabs of one browser: one stream for all of them, and each hears everything once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom, port_of, streams_of
from browser.visitor import DESKTOP, PHONE
from hivemind_chatroom.room.model import Address, HubState, HubStatus, Reply

LOST = "Failed to load resource"
"""What Chromium's console says of a request that came to nothing."""

NO_WORKERS = "delete globalThis.SharedWorker"
"""Chrome on Android."""

WORKERS_FAIL = """
  const port = () => new MessageChannel().port1;
  globalThis.SharedWorker = class extends EventTarget {
    port = port();
    set onerror(listener) { queueMicrotask(listener); }
  }
"""
"""A browser that has them and does not let them run."""

PULSE_MS = 20_000
"""How often a tab is asked whether it is there; switchboard.js."""

HIDDEN_MAX_MS = 10_000
"""How long a hidden tab keeps a stream of its own; stream.js."""


def test_two_tabs_share_one_stream(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana, bob = arrive(DESKTOP), arrive(PHONE)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    tabs = [ana, *(ana.open_tab(ana.page.url) for _ in range(7))]

    bob.say("Hello")
    for tab in tabs:
        expect(tab.texts).to_have_text(["Hello"])
        expect(tab.hub_word).to_have_text("No assistant here")
    assert streams_of(room) == len((ana, bob))

    # More than the six connections that a browser opens to one room: posting still works.
    tabs[-1].say("Hello, Bob")
    for tab in (*tabs, bob):
        expect(tab.texts).to_have_text(["Hello", "Hello, Bob"])


def test_a_tab_that_comes_late_is_told_how_things_stand(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana = arrive(DESKTOP)
    ana.join(room.url, "Ana")
    room.room.hub_is(HubStatus(HubState.CONNECTED, room.room.hub.since))
    ana.say("What time is it?")
    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(1)
    (utterance,) = room.room.utterances.waiting()
    assert room.room.utterances.sending(utterance)
    room.room.utterances.sent(utterance)
    expect(ana.page.locator("#thinking")).to_contain_text("HiveMind is thinking")

    late = ana.open_tab(ana.page.url)

    expect(late.hub_word).to_have_text("Connected")
    expect(late.page.locator("#people li")).to_contain_text(["Ana"])
    expect(late.page.locator("#thinking")).to_contain_text("HiveMind is thinking")
    assert streams_of(room) == 1


def test_all_tabs_go_on_where_they_were_when_the_room_is_back(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    first = open_room()
    ana, bob = arrive(DESKTOP), arrive(PHONE)
    for visitor in (ana, bob):
        visitor.forgive(LOST)
    ana.join(first.url, "Ana")
    bob.join(first.url, "Bob")
    tab = ana.open_tab(ana.page.url)
    bob.say("Before")
    expect(tab.texts).to_have_text(["Before"])

    first.stop()
    for each in (ana, tab):
        expect(each.page.get_by_text("Connection lost")).to_be_visible()
    second = open_room(port=port_of(first))
    second.room.receive(Reply(Address(), "Meanwhile"))

    for each in (ana, tab, bob):
        expect(each.page.get_by_text("Connection lost")).to_be_hidden(timeout=15_000)
    bob.say("After")
    for each in (ana, tab, bob):
        expect(each.texts).to_have_text(["Before", "Meanwhile", "After"])
    assert streams_of(second) == len((ana, bob))


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


def test_who_leaves_in_one_tab_has_left_in_all(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.forgive(LOST)
    ana.join(open_room().url, "Ana")
    tab = ana.open_tab(ana.page.url)
    expect(tab.hub_word).to_have_text("No assistant here")

    ana.page.get_by_role("button", name="Your settings").click()
    ana.page.get_by_text("Forget me on this device").click()
    ana.page.get_by_role("button", name="Forget me").click()

    for each in (ana, tab):
        expect(each.door.get_by_label("Your name")).to_be_visible()


def test_who_comes_in_by_one_tab_is_in_by_all(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.open(room.url)
    tab = ana.open_tab(room.url)
    expect(tab.door.get_by_label("Your name")).to_be_visible()

    ana.join(room.url, "Ana")

    expect(tab.composer).to_be_visible()
    ana.say("Hello")
    expect(tab.texts).to_have_text(["Hello"])
    assert streams_of(room) == 1


def test_when_the_last_tab_closes_nobody_listens(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    tab = ana.open_tab(ana.page.url)
    row = bob.page.locator("#people li", has_text="Ana")
    expect(tab.hub_word).to_have_text("No assistant here")

    ana.page.close()
    expect(row).not_to_contain_text("away")
    tab.page.close()

    expect(row).to_contain_text("away")
    assert streams_of(room) == 1


def test_a_tab_that_went_without_a_word_is_dropped(open_room: OpenRoom, arrive: Arrive) -> None:
    """The switchboard runs in the page here, where the test can turn the clock."""
    room = open_room()
    ana = arrive(PHONE)
    ana.page.clock.install()
    ana.open(room.url)
    assert streams_of(room) == 0
    ana.page.evaluate(_SWITCHBOARD)
    ana.page.wait_for_function("heard.dead.includes('opened') && heard.alive.includes('opened')")

    for _ in range(4):
        ana.page.clock.run_for(PULSE_MS)
        ana.page.wait_for_function("(count) => heard.alive.length > count", arg=0)
    ana.page.wait_for_function("heard.dead.includes('dropped')")

    assert not ana.page.evaluate("heard.alive.includes('dropped')")
    assert streams_of(room) == 1


_LOOK = """(state) => {
  const value = state === "hidden";
  Object.defineProperty(document, "hidden", { configurable: true, value });
  document.dispatchEvent(new Event("visibilitychange"));
}"""

_SWITCHBOARD = """async () => {
  const { static: version } = JSON.parse(document.querySelector("#boot").text);
  const { Switchboard } = await import(`/static/${version}/js/switchboard.js`);
  const switchboard = new Switchboard();
  globalThis.heard = { alive: [], dead: [] };
  for (const name of ["alive", "dead"]) {
    const { port1, port2 } = new MessageChannel();
    switchboard.connect(port2);
    port1.onmessage = ({ data }) => {
      heard[name].push(data.kind);
      if (name === "alive" && data.kind === "pulse") port1.postMessage({ kind: "here" });
    };
    port1.postMessage({ kind: "attach", after: 0, memberId: "ana" });
  }
}"""
