"""What a phone fetches, as it is served: the door, and the whole of the room; no third party."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from hivemind_chatroom.web.app import OFFERED_LANGUAGES
from web.browser import Browser

DOOR_BYTES = 18_000
"""All that stands between a scanned code and the card, compressed with gzip."""

ROOM_BYTES = 37_000
"""The page of somebody who is in, its scripts and those of the worker, its sheet and its icon, with
gzip. What the room imports when it is first used comes on top, and is no part of the first load."""

PAGE = "/chatroom/anon_user/flask/{lang}"
ADDRESSES = (
    re.compile(r'<(?:link|script|img)\b[^>]* (?:href|src)="([^"]+)"'),
    re.compile(r'(?:\bfrom|new URL\()"([^"]+)"'),
    re.compile(r'(?:\bfetchRoom=\(\)=>import\()"([^"]+)"'),
    re.compile(r'\burl\("?([^")]+)'),
)


def load(browser: Browser, page: str, *, later: bool) -> dict[str, int]:
    """Return what a page fetches and how many bytes each takes.

    Args:
        browser: Who asks.
        page: Its address.
        later: Whether to fetch what the scripts import later, too.
    """
    sizes: dict[str, int] = {}
    waiting = [page]
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        assert address.startswith("/"), "somebody else's"
        answer = browser.get(address, {"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, address
        assert answer.headers["Content-Encoding"] == "gzip", address
        assert address == page or "immutable" in answer.headers["Cache-Control"], address
        sizes[address] = len(answer.data)
        if address == page or later:
            text = browser.get(address).text
            waiting += [
                urljoin(address, found)
                for pattern in ADDRESSES
                for found in pattern.findall(_without_noscript(text))
            ]
    return sizes


@pytest.mark.parametrize("lang", OFFERED_LANGUAGES)
def test_the_door_weighs_little(passer_by: Browser, lang: str) -> None:
    sizes = load(passer_by, PAGE.format(lang=lang), later=False)
    print(f"door, {lang}: {sum(sizes.values()):,} bytes")  # noqa: T201 - for who wants to know
    assert len(sizes) == 4, sizes
    assert sum(sizes.values()) <= DOOR_BYTES, sizes


@pytest.mark.parametrize("lang", OFFERED_LANGUAGES)
def test_the_whole_room_weighs_little(ana: Browser, lang: str) -> None:
    sizes = load(ana, PAGE.format(lang=lang), later=True)
    print(f"room, {lang}: {sum(sizes.values()):,} bytes")  # noqa: T201 - as above
    assert {address.rpartition("/")[2] for address in sizes} >= {"room.js", "worker.js", "page.css"}
    assert sum(sizes.values()) <= ROOM_BYTES, sizes


def _without_noscript(text: str) -> str:
    return re.sub(r"<noscript>.*?</noscript>", "", text, flags=re.DOTALL)
