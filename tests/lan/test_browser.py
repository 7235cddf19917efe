"""Which rooms and hubs are listed, and as long as when; the LAN and its answers are the test's."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Coroutine
from dataclasses import replace

import pytest

from fakes import FakeClock
from hivemind_chatroom.lan import browser as module
from hivemind_chatroom.lan.addresses import Addresses
from hivemind_chatroom.lan.browser import SEARCH_S, Browser
from hivemind_chatroom.lan.calls import Health
from hivemind_chatroom.lan.interfaces import Interface
from hivemind_chatroom.lan.service import CHATROOM, WEB, Service
from hivemind_chatroom.room.operating import SeenHub, SeenRoom

HERE = Addresses(interfaces=(Interface("eth0", (ipaddress.ip_interface("192.168.1.23/24"),)),))
ATTIC = Service(
    CHATROOM,
    "Attic hc-1a2b3c4d",
    "hc-1a2b3c4d.local",
    8985,
    ("192.168.1.30",),
    {"id": "1a2b3c4d", "room": "Attic", "auth": "pin"},
)
HUB = Service(
    WEB,
    " - HiveMind-Node",
    "hub.local",
    5678,
    ("192.168.1.10",),
    {"type": "HiveMind-websocket", "name": "Living room", "ssl": "False"},
)
SEEN_ATTIC = SeenRoom("1a2b3c4d", "Attic", "http://192.168.1.30:8985/", needs_code=True)
WITHIN_S = 10.0


class Lan:
    """A LAN: what announces itself, and what answers."""

    def __init__(self) -> None:
        self.found: dict[str, Callable[[Service], None]] = {}
        self.gone: dict[str, Callable[[str], None]] = {}
        self.health: dict[str, Health | None] = {}
        """By address; who isn't in it is not there."""
        self.asked: list[tuple[str, int]] = []
        self.news = asyncio.Event()

    def browse(
        self, type_: str, on_found: Callable[[Service], None], on_gone: Callable[[str], None]
    ) -> None:
        self.found[type_], self.gone[type_] = on_found, on_gone

    async def health_of(self, address: str, port: int) -> Health | None:
        self.asked.append((address, port))
        self.news.set()
        return self.health.get(address)

    async def answers(self, address: str, port: int) -> bool:
        self.asked.append((address, port))
        self.news.set()
        return address in self.health

    async def wait(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so, looked at after each question."""
        async with asyncio.timeout(WITHIN_S):
            while not is_so():
                self.news.clear()
                await self.news.wait()
                await asyncio.sleep(0)  # until whoever asked has made something of the answer


async def everything() -> None:
    """Let everything go on that waits for nothing."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    for pause in ("CHECK_EVERY_S", "CHECK_AGAIN_S", "HUB_CHECK_EVERY_S"):
        monkeypatch.setattr(module, pause, 0.01)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what plays a scene on a LAN that a browser looks at."""

    def on(scene: Callable[[Browser, Lan], Coroutine[None, None, None]]) -> None:
        async def run() -> None:
            lan, browser = Lan(), Browser("0a0b0c0d", FakeClock())
            monkeypatch.setattr(module, "health_of", lan.health_of)
            monkeypatch.setattr(module, "answers", lan.answers)
            browser.search(lan, HERE)
            lan.health["192.168.1.30"] = Health("1a2b3c4d" + "0" * 24, "Attic")
            try:
                await scene(browser, lan)
            finally:
                browser.stop()

        asyncio.run(run())

    return on


@pytest.mark.parametrize("former", ["192.168.1.9", "192.168.1.99"])
@pytest.mark.parametrize("is_newest_first", [True, False])
def test_a_room_that_has_moved_is_listed_where_it_answers(
    play: Callable[..., None], former: str, *, is_newest_first: bool
) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        addresses = ("192.168.1.30", former) if is_newest_first else (former, "192.168.1.30")
        lan.found[CHATROOM](replace(ATTIC, addresses=addresses))
        await lan.wait(lambda: browser.rooms().rooms == (SEEN_ATTIC,))

    play(scene)


def test_a_room_is_listed_when_it_has_answered(play: Callable[..., None]) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        lan.found[CHATROOM](ATTIC)
        assert browser.rooms().rooms == ()
        await lan.wait(lambda: bool(browser.rooms().rooms))
        assert browser.rooms().rooms == (SEEN_ATTIC,)
        assert lan.asked[0] == ("192.168.1.30", 8985)

    play(scene)


def test_a_room_that_does_not_answer_twice_is_gone_and_comes_back_when_it_does(
    play: Callable[..., None],
) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        lan.found[CHATROOM](ATTIC)
        await lan.wait(lambda: bool(browser.rooms().rooms))
        health, lan.health["192.168.1.30"] = lan.health["192.168.1.30"], None
        asked = len(lan.asked)
        await lan.wait(lambda: len(lan.asked) == asked + 1)
        assert browser.rooms().rooms  # one miss is no end
        await lan.wait(lambda: not browser.rooms().rooms)
        assert len(lan.asked) == asked + 2
        lan.health["192.168.1.30"] = health
        await lan.wait(lambda: bool(browser.rooms().rooms))

    play(scene)


@pytest.mark.parametrize(
    "service",
    [
        replace(ATTIC, text={**ATTIC.text, "id": "0a0b0c0d"}),  # this room
        replace(ATTIC, text={**ATTIC.text, "id": "../../x"}),
        replace(ATTIC, text={}),
        replace(ATTIC, addresses=("93.184.216.34",)),
        replace(ATTIC, addresses=("127.0.0.1",)),
        replace(ATTIC, port=0),
    ],
)
def test_who_is_no_other_room_of_this_lan_is_not_even_called(
    service: Service, play: Callable[..., None]
) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        lan.found[CHATROOM](service)
        lan.found[CHATROOM](replace(ATTIC, label="Other"))
        await lan.wait(lambda: bool(browser.rooms().rooms))
        assert browser.rooms().rooms == (SEEN_ATTIC,)
        assert set(lan.asked) == {("192.168.1.30", 8985)}

    play(scene)


@pytest.mark.parametrize("health", [Health("99999999", "Attic"), Health("1a2b3c4d", "")])
def test_who_answers_as_another_or_under_no_name_is_not_listed(
    health: Health, play: Callable[..., None]
) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        lan.health["192.168.1.30"] = health
        lan.found[CHATROOM](ATTIC)
        await lan.wait(lambda: len(lan.asked) > 2)
        assert browser.rooms().rooms == ()

    play(scene)


def test_a_room_that_takes_its_leave_is_gone_at_once_and_not_called_again(
    play: Callable[..., None],
) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        lan.found[CHATROOM](ATTIC)
        await lan.wait(lambda: bool(browser.rooms().rooms))
        lan.gone[CHATROOM](ATTIC.name)
        assert browser.rooms().rooms == ()
        await everything()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    play(scene)


def test_what_a_room_says_anew_is_listed_and_it_stays_meanwhile(play: Callable[..., None]) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        lan.found[CHATROOM](ATTIC)
        await lan.wait(lambda: bool(browser.rooms().rooms))
        lan.found[CHATROOM](replace(ATTIC, text={**ATTIC.text, "auth": "open"}))
        assert browser.rooms().rooms == (SEEN_ATTIC,)
        await lan.wait(lambda: browser.rooms().rooms != (SEEN_ATTIC,))
        assert browser.rooms().rooms == (replace(SEEN_ATTIC, needs_code=False),)

    play(scene)


def test_somebody_who_announces_rooms_without_end_is_heard_fifty_times(
    play: Callable[..., None],
) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        for number in range(200):
            room_id = f"{number:08x}"
            lan.found[CHATROOM](
                replace(ATTIC, label=f"x {number}", port=number + 1, text={"id": room_id})
            )
        await lan.wait(lambda: len(set(lan.asked)) == 50)
        assert (len(asyncio.all_tasks()) - 1, len(set(lan.asked))) == (50, 50)
        assert browser.rooms().rooms == ()

    play(scene)


def test_whoever_does_not_answer_gives_way_to_whoever_may(play: Callable[..., None]) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        for number in range(50):
            text = {"id": f"{number:08x}"}
            lan.found[CHATROOM](replace(ATTIC, label=f"x {number}", port=9, text=text))
            lan.found[WEB](replace(HUB, label=f"x {number}", port=number + 1))
        lan.found[CHATROOM](ATTIC)
        lan.found[WEB](HUB)
        await lan.wait(lambda: bool(browser.rooms().rooms))
        assert browser.rooms().rooms == (SEEN_ATTIC,)
        hubs = browser.hubs().hubs
        assert (len(hubs), hubs.count(SeenHub("Living room", "192.168.1.10", 5678))) == (50, 1)

    play(scene)


def test_whoever_answers_keeps_its_place_whoever_comes(play: Callable[..., None]) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        lan.found[CHATROOM](ATTIC)
        await lan.wait(lambda: bool(browser.rooms().rooms))
        for number in range(200):
            text = {"id": f"{number:08x}"}
            lan.found[CHATROOM](replace(ATTIC, label=f"x {number}", port=9, text=text))
        assert browser.rooms().rooms == (SEEN_ATTIC,)

    play(scene)


def test_a_hub_is_listed_at_once_and_tried_when_somebody_asks(play: Callable[..., None]) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        lan.found[WEB](HUB)
        await everything()
        assert lan.asked == []
        seen = SeenHub("Living room", "192.168.1.10", 5678)
        assert browser.hubs().hubs == (seen,)
        await lan.wait(lambda: browser.hubs().hubs[0].is_reachable is False)
        lan.health["192.168.1.10"] = None
        await lan.wait(lambda: browser.hubs().hubs[0].is_reachable is True)

    play(scene)


def test_of_other_pages_and_of_hubs_elsewhere_nothing_is_listed_and_a_hub_once(
    play: Callable[..., None],
) -> None:
    async def scene(browser: Browser, lan: Lan) -> None:
        lan.found[WEB](replace(HUB, label="Printer", text={}))
        lan.found[WEB](replace(HUB, label="Far", addresses=("93.184.216.34",)))
        lan.found[WEB](replace(HUB, label="Self", addresses=("127.0.0.1",)))
        lan.found[WEB](HUB)
        lan.found[WEB](replace(HUB, label="The same again"))
        tls = replace(
            HUB, label="Safe", port=5679, text={"type": "HiveMind-websocket", "ssl": "True"}
        )
        lan.found[WEB](tls)
        assert browser.hubs().hubs == (
            SeenHub("Living room", "192.168.1.10", 5678),
            SeenHub("Safe", "192.168.1.10", 5679, tls=True),
        )

    play(scene)


def test_that_there_is_nobody_is_known_after_a_while() -> None:
    clock = FakeClock()
    browser = Browser("0a0b0c0d", clock)
    assert browser.rooms().is_searching
    clock.advance(SEARCH_S + 0.1)
    assert not browser.rooms().is_searching
    assert not browser.hubs().is_searching
