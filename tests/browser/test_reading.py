"""Reading: the newest line is in view unless somebody reads further up; old ones are fetched."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, Device, Visitor
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.room.model import Address, Media, Reply
from hivemind_chatroom.settings import MEMORY

LINES_MAX = 300
"""The most lines that a page keeps; messages.js."""

LONG_TALK = 10_000
"""Messages in a log that no page could show as a whole."""


def test_the_newest_line_is_wholly_in_view_above_the_composer(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, 0, 40)
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(_newest(ana)).to_be_in_viewport(ratio=1)

    ana.say("A line\nthat is\nsomewhat\nlonger")
    expect(_newest(ana)).to_have_attribute("data-state", "sent")
    expect(_newest(ana)).to_be_in_viewport(ratio=1)
    _announce(room, 40, 41)
    expect(ana.texts.last).to_have_text("Number 40")
    expect(_newest(ana)).to_be_in_viewport(ratio=1)

    ana.composer.fill("\n" * 8)
    expect(_newest(ana)).to_be_in_viewport(ratio=1)
    line, composer = _newest(ana).bounding_box(), ana.page.locator("#composer").bounding_box()
    assert line is not None
    assert composer is not None
    assert line["y"] + line["height"] <= composer["y"]


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_only_the_talk_scrolls_and_never_the_page(
    open_room: OpenRoom, arrive: Arrive, device: Device
) -> None:
    room = open_room()
    _announce(room, 0, 60)
    ana = arrive(device)
    ana.join(room.url, "Ana")
    expect(_newest(ana)).to_be_in_viewport()
    heights = "page => [page.scrollHeight, page.clientHeight]"
    whole, seen = ana.page.locator("html").evaluate(heights)
    assert whole == seen


def test_a_banner_that_comes_while_the_log_moves_hides_no_newest_line(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, 0, 40)
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.lines.last).to_be_in_viewport(ratio=1)

    ana.page.evaluate(
        """() => {
          document.querySelector("#scroller").scrollTop -= 1;
          const banner = document.querySelector("#hub-banner");
          banner.style.blockSize = "200px";
          banner.hidden = false;
        }"""
    )

    expect(ana.lines.last).to_be_in_viewport(ratio=1)
    expect(ana.page.get_by_role("button", name="To the newest message")).to_be_hidden()


def test_who_reads_further_up_is_left_there_and_told_of_news(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, 0, 60)
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(_newest(ana)).to_be_in_viewport()
    ana.page.locator("#scroller").evaluate("view => view.scrollTo(0, 300)")
    news = ana.page.get_by_role("button", name="new message")
    expect(ana.page.get_by_role("button", name="To the newest message")).to_be_visible()
    place = ana.line("Number 12").bounding_box()

    _announce(room, 60, 62)

    expect(news).to_have_text("2 new messages")
    assert ana.line("Number 12").bounding_box() == place
    news.click()
    expect(_newest(ana)).to_be_in_viewport(ratio=1)
    expect(news).to_be_hidden()


def test_who_reads_further_up_stays_there_when_the_log_is_read_anew(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, 0, 160)
    ana = arrive(PHONE)
    ana.forgive("Failed to load resource")
    ana.join(room.url, "Ana")
    expect(ana.line("Number 159")).to_be_visible()
    ana.page.route("**/api/messages", lambda route: route.abort())
    ana.say("Hello")
    expect(ana.line("Hello")).to_contain_text("Not sent yet.")
    _scroll(ana, 300)
    expect(ana.texts.first).to_have_text("Number 0")
    _scroll(ana, 300)
    place = ana.line("Number 7").bounding_box()

    _read_anew(ana)

    assert ana.line("Number 7").bounding_box() == place
    _announce(room, 160, 161)
    expect(ana.page.get_by_role("button", name="1 new message")).to_be_visible()
    _read_down(ana, "Number 160")
    expect(ana.texts).to_have_text([*(f"Number {number}" for number in range(161)), "Hello"])


def test_what_somebody_is_doing_with_a_line_outlives_a_log_that_is_read_anew(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    room.room.receive(
        Reply(Address(), "", media=Media(f"{room.url}/static/tune.wav", title="A tune"))
    )
    ana = arrive(DESKTOP)
    ana.join(room.url, "Ana")
    for text in ("Hello", "Oops"):
        ana.say(text)
        expect(ana.line(text)).to_have_attribute("data-state", "sent")
    player = ana.page.locator("audio").element_handle()
    assert player is not None
    player.evaluate("player => { player.muted = player.loop = true; return player.play(); }")
    ana.line("Hello").get_by_role("button", name="Delete this message").press("Enter")
    keep = ana.page.get_by_role("button", name="Keep")
    expect(keep).to_be_focused()

    _read_anew(ana)

    expect(keep).to_be_focused()
    assert not player.evaluate("player => player.paused")
    expect(ana.lines).to_have_count(3)


def test_who_scrolls_up_finds_earlier_messages_and_keeps_their_place(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, 0, 130)
    ana = arrive(DESKTOP)
    ana.join(room.url, "Ana")
    expect(ana.texts).to_have_count(100)
    expect(ana.texts.first).to_have_text("Number 30")

    top = ana.page.evaluate(
        """() => {
          document.querySelector("#scroller").scrollTo(0, 400);
          const texts = [...document.querySelectorAll("#log .text")];
          const text = texts.find((each) => each.textContent === "Number 40");
          return text.closest(".line").getBoundingClientRect().top;
        }"""
    )

    expect(ana.texts).to_have_text([f"Number {number}" for number in range(130)])
    place = ana.line("Number 40").bounding_box()
    assert place is not None
    assert place["y"] == pytest.approx(top, abs=1)
    expect(ana.page.get_by_role("button", name="Show earlier messages")).to_be_hidden()


def test_earlier_messages_that_did_not_come_are_a_button_away(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, 0, 130)
    ana = arrive(DESKTOP)
    ana.forgive("Failed to load resource")
    ana.join(room.url, "Ana")
    expect(ana.texts).to_have_count(100)
    ana.page.route("**/api/messages?before=*", lambda route: route.abort(), times=1)

    with ana.page.expect_event("requestfailed"):
        _scroll(ana, 0)
    ana.page.get_by_role("button", name="Show earlier messages").click()

    expect(ana.texts).to_have_count(130)


def test_of_a_long_talk_only_a_part_is_on_the_page(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room(database=MEMORY)
    _announce(room, 0, LONG_TALK)
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.texts.last).to_have_text(f"Number {LONG_TALK - 1}")

    _read_up(ana, f"Number {LONG_TALK - 600}")
    assert ana.lines.count() <= LINES_MAX
    expect(ana.line(f"Number {LONG_TALK - 1}")).to_have_count(0)
    _announce(room, LONG_TALK, LONG_TALK + 2)
    news = ana.page.get_by_role("button", name="2 new messages")
    expect(news).to_be_visible()
    expect(ana.line(f"Number {LONG_TALK}")).to_have_count(0)

    _read_down(ana, f"Number {LONG_TALK - 200}")
    assert ana.lines.count() <= LINES_MAX
    shown = ana.texts.all_text_contents()
    first = int(shown[0].removeprefix("Number "))
    assert shown == [f"Number {number}" for number in range(first, first + len(shown))]

    news.click()
    expect(ana.texts.last).to_have_text(f"Number {LONG_TALK + 1}")
    expect(_newest(ana)).to_be_in_viewport(ratio=1)
    _announce(room, LONG_TALK + 2, LONG_TALK + 3)
    expect(ana.texts.last).to_have_text(f"Number {LONG_TALK + 2}")


def test_who_writes_while_reading_far_up_is_at_the_newest_line(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, 0, 500)
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    _read_up(ana, "Number 20")

    ana.say("Hello")

    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    expect(ana.line("Hello")).to_be_in_viewport(ratio=1)
    expect(ana.line("Number 20")).to_have_count(0)
    assert ana.texts.all_text_contents()[-2:] == ["Number 499", "Hello"]


def test_a_page_does_not_grow_without_end(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(DESKTOP)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("No assistant here")

    _announce(room, 0, LINES_MAX + 20)

    expect(ana.texts.last).to_have_text(f"Number {LINES_MAX + 19}")
    expect(ana.texts).to_have_count(LINES_MAX)
    _announce(room, LINES_MAX + 20, LINES_MAX + 21)
    expect(ana.texts.first).to_have_text("Number 21")
    expect(_newest(ana)).to_be_in_viewport(ratio=1)
    expect(ana.page.get_by_role("button", name="Show earlier messages")).to_be_visible()


def test_what_was_there_before_is_not_announced_and_what_comes_is(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, 0, 3)
    ana = arrive(DESKTOP)
    ana.page.add_init_script(_ANNOUNCED)
    ana.join(room.url, "Ana")
    expect(ana.texts).to_have_count(3)
    expect(ana.page.get_by_role("log")).to_have_attribute("aria-live", "polite")

    _announce(room, 3, 4)
    ana.say("Hello")

    expect(ana.page.locator(".line[data-state=sent]")).to_have_count(1)
    assert ana.page.evaluate("announced") == ["Number 3", "Hello", "Sent"]


_ANNOUNCED = """
globalThis.announced = [];
new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    const place = target instanceof Element ? target : target.parentElement;
    if (place?.closest("[aria-live]")?.id !== "log") continue;
    if (place.closest("[aria-live]").getAttribute("aria-live") !== "polite") continue;
    if (place.closest("[hidden], [aria-hidden]")) continue;
    for (const node of addedNodes) {
      const line = node instanceof Element && node.querySelector(".text");
      announced.push((line || node).textContent);
    }
  }
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
"""What a screen reader hears of the log, wherever in it something is put."""


