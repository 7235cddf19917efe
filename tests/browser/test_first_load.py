"""The first load: what a phone on the household's Wi-Fi fetches before it can join."""

from __future__ import annotations

import gzip
import io
import re

import zxingcpp
from PIL import Image
from playwright.sync_api import Response, expect

from browser.conftest import Arrive, OpenRoom
from browser.dashboard import WINDOW
from browser.visitor import PHONE, Visitor

BUDGET_BYTES = 30_000
"""Everything of the first load, compressed with gzip."""

WHOLE_WAY_BYTES = 100_000
"""The door and the room, their parts and what is said in them."""

AFTERWARDS = re.compile(r"/rooms\.")
"""What the door asks for once it is there, and needs not; door.js."""


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


def test_the_code_on_the_hosts_screen_leads_a_phone_in_by_a_name_and_a_tap(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(code="482193", set_up=True)
    host, ana = arrive(WINDOW), arrive(PHONE)
    host.open(room.operator_url)
    expect(host.page.locator(".card-invite .qr")).to_be_visible()
    screen = Image.open(io.BytesIO(host.page.screenshot()))
    (scanned,) = zxingcpp.read_barcodes(screen)
    sizes: list[int] = []
    ana.page.on("response", lambda response: sizes.append(_transferred(response)))

    ana.open(scanned.text)
    expect(ana.door.get_by_label("Your name")).to_be_focused()
    ana.page.keyboard.type("Ana")
    ana.page.get_by_role("button", name="Join").tap()

    expect(ana.composer).to_be_visible()
    expect(ana.hub_word).to_have_text("No assistant here")
    assert sum(sizes) < WHOLE_WAY_BYTES


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
    assert sorted(named) == sorted(name for name in loaded if not AFTERWARDS.search(name))


def _transferred(response: Response) -> int:
    """Return how many bytes a response had on its way; a stream's are still coming."""
    is_stream = "event-stream" in response.headers.get("content-type", "")
    return 0 if is_stream else int(response.headers.get("content-length", "0"))
