import asyncio
import ipaddress
import socket
from collections.abc import Callable, Coroutine
from dataclasses import replace

import pytest

from hivemind_chatroom.lan import claims
from hivemind_chatroom.lan.addresses import Addresses, Announced
from hivemind_chatroom.lan.announcer import Announcer
from hivemind_chatroom.lan.claims import RENAMES_MAX, HostSeen, ServiceSeen
from hivemind_chatroom.lan.interfaces import Interface
from hivemind_chatroom.lan.offer import Offer
from hivemind_chatroom.lan.service import CHATROOM, WEB, Service
from hivemind_chatroom.room.operating import LanState

OFFER = Offer("1a2b3c4d5e6f7081", "Kitchen", 8985, needs_code=False, wanted="hivechat")
FOUND = Addresses(
    frozenset({"192.168.1.23"}),
    (Interface("eth0", (ipaddress.ip_interface("192.168.1.23/24"),)),),
)
MACHINE, NICE, SUFFIXED = "hc-1a2b3c4d.local", "hivechat.local", "hivechat-1a2b.local"
PEER = "192.168.1.200"
"""Of another room, higher than ours."""
WITHIN_S = 10.0


class FakeResponder:
    """Multicast DNS on a LAN on which the test decides who has what."""

    def __init__(self) -> None:
        self.services: dict[str, Service] = {}
        self.done: list[str] = []
        """What was said, in its order."""
        self.held: dict[str, frozenset[str]] = {}
        """The addresses of names that others have."""
        self.places: dict[str, tuple[str, int]] = {}
        self.on_news: Callable[[], None] = lambda: None

    async def announce(self, service: Service) -> None:
        self.services[service.name] = service
        self.done.append(f"{service.label} at {service.host}")
        self.on_news()

    async def withdraw(self, service: Service, *, is_lost: bool = False) -> None:
        del self.services[service.name]
        self.done.append(f"{'drop' if is_lost else 'goodbye'} {service.label}")
        self.on_news()

    async def addresses_of(self, host: str) -> frozenset[str]:
        return self.held.get(host, frozenset())

    async def place_of(self, service: Service) -> tuple[str, int] | None:
        return self.places.get(service.name)

    def of_type(self, type_: str) -> Service:
        """Return the one service of a type."""
        [service] = (each for each in self.services.values() if each.type == type_)
        return service


class Stage:
    """An announcer that runs, and what it has told."""

    def __init__(self, responder: FakeResponder) -> None:
        self.responder = responder
        self.told: list[Announced] = []
        self.news = asyncio.Event()
        responder.on_news = self.news.set
        self.announcer = Announcer(OFFER, FOUND, self.hear)

    def hear(self, announced: Announced) -> None:
        self.told.append(announced)
        self.news.set()

    async def wait(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(WITHIN_S):
            while not is_so():
                self.news.clear()
                await self.news.wait()

    async def until(self, name: str | None, state: LanState = LanState.OK) -> None:
        """Wait until it says to have this name."""
        await self.wait(
            lambda: bool(self.told) and (self.told[-1].name, self.told[-1].state) == (name, state)
        )

    async def said(self, what: str) -> None:
        """Wait until something was said."""
        await self.wait(lambda: what in self.responder.done)


Scene = Callable[[Stage], Coroutine[None, None, None]]


def play(scene: Scene, responder: FakeResponder | None = None) -> Stage:
    """Run an announcer while a scene is played."""

    async def run() -> Stage:
        stage = Stage(responder or FakeResponder())
        running = asyncio.create_task(stage.announcer.run(stage.responder))
        try:
            await scene(stage)
        finally:
            running.cancel()
        return stage

    return asyncio.run(run())


@pytest.fixture(autouse=True)
def _this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "ana-pc")


async def opened(stage: Stage) -> None:
    await stage.until(NICE)


