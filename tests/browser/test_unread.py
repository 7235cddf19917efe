"""Coming back: what was said while nobody looked is marked where it begins."""

from __future__ import annotations

from playwright.sync_api import Locator, Route, expect

from browser.conftest import Arrive, OpenRoom, Wire
from browser.visitor import DESKTOP, NO_WORKERS, PHONE, Visitor
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.room.model import Address, Reply

READ_MS = 5_000
"""Who was back for longer than 3 s has seen the mark; unread.js."""


def test_who_looks_again_is_told_how_much_came_and_where_it_begins(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, 0, 30)
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.line("Number 29")).to_be_in_viewport(ratio=1)

    _look(ana, is_away=True)
    _announce(room, 30, 70)
    expect(ana.line("Number 69")).to_have_count(1)
    _look(ana, is_away=False)

    expect(_word(ana)).to_have_text("Back. 40 new messages")
    expect(_word(ana)).to_be_in_viewport(ratio=1)
    expect(ana.line("Number 30")).to_contain_text("Back.")
    expect(ana.line("Number 30")).to_be_in_viewport(ratio=1)
    ana.page.get_by_role("button", name="new messages").click()
    expect(ana.line("Number 69")).to_be_in_viewport(ratio=1)


def test_who_was_cut_off_is_told_of_exactly_what_they_missed(
    open_room: OpenRoom, arrive: Arrive, wire: Wire
) -> None:
    room = open_room()
    network = wire(room)
    ana = arrive(PHONE)
    ana.forgive("Failed to load resource")
    ana.join(f"http://127.0.0.1:{network.port}", "Ana")
    _announce(room, 0, 1)
    expect(ana.line("Number 0")).to_be_visible()
    expect(ana.hub_word).to_have_text("No assistant here")

    network.is_black_hole = True
    network.cut()
    expect(ana.page.get_by_text("Connection lost")).to_be_visible()
    _announce(room, 1, 6)
    network.is_black_hole = False
    network.cut()
    expect(ana.page.get_by_text("Connection lost")).to_be_hidden()

    expect(_word(ana)).to_have_text("Back. 5 new messages")
    expect(ana.line("Number 1")).to_contain_text("Back.")


def test_what_comes_while_somebody_looks_or_what_they_say_is_not_new(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana = arrive(DESKTOP)
    ana.join(room.url, "Ana")
    tab = ana.open_tab(room.url)
    expect(tab.composer).to_be_visible()

    _announce(room, 0, 1)
    expect(ana.line("Number 0")).to_be_visible()
    _look(ana, is_away=True)
    tab.say("From my other tab")
    expect(ana.line("From my other tab")).to_have_count(1)
    _look(ana, is_away=False)

    expect(ana.line("From my other tab")).to_be_visible()
    expect(_word(ana)).to_have_count(0)


def test_who_finds_the_page_loaded_anew_is_told_what_came_since_they_went(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.page.clock.install()
    ana.join(room.url, "Ana")
    _announce(room, 0, 120)
    expect(ana.line("Number 119")).to_be_in_viewport()
    address = ana.page.url

    ana.open("about:blank")
    _announce(room, 120, 210)
    ana.open(address)

    for come_back in (lambda: None, ana.page.reload):
        come_back()
        expect(_word(ana)).to_have_text("Back. 90 new messages")
        expect(ana.line("Number 120")).to_contain_text("Back.")
        expect(ana.line("Number 120")).to_be_in_viewport()
    expect(ana.hub_word).to_have_text("No assistant here")
    ana.page.clock.run_for(READ_MS)
    ana.page.reload()
    expect(ana.line("Number 209")).to_be_in_viewport()
    expect(_word(ana)).to_have_count(0)


def test_what_came_a_moment_before_the_stream_was_opened_was_missed(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.before_each_page(NO_WORKERS)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("No assistant here")

    def announce_first(route: Route) -> None:
        _announce(room, 0, 5)
        route.continue_()

    ana.page.route("**/api/events?*", announce_first, times=1)
    ana.page.reload()

    expect(_word(ana)).to_have_text("Back. 5 new messages")
    expect(ana.line("Number 0")).to_contain_text("Back.")


def test_what_comes_just_after_the_return_is_no_news_of_before(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    _announce(room, 0, 1)
    expect(ana.line("Number 0")).to_be_visible()

    ana.page.reload()
    expect(ana.hub_word).to_have_text("No assistant here")
    _announce(room, 1, 40)

    expect(ana.line("Number 39")).to_be_in_viewport(ratio=1)
    expect(_word(ana)).to_have_count(0)


def test_who_comes_for_the_first_time_has_missed_nothing(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, 0, 3)
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")
    expect(ana.line("Number 2")).to_be_visible()
    ana.page.locator("#preferences-button").click()
    ana.page.get_by_text("Forget me on this device").click()
    ana.page.get_by_role("button", name="Forget me").click()
    expect(ana.door).to_be_visible()
    _announce(room, 3, 5)

    ana.join(room.url, "Bea")

    expect(ana.line("Number 4")).to_be_visible()
    expect(_word(ana)).to_have_count(0)


def test_who_had_to_wait_for_the_room_at_first_has_missed_nothing(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    _announce(room, 0, 3)
    ana = arrive(PHONE)
    ana.forgive("Failed to load resource")
    ana.page.route("**/api/members", lambda route: route.abort(), times=1)

    ana.join(room.url, "Ana")

    expect(ana.line("Number 2")).to_be_visible()
    expect(_word(ana)).to_have_count(0)


def test_the_mark_goes_when_the_reader_goes_once_more(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.page.clock.install()
    ana.join(room.url, "Ana")
    _announce(room, 0, 1)
    expect(ana.line("Number 0")).to_be_visible()
    _look(ana, is_away=True)
    _announce(room, 1, 2)
    expect(ana.line("Number 1")).to_have_count(1)
    _look(ana, is_away=False)
    expect(_word(ana)).to_have_text("Back. 1 new message")

    ana.page.clock.run_for(10_000)
    _look(ana, is_away=True)
    _announce(room, 2, 3)
    expect(ana.line("Number 2")).to_contain_text("Back. 1 new message")
    expect(_word(ana)).to_have_count(1)


def _look(visitor: Visitor, *, is_away: bool) -> None:
    """Switch to something else on the phone, or back to the page."""
    visitor.page.evaluate(
        """isAway => {
          Object.defineProperty(document, "hidden", { value: isAway, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_away,
    )


def _word(visitor: Visitor) -> Locator:
    return visitor.page.locator("#log .unread")


def _announce(room: Chatroom, first: int, end: int) -> None:
    for number in range(first, end):
        room.room.receive(Reply(Address(), f"Number {number}"))


def test_who_stays_cut_off_is_asked_about_the_wi_fi(
    open_room: OpenRoom, arrive: Arrive, wire: Wire
) -> None:
    network = wire(open_room())
    ana = arrive(PHONE)
    ana.forgive("Failed to load resource")
    ana.page.clock.install()
    ana.join(f"http://127.0.0.1:{network.port}", "Ana")
    expect(ana.hub_word).to_have_text("No assistant here")
    lost, hint = (ana.page.get_by_text(words) for words in ("Connection lost", "Are you on the"))

    network.is_black_hole = True
    network.cut()
    expect(ana.hub_word).to_have_text("No assistant here")
    ana.page.clock.run_for(3_000)
    expect(lost).to_be_visible()
    expect(hint).to_be_hidden()
    ana.page.clock.run_for(30_000)

    expect(hint).to_be_visible()
