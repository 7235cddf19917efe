"""The first load: what a phone on the household's Wi-Fi fetches before it can join."""

from __future__ import annotations

import gzip

from playwright.sync_api import Response, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import PHONE, Visitor

BUDGET_BYTES = 30_000
"""Everything of the first load, compressed with gzip."""


def test_the_first_load_is_small_and_from_this_room_alone(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    url = open_room().url
    ana = arrive(PHONE)
    responses: list[Response] = []

    def note(response: Response) -> None:
        responses.append(response)

    ana.page.on("response", note)

    ana.open(url)
    expect(ana.door.get_by_label("Your name")).to_be_focused()

    fetched = [response for response in responses if response.ok]
    assert all(response.url.startswith(url) for response in fetched)
    assert all(
        response.headers.get("content-encoding") == "gzip"
        for response in fetched
        if "/static/" in response.url
    )
    assert sum(len(gzip.compress(response.body())) for response in fetched) <= BUDGET_BYTES


def test_every_module_is_asked_for_at_once(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.open(open_room().url)
    expect(ana.door.get_by_label("Your name")).to_be_focused()
    _see_named_what_is_loaded(ana)

    ana.join(ana.page.url, "Ana")
    ana.page.reload()
    expect(ana.hub_word).to_have_text("No assistant here")
    _see_named_what_is_loaded(ana)


def _see_named_what_is_loaded(visitor: Visitor) -> None:
    named = visitor.page.eval_on_selector_all(
        "link[rel=modulepreload], script[type=module]",
        "elements => elements.map((element) => element.href ?? element.src)",
    )
    loaded = visitor.page.evaluate(
        """() => performance.getEntriesByType("resource")
          .map((entry) => entry.name).filter((name) => name.endsWith(".js"))"""
    )
    assert sorted(named) == sorted(loaded)
