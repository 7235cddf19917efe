"""What a phone fetches, as it is served: the door, and the whole of the room; no third party."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from hivemind_chatroom.web.app import OFFERED_LANGUAGES
from web.browser import Browser
from web.stage import Stage

DOOR_BYTES = 18_000
"""All that stands between a scanned code and the card, compressed with gzip."""

ROOM_BYTES = 30_000
"""The page of somebody who is in, with its words and signs, its script and that of the worker, its
sheet and its icon, with gzip. What the room imports when it is first used comes on top, and is no
part of the first load."""

PAGE = "/chatroom/anon_user/flask/{lang}"
ADDRESSES = (
    re.compile(r'<(?:link|script|img)\b[^>]* (?:href|src)="([^"]+)"'),
    re.compile(r'(?:\bfrom|new URL\()"([^"]+)"'),
    re.compile(r'\burl\("?([^")]+)'),
)


def load(browser: Browser, page: str) -> dict[str, int]:
    """Return what a page fetches and how many bytes each takes.

    Args:
        browser: Who asks.
        page: Its address.
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
        text = _without_noscript(browser.get(address).text)
        waiting += [
            urljoin(address, found) for pattern in ADDRESSES for found in pattern.findall(text)
        ]
    return sizes


@pytest.mark.parametrize("lang", OFFERED_LANGUAGES)
def test_the_door_weighs_little(passer_by: Browser, lang: str) -> None:
    sizes = load(passer_by, PAGE.format(lang=lang))
    print(f"door, {lang}: {sum(sizes.values()):,} bytes")  # noqa: T201 - for who wants to know
    assert len(sizes) == 4, sizes
    assert sum(sizes.values()) <= DOOR_BYTES, sizes


@pytest.mark.parametrize("lang", OFFERED_LANGUAGES)
def test_the_whole_room_weighs_little(stage: Stage, lang: str) -> None:
    ana = stage.browser()
    ana.join("Ana", lang=lang)
    sizes = load(ana, PAGE.format(lang=lang))
    print(f"room, {lang}: {sum(sizes.values()):,} bytes")  # noqa: T201 - as above
    names = {address.rpartition("/")[2].partition(".")[0] for address in sizes}
    assert names >= {"main", "worker", "page", "icon"}
    assert sum(sizes.values()) <= ROOM_BYTES, sizes


def _without_noscript(text: str) -> str:
    return re.sub(r"<noscript>.*?</noscript>", "", text, flags=re.DOTALL)