def test_the_name_that_is_nobody_elses_is_announced_first_and_the_nice_one_when_it_is_free() -> (
    None
):
    stage = play(opened)
    assert stage.told == [
        Announced(LanState.STARTING, MACHINE, claimed=NICE),
        Announced(LanState.OK, MACHINE, NICE),
    ]
    assert stage.responder.done == [
        f"Kitchen hc-1a2b3c4d at {MACHINE}",
        f"Kitchen on ana-pc at {NICE}",
    ]


def test_a_nice_name_that_somebody_has_is_not_announced_at_all() -> None:
    responder = FakeResponder()
    responder.held[NICE] = frozenset({"192.168.1.7"})

    async def scene(stage: Stage) -> None:
        await stage.until(SUFFIXED)

    stage = play(scene, responder)
    assert f"Kitchen on ana-pc at {SUFFIXED}" in stage.responder.done
    assert not any(f"at {NICE}" in each for each in stage.responder.done)


def test_a_name_that_this_computer_itself_answers_for_is_no_reason_for_another() -> None:
    responder = FakeResponder()
    responder.held[NICE] = frozenset({"192.168.1.23"})
    assert play(opened, responder).responder.of_type(WEB).host == NICE


def test_a_label_that_another_service_has_gets_the_rooms_id() -> None:
    responder = FakeResponder()
    responder.places["Kitchen on ana-pc._http._tcp.local."] = ("other.local", 80)
    assert play(opened, responder).responder.of_type(WEB).label == "Kitchen on ana-pc (1a2b)"


def test_a_nice_name_that_a_higher_room_announces_is_left_to_it_without_a_goodbye() -> None:
    async def scene(stage: Stage) -> None:
        await opened(stage)
        stage.announcer.note(HostSeen("hc-99999999.local", PEER))
        stage.announcer.note(HostSeen(NICE, PEER))
        await stage.until(SUFFIXED)

    stage = play(scene)
    assert stage.responder.of_type(WEB).host == SUFFIXED
    assert not any("goodbye" in each for each in stage.responder.done)


def test_a_nice_name_is_announced_again_once_against_a_lower_room() -> None:
    async def scene(stage: Stage) -> None:
        await opened(stage)
        stage.announcer.note(HostSeen("hc-99999999.local", "192.168.1.7"))
        for _ in range(3):
            stage.announcer.note(HostSeen(NICE, "192.168.1.7"))
        stage.announcer.show(replace(OFFER, room_name="Cellar"))
        await stage.said("goodbye Kitchen on ana-pc")

    stage = play(scene)
    assert stage.responder.done.count(f"Kitchen on ana-pc at {NICE}") == 2


def test_a_name_that_another_room_of_this_computer_takes_along_is_announced_again() -> None:
    async def scene(stage: Stage) -> None:
        await opened(stage)
        stage.responder.done.clear()
        stage.announcer.note(HostSeen(NICE, "192.168.1.23", is_goodbye=True))
        await stage.said(f"Kitchen on ana-pc at {NICE}")

    play(scene)


def test_an_address_that_this_computer_has_got_since_is_no_other_computers() -> None:
    async def scene(stage: Stage) -> None:
        await opened(stage)
        stage.announcer.know_own(FOUND.own | {"10.8.0.2"})
        stage.announcer.note(HostSeen(NICE, "10.8.0.2"))
        stage.announcer.show(replace(OFFER, needs_code=True))
        await stage.wait(lambda: stage.responder.of_type(WEB).text["auth"] == "pin")

    assert play(scene).told[-1].name == NICE


def test_what_is_no_room_gets_the_name_whatever_its_address_is() -> None:
    async def scene(stage: Stage) -> None:
        await opened(stage)
        stage.announcer.note(HostSeen(NICE, "192.168.1.7"))
        await stage.until(SUFFIXED)

    play(scene)


def test_the_suffixed_name_is_held_by_the_same_rules() -> None:
    async def scene(stage: Stage) -> None:
        await opened(stage)
        stage.announcer.note(HostSeen(NICE, "192.168.1.7"))
        await stage.until(SUFFIXED)
        stage.announcer.note(HostSeen(SUFFIXED, "192.168.1.8"))
        await stage.wait(lambda: stage.told[-1].name != SUFFIXED)
        assert stage.told[-1].name not in {NICE, SUFFIXED}

    play(scene)


