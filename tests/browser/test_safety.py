"""Whatever people, the assistant or an address say: it is shown, and never run."""

from __future__ import annotations

from urllib.parse import quote

from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, Visitor
from hivemind_chatroom.room.model import Address, Media, Reply

PAYLOADS = (
    "<img src=x onerror=\"document.title='run'\">",
    "<script>document.title='run'</script>",
    '"><svg onload="document.title=\'run\'">',
    "</script><script>document.title='run'</script>",
    "javascript:document.title='run'",
    "{{ 7 * 7 }} ${document.title='run'}",
)


def test_scripts_in_messages_are_read_and_not_run(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    mallory, bob = arrive(PHONE), arrive(DESKTOP)
    mallory.join(room.url, "Mallory")
    bob.join(room.url, "Bob")

    for payload in PAYLOADS:
        mallory.say(payload)
        expect(bob.line(payload)).to_have_count(1)
        room.room.receive(Reply(Address(), payload, payload))

    said_twice = [payload for payload in PAYLOADS for _ in range(2)]
    for visitor in (mallory, bob):
        expect(visitor.texts).to_have_text(said_twice)
        visitor.page.reload()
        expect(visitor.texts).to_have_text(said_twice)
        _see_nothing_run(visitor)


def test_scripts_in_names_are_read_and_not_run(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    names = ["<img src=x>", "<b>Bob", "\"'><i>"]
    bob = arrive(DESKTOP)
    bob.join(room.url, "Bob")

    for name in names:
        mallory = arrive(PHONE)
        mallory.join(room.url, name)
        mallory.say("Hello")
        expect(bob.page.locator(".author").last).to_have_text(name)
        _see_nothing_run(mallory)

    expect(bob.page.locator("#people bdi")).to_have_text(["Bob", *names])
    _see_nothing_run(bob)


def test_scripts_in_addresses_do_not_run(open_room: OpenRoom, arrive: Arrive) -> None:
    bob, url = arrive(PHONE), open_room().url

    for payload in PAYLOADS:
        part = quote(payload.replace("/", ""), safe="")
        bob.open(f"{url}/chatroom/{part}/{part}/{part}")
        expect(bob.page.get_by_role("button", name="Join")).to_be_visible()
        _see_nothing_run(bob)


def test_scripts_in_the_rooms_name_are_read_and_not_run(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    name = PAYLOADS[3]
    bob = arrive(DESKTOP)

    bob.join(open_room(room_name=name).url, "Bob")

    expect(bob.page.get_by_role("heading", level=1)).to_have_text(name)
    _see_nothing_run(bob, name)


def test_what_is_no_web_address_is_not_played(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    bob = arrive(DESKTOP)
    bob.join(room.url, "Bob")

    for uri in (
        "javascript:document.title='run'",
        "data:text/html,<script></script>",
        "file:///",
        "song",
    ):
        room.room.receive(Reply(Address(), "", media=Media(uri, title=PAYLOADS[0], artist=uri)))

        card = bob.page.locator(".player").filter(has_text=uri)
        expect(card).to_contain_text(PAYLOADS[0])
        expect(card).to_contain_text("This can't be played here.")
        expect(card.locator("audio, video, a, img")).to_have_count(0)
    _see_nothing_run(bob)


def test_web_addresses_are_links_that_tell_nothing(open_room: OpenRoom, arrive: Arrive) -> None:
    bob = arrive(DESKTOP)
    bob.join(open_room().url, "Bob")

    bob.say("See https://example.com/a?b=1. (Or http://example.org/x_(y), too!) Not ftp://a.net")

    links = bob.page.locator("#log a")
    expect(links).to_have_text(["https://example.com/a?b=1", "http://example.org/x_(y)"])
    expect(links.first).to_have_attribute("rel", "noopener noreferrer nofollow")


def _see_nothing_run(visitor: Visitor, title: str = "Family room") -> None:
    expect(visitor.page).to_have_title(title)
    expect(visitor.page.locator("body script:not(#boot), [onerror], [onload]")).to_have_count(0)
