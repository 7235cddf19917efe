"""Multicast DNS between two programs of one computer, which needs no network and no rights."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import subprocess
import sys
from collections.abc import Iterator

import pytest
from zeroconf import DNSOutgoing, DNSPointer, IPVersion, Zeroconf

from hivemind_chatroom.lan.addresses import Addresses, Announced
from hivemind_chatroom.lan.announcer import Announcer
from hivemind_chatroom.lan.interfaces import Interface
from hivemind_chatroom.lan.mdns import Mdns
from hivemind_chatroom.lan.offer import Offer
from hivemind_chatroom.lan.service import CHATROOM, Service
from lan.household import HERE
from lan.talk import HEARD_WITHIN_S, Talk

LOOPBACK = "127.0.0.1"
FOUND = Addresses(
    frozenset({LOOPBACK}), (Interface("lo", (ipaddress.ip_interface(f"{LOOPBACK}/8"),)),)
)
_ANSWER, _PTR, _IN = 0x8400, 12, 1
"""RFC 1035, 4.1.1 and 3.2: an answer with authority, and what it says."""
OFFER = Offer("feedf00d" + "0" * 24, "Loopback", 8985, needs_code=False, wanted="hivechat-test")


@pytest.fixture
def listener() -> Iterator[Talk]:
    """A program with no line of ours, which hears what is announced."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "listening.py"), LOOPBACK],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    talk = Talk(process)
    yield talk
    talk.end()


def test_another_program_finds_a_room_and_hears_it_go(listener: Talk) -> None:
    listener.wait(lambda line: line["what"] == "ready")

    async def announce() -> list[Announced]:
        told: list[Announced] = []
        is_open = asyncio.Event()

        def hear(announced: Announced) -> None:
            told.append(announced)
            if announced.name:
                is_open.set()

        announcer = Announcer(OFFER, FOUND, hear)
        mdns = Mdns([LOOPBACK], announcer.note)
        running = asyncio.create_task(announcer.run(mdns))
        await asyncio.wait_for(is_open.wait(), HEARD_WITHIN_S)
        await asyncio.to_thread(
            listener.wait, lambda line: line["what"] == "added" and "feedf00d" in line["name"]
        )
        running.cancel()
        await mdns.close(says_goodbye=True)
        return told

    told = asyncio.run(announce())
    assert [each.name for each in told] == [None, "hivechat-test.local"]
    listener.wait(lambda line: line["what"] == "removed" and "feedf00d" in line["name"])
    [address] = {
        line["address"]
        for line in listener.said
        if line["what"] == "address" and line["name"] == "hivechat-test.local."
    }
    assert address == LOOPBACK


def test_a_room_finds_another_with_all_that_it_tells_and_hears_it_go() -> None:
    async def search() -> tuple[Service, str]:
        found: asyncio.Queue[Service] = asyncio.Queue()
        gone: asyncio.Queue[str] = asyncio.Queue()
        searching, other = Mdns([LOOPBACK], lambda _: None), Mdns([LOOPBACK], lambda _: None)
        service = Service(
            CHATROOM, "Attic hc-0badcafe", "hc-0badcafe.local", 9, (LOOPBACK,), {"id": "0badcafe"}
        )

        def keep(each: Service) -> None:
            if each.label == service.label:  # others on this computer may be testing too
                found.put_nowait(each)

        searching.browse(CHATROOM, keep, gone.put_nowait)
        await other.announce(service)
        async with asyncio.timeout(HEARD_WITHIN_S):
            seen = await found.get()
            await other.close(says_goodbye=True)
            while (name := await gone.get()) != service.name:
                pass
        await searching.close(says_goodbye=False)
        assert seen == service
        return seen, name

    asyncio.run(search())


def test_a_name_that_nobody_can_have_breaks_nothing_and_hides_nobody() -> None:
    async def search() -> list[dict[str, object]]:
        broken: list[dict[str, object]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, each: broken.append(each))
        found = asyncio.Event()
        searching, other = Mdns([LOOPBACK], lambda _: None), Mdns([LOOPBACK], lambda _: None)
        service = Service(CHATROOM, "Attic hc-0badbabe", "hc-0badbabe.local", 9, (LOOPBACK,))
        searching.browse(
            CHATROOM, lambda each: found.set() if each.label == service.label else None, print
        )
        await asyncio.to_thread(point_to, f"Attic\x1b[2J.{CHATROOM}")
        await other.announce(service)
        await asyncio.wait_for(found.wait(), HEARD_WITHIN_S)
        gc.collect()  # a task's failure is told when nobody has it any more
        for each in (searching, other):
            await each.close(says_goodbye=False)
        return broken

    assert asyncio.run(search()) == []


def test_names_that_lead_nowhere_keep_nobody_out() -> None:
    async def search() -> None:
        found = asyncio.Event()
        searching, other = Mdns([LOOPBACK], lambda _: None), Mdns([LOOPBACK], lambda _: None)
        service = Service(CHATROOM, "Attic hc-0badf00d", "hc-0badf00d.local", 9, (LOOPBACK,))
        searching.browse(
            CHATROOM, lambda each: found.set() if each.label == service.label else None, print
        )
        await asyncio.to_thread(point_to, *(f"x{number}.{CHATROOM}" for number in range(250)))
        await other.announce(service)
        await asyncio.wait_for(found.wait(), HEARD_WITHIN_S)
        for each in (searching, other):
            await each.close(says_goodbye=False)

    asyncio.run(search())


def point_to(*names: str) -> None:
    """Announce that there are rooms of these names, whatever they are."""
    answer = DNSOutgoing(_ANSWER)
    for name in names:
        answer.add_answer_at_time(DNSPointer(CHATROOM, _PTR, _IN, 4500, name), 0)
    hostile = Zeroconf(interfaces=[LOOPBACK], ip_version=IPVersion.V4Only)
    hostile.send(answer)
    hostile.close()