def test_somebody_who_takes_every_name_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(claims, "SILENCE_S", 0.05)

    async def scene(stage: Stage) -> None:
        await opened(stage)
        for _ in range(RENAMES_MAX + 1):
            taken = stage.told[-1].name
            assert taken
            stage.announcer.note(HostSeen(taken, "192.168.1.7"))
            await stage.wait(lambda name=taken: stage.told[-1].name != name)  # type: ignore[misc]
        assert stage.told[-1] == Announced(LanState.NAMELESS)
        assert stage.responder.services == {}
        await stage.wait(lambda: stage.told[-1].state is LanState.OK)

    stage = play(scene)
    assert len(stage.responder.services) == 2
    said = [each for each in stage.responder.done if each.startswith("Kitchen on ana-pc at ")]
    assert len(said) == RENAMES_MAX + 2


def test_a_label_that_two_have_announced_is_the_higher_places_and_the_host_name_stays() -> None:
    async def scene(stage: Stage) -> None:
        await opened(stage)
        name = stage.responder.of_type(WEB).name.lower()
        stage.announcer.note(ServiceSeen(name, "zebra.local", 8985))
        await stage.said("drop Kitchen on ana-pc")

    stage = play(scene)
    service = stage.responder.of_type(WEB)
    assert (service.label, service.host) == ("Kitchen on ana-pc (1a2b)", NICE)


def test_a_copy_of_this_room_on_another_computer_gets_its_machine_name_if_it_is_higher() -> None:
    async def scene(stage: Stage) -> None:
        await opened(stage)
        stage.announcer.note(HostSeen(MACHINE, PEER))
        await stage.said("drop Kitchen hc-1a2b3c4d")

    stage = play(scene)
    own = stage.responder.of_type(CHATROOM)
    assert own.host != MACHINE
    assert own.text["id"] == "1a2b3c4d"
    assert stage.told[-1].machine_name == own.host


def test_what_has_nothing_to_do_with_the_room_is_not_even_thought_about() -> None:
    async def scene(stage: Stage) -> None:
        await opened(stage)
        stage.announcer.note(HostSeen("printer.local", "192.168.1.7"))
        stage.announcer.note(ServiceSeen("printer._http._tcp.local.", "printer.local", 80))
        stage.announcer.show(replace(OFFER, needs_code=True))
        await stage.wait(lambda: stage.responder.of_type(WEB).text["auth"] == "pin")

    stage = play(scene)
    assert stage.responder.of_type(CHATROOM).text["auth"] == "pin"
    assert stage.told[-1].name == NICE


def test_another_room_name_is_announced_before_the_former_says_goodbye() -> None:
    async def scene(stage: Stage) -> None:
        await opened(stage)
        stage.announcer.show(replace(OFFER, room_name="Cellar"))
        await stage.said("goodbye Kitchen on ana-pc")

    assert play(scene).responder.done[2:] == [
        f"Cellar hc-1a2b3c4d at {MACHINE}",
        "goodbye Kitchen hc-1a2b3c4d",
        f"Cellar on ana-pc at {NICE}",
        "goodbye Kitchen on ana-pc",
    ]


def test_another_nice_name_is_asked_for_like_the_first() -> None:
    responder = FakeResponder()
    responder.held["cellar.local"] = frozenset({"192.168.1.7"})

    async def scene(stage: Stage) -> None:
        await opened(stage)
        stage.announcer.show(replace(OFFER, wanted="cellar"))
        await stage.until(None, LanState.STARTING)
        await stage.until("cellar-1a2b.local")

    stage = play(scene, responder)
    assert "goodbye Kitchen on ana-pc" in stage.responder.done
    assert stage.responder.of_type(WEB).host == "cellar-1a2b.local"
