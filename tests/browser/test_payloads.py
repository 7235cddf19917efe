"""A corpus of scripts in every field of the room's page: it is shown, and none of it is run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Route, expect

from browser.conftest import Arrive, OpenRoom
from browser.payloads import (
    NAMES,
    OF_ADDRESSES,
    OF_MARKDOWN,
    OF_MARKUP,
    OF_QUOTES,
    PAYLOADS,
    Watch,
    poisoned,
    texts_of,
)
from browser.visitor import DESKTOP, LOST, Visitor
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.room.model import (
    Address,
    HubState,
    HubStatus,
    Introduction,
    Media,
    Posting,
    Reply,
)
from hivemind_chatroom.settings import MEMORY

WORDS: Final = frozenset({"kind", "sent_at", "delivery", "client_id"})
"""What messages have that is one of a few words, a time, or a mark."""


@pytest.fixture
def bob(arrive: Arrive) -> Visitor:
    """Somebody who reads what others say."""
    return arrive(DESKTOP)


@pytest.fixture
def watch(bob: Visitor) -> Watch:
    """Watch their browser."""
    return Watch(bob)


@pytest.fixture
def room(open_room: OpenRoom) -> Chatroom:
    """Open a room in which anybody may write as fast as they like."""
    return open_room(database=MEMORY, rate_limit=False)


def say(room: Chatroom, name: str, *texts: str) -> None:
    """Have somebody join, and write."""
    member = room.room.join(Introduction(name, "en")).member
    for number, text in enumerate(texts):
        room.room.post(member, Posting(text, f"{member.id} {number}"))


def told(fields: int, payloads: int) -> None:
    """Say what a test has tried, for who runs it with -rP."""
    print(f"{fields} fields x {payloads} payloads: 0 run")  # noqa: T201 - the figure of the docs


def test_each_of_them_runs_on_a_page_that_takes_no_care(watch: Watch) -> None:
    careless = MarkdownIt("commonmark")
    careless.validateLink = bool  # type: ignore[method-assign, assignment]
    places = {
        **dict.fromkeys(OF_MARKUP, "{}"),
        **OF_QUOTES,
        **dict.fromkeys(OF_ADDRESSES, '<a href="{}">press</a>'),
        **{each: careless.render(each) for each in OF_MARKDOWN},
    }
    page = watch.visitor.page
    for payload, place in places.items():
        watch.runs.clear()
        watch.requests.clear()
        page.goto("about:blank")
        page.set_content(place.replace("{}", payload), wait_until="domcontentloaded")
        if ">press<" in place or place.startswith("<p><a"):
            page.locator("a").click()
        watch.sees_something()
    assert tuple(places) == PAYLOADS
    watch.visitor.forgive("")  # the consoles of such pages are full


def of_people(room: Chatroom) -> int:
    say(room, "Mallory", *PAYLOADS)
    return 1


def of_the_assistant(room: Chatroom) -> int:
    for payload in PAYLOADS:
        room.room.receive(Reply(Address(), payload, payload))
    return 3  # as it is, as Markdown, its language


def of_something_to_play(room: Chatroom) -> int:
    for payload in PAYLOADS:
        media = Media(payload, payload, payload, payload)
        room.room.receive(Reply(Address(), "", media=media))
    return 4


@pytest.mark.parametrize("words", [of_people, of_the_assistant, of_something_to_play])
def test_what_is_said_is_not_run(
    room: Chatroom, bob: Visitor, watch: Watch, words: Callable[[Chatroom], int]
) -> None:
    bob.join(room.url, "Bob")
    fields = words(room)
    for _ in range(2):
        expect(bob.lines).to_have_count(len(PAYLOADS))
        for link in bob.page.locator("#log a").all():
            link.hover()
        watch.sees_nothing()
        bob.page.reload()
    told(fields, len(PAYLOADS))


def test_what_a_visitor_gives_of_themselves_is_not_run(
    room: Chatroom, bob: Visitor, watch: Watch
) -> None:
    bob.join(room.url, "Bob")
    for payload in NAMES:
        say(room, payload, "Hello")
    expect(bob.page.locator("#people bdi")).to_have_count(1 + len(NAMES))
    expect(bob.page.locator("#log .author")).to_have_text(list(NAMES))
    watch.sees_nothing()
    for payload in PAYLOADS:
        part = quote(payload.replace("/", ""), safe="")
        bob.open(f"{room.url}/chatroom/{part}/{part}/{part}?lang={part}")
        bob.open(f"{room.url}/plain?name={part}&lang={part}&site_id={part}&code={part}")
        watch.sees_nothing()
    told(8, len(PAYLOADS))


@pytest.mark.parametrize("payload", [*OF_QUOTES][::3])
def test_the_rooms_name_is_not_run(open_room: OpenRoom, bob: Visitor, payload: str) -> None:
    watch = Watch(bob)
    room = open_room(database=MEMORY, room_name=payload)
    bob.join(room.url, "Bob")
    expect(bob.page.get_by_role("heading", level=1)).to_have_text(payload.strip())
    watch.sees_nothing()
    bob.open(f"{room.url}/plain")
    watch.sees_nothing()
    told(2, 1)


def test_what_the_hub_makes_the_room_say_of_it_is_not_run(
    room: Chatroom, bob: Visitor, watch: Watch
) -> None:
    bob.join(room.url, "Bob")
    for state in (HubState.NOT_ALLOWED, HubState.REFUSED, HubState.UNREACHABLE):
        for payload in PAYLOADS:
            since = room.room.hub.since
            room.room.hub_is(HubStatus(state, since, payload, f"hivemind-core {payload}"))
        expect(bob.banner).to_be_visible()
        watch.sees_nothing()
    told(2, len(PAYLOADS))


def test_what_is_looked_for_and_found_is_not_run(
    room: Chatroom, bob: Visitor, watch: Watch
) -> None:
    bob.join(room.url, "Bob")
    say(room, NAMES[0], *(f"needle {payload}" for payload in PAYLOADS))
    bob.page.get_by_role("button", name="Search").click()
    box = bob.page.get_by_role("searchbox")
    for words in (*PAYLOADS, "needle"):
        with bob.page.expect_response("**/api/messages?**"):
            box.fill(words)
    expect(bob.page.locator("#search li button").first).to_be_visible()
    watch.sees_nothing()
    told(3, len(PAYLOADS))


def test_the_names_of_other_rooms_are_not_run(room: Chatroom, bob: Visitor, watch: Watch) -> None:
    rooms = [
        {"id": payload, "name": payload, "url": "http://192.168.1.40:8985/", "needs_code": True}
        for payload in PAYLOADS
    ]
    bob.page.route("**/api/rooms", lambda route: route.fulfill(json={"rooms": rooms}))
    bob.open(room.url)
    expect(bob.door.get_by_role("navigation").get_by_role("link")).to_have_count(len(PAYLOADS))
    watch.sees_nothing()
    told(2, len(PAYLOADS))


def test_nothing_is_run_should_the_room_let_all_of_it_pass(
    room: Chatroom, bob: Visitor, watch: Watch
) -> None:
    say(room, "Mallory", "Hello")
    room.room.receive(Reply(Address(), "*Hello*", media=Media("http://a.example/", "a", "b")))
    fields = 0

    def answer(route: Route) -> None:
        nonlocal fields
        page = route.fetch().json()
        like = page["messages"]
        fields = texts_of(like, WORDS)
        page["messages"] = [
            {**poisoned(message, payload, WORDS), "id": 1 + len(like) * number + place}
            for number, payload in enumerate(PAYLOADS)
            for place, message in enumerate(like)
        ]
        route.fulfill(json=page)

    bob.page.route("**/api/messages?**", answer)
    bob.join(room.url, "Bob")
    expect(bob.lines).to_have_count(2 * len(PAYLOADS))
    watch.sees_nothing()
    told(fields, len(PAYLOADS))


def test_what_the_room_refuses_with_is_not_run(room: Chatroom, bob: Visitor, watch: Watch) -> None:
    bob.forgive(LOST)
    answers = iter(PAYLOADS)

    def refuse(route: Route) -> None:
        payload = next(answers)
        error: dict[str, Any] = {"code": payload, "message": payload, "suggestion": payload}
        route.fulfill(status=409, json={"error": error})

    bob.page.route("**/api/join", refuse)
    bob.open(room.url)
    for _ in PAYLOADS:
        bob.door.locator("[name=name]").fill("Bob")
        with bob.page.expect_response("**/api/join"):
            bob.door.locator("[type=submit]").click()
        expect(bob.door.locator("[type=submit]")).to_be_enabled()
    watch.sees_nothing()
    told(3, len(PAYLOADS))


def test_an_export_runs_nothing(room: Chatroom, bob: Visitor, watch: Watch, tmp_path: Path) -> None:
    for name in NAMES:
        say(room, name, *PAYLOADS)
    for payload in PAYLOADS:
        room.room.receive(Reply(Address(), payload, media=Media(payload, payload, payload)))
    origin, _, token = room.operator_url.partition("/#k=")
    headers = {"X-Operator-Token": token}
    file = tmp_path / "room.html"
    file.write_bytes(httpx.get(f"{origin}/api/export?format=html", headers=headers).content)
    bob.open(file.as_uri())
    expect(bob.page.get_by_text(PAYLOADS[0]).first).to_be_visible()
    assert (watch.runs, watch.requests, watch.stopped) == ([], [], [])
    told(6, len(PAYLOADS))
