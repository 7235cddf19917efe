"""A message that arrives moves nothing under a reader's eyes, and costs a phone little."""

from __future__ import annotations

import statistics

from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE
from hivemind_chatroom.room.model import Address, HubState, HubStatus, Reply
from hivemind_chatroom.settings import MEMORY

SHIFT_MAX = 0.1
"""Of what is seen, by how much of its height: web.dev/articles/cls calls more of it bad."""

APPEND_MAX_MS = 10.0
"""Scripts, styles and layout for one message, the median of `APPENDED`."""

APPENDED = 20
TALK = 2_000

SEE_SHIFTS = """
    globalThis.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value } of list.getEntries()) shifts.push(value);
    }).observe({ type: "layout-shift", buffered: true });
"""


def test_nothing_moves_under_the_readers_eyes(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    room.room.hub_is(HubStatus(HubState.CONNECTED, room.room.hub.since))
    for number in range(30):
        room.room.receive(Reply(Address(), f"Before {number}"))
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.before_each_page(SEE_SHIFTS)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    ana.page.reload()
    expect(ana.hub_word).to_have_text("Connected")
    assert sum(ana.page.evaluate("shifts")) <= SHIFT_MAX
    ana.page.evaluate("shifts.length = 0")

    for text in ("Hello", "A longer line " * 20, "One\ntwo\nthree"):
        bob.say(text.strip())
        expect(ana.line(text.strip())).to_be_in_viewport(ratio=1)
        room.room.receive(Reply(Address(), f"Answer to {text[:5].strip()}"))
        expect(ana.line(f"Answer to {text[:5].strip()}")).to_be_in_viewport(ratio=1)
        shifts = ana.page.evaluate("shifts.splice(0)")
        assert sum(shifts) <= SHIFT_MAX

    # A header that grows by itself would have been seen.
    ana.page.evaluate("() => { document.querySelector('.top').style.minBlockSize = '50vh'; }")
    ana.page.wait_for_function("limit => shifts.some((shift) => shift > limit)", arg=SHIFT_MAX)


def test_a_message_in_a_long_talk_costs_as_little_as_in_a_short_one(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(database=MEMORY)
    for number in range(TALK):
        room.room.receive(Reply(Address(), f"Before {number}"))
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.line(f"Before {TALK - 1}")).to_be_visible()
    chromium = ana.page.context.new_cdp_session(ana.page)
    chromium.send("Performance.enable")

    def spent_ms() -> float:
        figures = {
            each["name"]: each["value"]
            for each in chromium.send("Performance.getMetrics")["metrics"]
        }
        names = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
        return 1_000 * sum(float(figures[name]) for name in names)

    costs: list[float] = []
    for number in range(APPENDED):
        before = spent_ms()
        room.room.receive(Reply(Address(), f"Number {number}"))
        ana.page.wait_for_selector(f"text='Number {number}'")
        costs.append(spent_ms() - before)

    assert statistics.median(costs) <= APPEND_MAX_MS
