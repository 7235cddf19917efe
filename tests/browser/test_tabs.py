"""Several tabs of one browser: one stream for all of them, and each hears everything once."""

from __future__ import annotations

from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom, port_of, streams_of
from browser.visitor import DESKTOP, LOST, PHONE
from hivemind_chatroom.room.model import Address, HubState, HubStatus, Reply

SLEEPY = """
  globalThis.called = 0;
  globalThis.SharedWorker = class {
    constructor() {
      called += 1;
      const { port1, port2 } = new MessageChannel();
      this.port = port1;
      port2.onmessage = ({ data }) => {
        if (data.kind === "attach") port2.postMessage({ kind: "attached" });
      };
    }
  }
"""
"""A browser that ends a worker as soon as it has started."""

WAKE_DEADLINE_MS = 6_000
"""How long a tab that somebody looks at waits for a word of its worker; shared.js."""

PULSE_MS = 20_000
"""How often a tab is asked whether it is there; switchboard.js."""


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
    for each in (ana, tab):
        each.listen()

    first.stop()
    for each in (ana, tab):
        expect(each.page.get_by_text("The host closed the room.")).to_be_visible()
    second = open_room(port=port_of(first))
    second.room.receive(Reply(Address(), "Meanwhile"))

    for each in (ana, tab, bob):
        expect(each.page.get_by_text("Connection lost")).to_be_hidden(timeout=15_000)
    bob.say("After")
    for each in (ana, tab, bob):
        expect(each.texts).to_have_text(["Before", "Meanwhile", "After"])
    assert streams_of(second) == len((ana, bob))


def test_a_tab_that_comes_after_the_newest_message_was_deleted_comes_to_rest(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(DESKTOP)
    ana.join(open_room().url, "Ana")
    for text in ("Hello", "Oops"):
        ana.say(text)
    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(2)
    ana.page.reload()
    expect(ana.hub_word).to_have_text("No assistant here")
    ana.delete("Oops")
    expect(ana.texts).to_have_text(["Hello"])
    tab = ana.open_tab("about:blank")
    readings = tab.requests("/api/messages?")
    tab.open(ana.page.url)

    expect(tab.hub_word).to_have_text("No assistant here")
    ana.say("Hello again")
    expect(tab.texts).to_have_text(["Hello", "Hello again"])
    assert len(readings) == len(("before it asks to listen", "after it was told to start over"))


def test_a_tab_of_somebody_who_has_left_does_not_silence_the_others(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, bob = arrive(DESKTOP), arrive(PHONE)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    expect(ana.hub_word).to_have_text("No assistant here")
    old = ana.open_tab(f"{room.url}/healthz")

    old.page.evaluate(_ATTACH, ana.page.evaluate(_WORKER))
    assert old.page.evaluate("attached")

    bob.say("Hello")
    expect(ana.texts).to_have_text(["Hello"])
    assert old.page.evaluate("heard.includes('dropped')")


def test_who_looks_again_need_not_wait_long_for_a_worker_that_is_gone(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.before_each_page(SLEEPY)
    ana.page.clock.install()
    ana.join(open_room().url, "Ana")
    ana.page.wait_for_function("() => called === 1")
    ana.page.clock.fast_forward(WAKE_DEADLINE_MS)
    assert ana.page.evaluate("called") == 1

    ana.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    ana.page.clock.fast_forward(WAKE_DEADLINE_MS)

    ana.page.wait_for_function("() => called === 2")


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
    ana.page.wait_for_function(
        "() => heard.dead.includes('opened') && heard.alive.includes('opened')"
    )
    ana.page.evaluate("awake.postMessage({ kind: 'wake' })")
    ana.page.wait_for_function("() => heard.alive.includes('pulse')")

    pulses = "heard.alive.filter((kind) => kind === 'pulse').length"
    for _ in range(4):
        so_far = ana.page.evaluate(pulses)
        ana.page.clock.run_for(PULSE_MS)
        ana.page.wait_for_function(f"(so_far) => {pulses} > so_far", arg=so_far)
    ana.page.wait_for_function("() => heard.dead.includes('dropped')")

    assert not ana.page.evaluate("heard.alive.includes('dropped')")
    assert streams_of(room) == 1


_WORKER = """() => {
  const { src } = document.querySelector("head script");
  return new URL("worker.js", src).href;
}"""

_ATTACH = """(worker) => {
  const policy = trustedTypes.createPolicy("worker", { createScriptURL: () => worker });
  const options = { type: "module", name: "stream" };
  const { port } = new SharedWorker(policy.createScriptURL(""), options);
  globalThis.heard = [];
  globalThis.attached = new Promise((resolve) => {
    port.onmessage = ({ data }) => {
      heard.push(data.kind);
      if (data.kind === "attached") resolve(true);
    };
  });
  port.postMessage({ kind: "attach", after: 0, memberId: "somebody else" });
}"""

_SWITCHBOARD = """async () => {
  const { src } = document.querySelector("head script");
  const { Switchboard } = await import(new URL("switchboard.js", src).href);
  const switchboard = new Switchboard();
  globalThis.heard = { alive: [], dead: [] };
  for (const name of ["alive", "dead"]) {
    const { port1, port2 } = new MessageChannel();
    switchboard.connect(port2);
    port1.onmessage = ({ data }) => {
      heard[name].push(data.kind);
      if (name === "alive" && data.kind === "pulse") port1.postMessage({ kind: "here" });
    };
    globalThis.awake ??= port1;
    port1.postMessage({ kind: "attach", after: 0, memberId: "ana" });
  }
}"""
