"""Whoever lists the hubs is told when there is another list."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable

import pytest

from fakes import FakeClock
from hivemind_chatroom.lan import browser as module
from hivemind_chatroom.lan.addresses import Addresses
from hivemind_chatroom.lan.browser import Browser
from hivemind_chatroom.lan.interfaces import Interface
from hivemind_chatroom.lan.service import WEB, Service

HERE = Addresses(interfaces=(Interface("eth0", (ipaddress.ip_interface("192.168.1.23/24"),)),))
HUB = Service(
    WEB,
    "Living room",
    "hub.local",
    5678,
    ("192.168.1.10",),
    {"type": "HiveMind-websocket", "name": "Living room"},
)
DEADLINE_S = 5.0


class FakeSearcher:
    """A `Searcher` whose services a test has come and go."""

    def __init__(self) -> None:
        self.found: dict[str, Callable[[Service], None]] = {}
        self.gone: dict[str, Callable[[str], None]] = {}

    def browse(
        self, type_: str, on_found: Callable[[Service], None], on_gone: Callable[[str], None]
    ) -> None:
        self.found[type_], self.gone[type_] = on_found, on_gone


def test_a_hub_that_comes_or_goes_is_news_and_one_that_repeats_itself_is_none() -> None:
    told: list[int] = []

    async def live() -> None:
        browser, searcher = Browser("0a1b2c3d", FakeClock(), lambda: told.append(0)), FakeSearcher()
        browser.search(searcher, HERE)
        assert told == []
        searcher.found[WEB](HUB)
        assert (len(told), [hub.name for hub in browser.hubs().hubs]) == (1, ["Living room"])
        searcher.found[WEB](HUB)
        assert len(told) == 1
        searcher.gone[WEB](HUB.name)
        assert (len(told), browser.hubs().hubs) == (2, ())
        browser.stop()
        assert len(told) == 2

    asyncio.run(live())


def test_that_nothing_more_is_searched_is_news_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEARCH_S", 0.0)

    async def live() -> None:
        told = asyncio.Event()
        browser = Browser("0a1b2c3d", FakeClock(), told.set)
        browser.search(FakeSearcher(), HERE)
        assert not told.is_set()
        await asyncio.wait_for(told.wait(), DEADLINE_S)
        assert not browser.hubs().is_searching
        browser.stop()

    asyncio.run(live())
