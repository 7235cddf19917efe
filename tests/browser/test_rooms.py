"""Other rooms on the network are offered at the door, once this room's card is there."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from browser.conftest import Arrive, OpenRoom
from browser.test_operator_page import violations
from browser.visitor import PHONE, Visitor

ATTIC = {"id": "00000001", "name": "Attic", "url": "http://192.168.1.40:8985/", "needs_code": False}
ARABIC = {"id": "00000002", "name": "غرفة", "url": "http://192.168.1.41:8985/", "needs_code": True}

COMES_BACK = (
    "window.dispatchEvent(new Event('focus'))",
    "document.dispatchEvent(new Event('visibilitychange'))",
)


class Neighbours:
    """What a visitor's room says of the others."""

    def __init__(self, visitor: Visitor) -> None:
        self.answers: list[dict[str, Any]] = []
        """What it says, one after the other."""
        visitor.page.route("**/api/rooms", self._answer)

    def say(self, *rooms: dict[str, Any], is_searching: bool = False) -> None:
        """Say this when it is asked next."""
        self.answers.append({"rooms": list(rooms), "is_searching": is_searching})

    def _answer(self, route: Route) -> None:
        route.fulfill(json=self.answers.pop(0))


def offer(visitor: Visitor) -> Locator:
    return visitor.door.get_by_role("navigation", name="Other rooms here")


def test_other_rooms_are_offered_below_the_card_and_move_nothing(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    held: list[Route] = []
    ana.page.route("**/api/rooms", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    with ana.page.expect_request("**/api/rooms"):
        ana.open(open_room().url)
    button = ana.door.get_by_role("button", name="Join")
    expect(button).to_be_enabled()
    before = button.bounding_box()
    held[0].fulfill(json={"rooms": [ATTIC, ARABIC], "is_searching": False})

    links = offer(ana).get_by_role("link")
    expect(links).to_have_text(["Attic", "غرفة · needs a code"])
    expect(links.first).to_have_attribute("href", str(ATTIC["url"]))
    expect(offer(ana)).to_contain_text("Not listed? Ask its host for the address.")
    assert button.bounding_box() == before
    assert violations(ana.page, "door") == []


def test_where_there_is_no_other_room_nothing_is_said_of_any(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    Neighbours(ana).say()
    with ana.page.expect_response("**/api/rooms"):
        ana.open(open_room().url)
    expect(ana.door.locator("[name=name]")).to_be_focused()
    expect(offer(ana)).to_have_count(0)


def test_a_room_that_has_just_been_started_is_asked_once_more(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    neighbours = Neighbours(ana)
    neighbours.say(ATTIC, is_searching=True)
    neighbours.say(ATTIC, ARABIC)
    ana.open(open_room().url)
    expect(offer(ana).get_by_role("link")).to_have_count(2)
    expect(offer(ana)).to_have_count(1)
    assert neighbours.answers == []


@pytest.mark.parametrize("event", COMES_BACK)
def test_who_comes_back_to_the_door_sees_what_is_there_now(
    open_room: OpenRoom, arrive: Arrive, event: str
) -> None:
    ana = arrive(PHONE)
    neighbours = Neighbours(ana)
    neighbours.say(ATTIC)
    ana.open(open_room().url)
    links = offer(ana).get_by_role("link")
    expect(links).to_have_text(["Attic"])
    neighbours.say(ARABIC)
    ana.page.evaluate(event)
    expect(links).to_have_text(["غرفة · needs a code"])
    neighbours.say()
    ana.page.evaluate(event)
    expect(offer(ana)).to_have_count(0)


def test_what_is_still_there_stays_under_the_finger(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    neighbours = Neighbours(ana)
    neighbours.say(ATTIC)
    ana.open(open_room().url)
    link = offer(ana).get_by_role("link")
    link.focus()
    neighbours.say(ATTIC, is_searching=True)
    with ana.page.expect_response("**/api/rooms"):
        ana.page.evaluate(COMES_BACK[0])
    held: list[Route] = []
    ana.page.route("**/api/rooms", lambda route: held.append(route))  # noqa: PLW0108 - as above
    with ana.page.expect_request("**/api/rooms"):
        pass  # it is made when the answer before it is shown
    expect(link).to_be_focused()


def test_who_is_in_is_offered_no_other_room(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    neighbours = Neighbours(ana)
    neighbours.say(ATTIC)
    ana.join(open_room().url, "Ana")
    expect(offer(ana)).to_be_hidden()
    asked = ana.requests("/api/rooms")
    for event in COMES_BACK:
        ana.page.evaluate(event)
    ana.page.reload()
    expect(ana.composer).to_be_visible()
    assert asked == []