def _announce(room: Chatroom, first: int, end: int) -> None:
    for number in range(first, end):
        room.room.receive(Reply(Address(), f"Number {number}"))


def _read_anew(visitor: Visitor) -> None:
    """Have a page read the log as one does that comes back from the browser's memory."""
    expect(visitor.page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    visitor.page.evaluate(
        """() => new Promise((resolve) => {
          const log = document.querySelector("#log");
          new MutationObserver(resolve).observe(log, { attributeFilter: ["aria-live"] });
          dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        })"""
    )


def _scroll(visitor: Visitor, to: int) -> None:
    visitor.page.locator("#scroller").evaluate("(view, to) => view.scrollTo(0, to)", to)


def _read_up(visitor: Visitor, text: str) -> None:
    """Scroll up until a line has come."""
    _read(visitor, text, "0")


def _read_down(visitor: Visitor, text: str) -> None:
    """Scroll down until a line has come."""
    _read(visitor, text, "view.scrollHeight")


def _read(visitor: Visitor, text: str, to: str) -> None:
    visitor.page.wait_for_function(
        f"""text => {{
          const view = document.querySelector("#scroller");
          view.scrollTo(0, {to});
          return [...view.querySelectorAll(".text")].some((each) => each.textContent === text);
        }}""",
        arg=text,
    )


def _newest(visitor: Visitor) -> Locator:
    return visitor.lines.last
