"""Two instances of one room on one PostgreSQL: whoever is at either sees the same room."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from contract.cluster import Cluster
from e2e.guest import Guest
from e2e.operator_page import OperatorPage
from e2e.program import Program
from faults.listening import Listener, Place

HEARS_ALL_WITHIN_S = 60.0
STOPS_WITHIN_S = 3.0
BACK_WITHIN_S = 10.0
"""Seconds until posts are accepted again, once the database is back."""

_FLAGS = ("--port", "0", "--hub", "none", "--no-lan", "--rate-limit", "off", "--code", "none")
_OPERATOR = re.compile(r"Operator: +(\S+)")


@dataclass(frozen=True, slots=True)
class Instances:
    """Both of them, and the people who stand before them."""

    here: Program
    there: Program

    @property
    def places(self) -> list[Place]:
        """Where both are, for whoever hops."""
        return [place_of(self.here), place_of(self.there)]


def place_of(program: Program) -> Place:
    where = urlsplit(program.url)
    assert where.port
    return where.port, where.netloc


def opened(folder: Path, address: str) -> Iterator[Instances]:
    programs = [Program(folder / name, *_FLAGS, "--database", address) for name in ("a", "b")]
    try:
        with ThreadPoolExecutor(2) as pool:
            here, there = pool.map(Program.start, programs)
        yield Instances(here, there)
    finally:
        for program in programs:
            if program.process and program.process.poll() is None:
                program.end()


@pytest.fixture(scope="module")
def instances(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instances]:
    """Two that go on when a test is done."""
    yield from opened(tmp_path_factory.mktemp("instances"), cluster.new_database())


@pytest.fixture
def own_instances(cluster: Cluster, tmp_path: Path) -> Iterator[Instances]:
    """Two that a test may end."""
    yield from opened(tmp_path, cluster.new_database())


_NUMBERS = itertools.count(1)


@pytest.fixture
def ana(instances: Instances) -> Iterator[Guest]:
    """Somebody at the first instance."""
    with Guest(instances.here.url) as ana:
        yield ana.join(f"Ana {next(_NUMBERS)}", "en")


@pytest.fixture
def bob(instances: Instances) -> Iterator[Guest]:
    """Somebody at the second one."""
    with Guest(instances.there.url) as bob:
        yield bob.join(f"Bob {next(_NUMBERS)}", "en")


def numbered(guest: Guest) -> list[int]:
    return [message["id"] for message in guest.heard("message")]


def hear(guest: Guest, number: int) -> None:
    guest.hears("message", lambda message: message["id"] == number, HEARS_ALL_WITHIN_S)


def resumed(program: Program, after: int) -> list[str]:
    """Come back to an instance with the number of the last message; return how it begins."""
    begun: list[str] = []
    with httpx.stream(
        "GET", f"{program.url}/api/events", headers={"Last-Event-ID": str(after)}
    ) as stream:
        for line in stream.iter_lines():
            begun.append(line)
            if line.startswith("id: ") and begun[-2] == "":  # the number that the stream is at
                return begun
    return begun


def test_what_is_said_at_both_is_heard_at_both_once_and_in_one_order(
    ana: Guest, bob: Guest
) -> None:
    with ThreadPoolExecutor(4) as pool:
        posts = [
            pool.submit(guest.says, f"{name} {nth}")
            for nth in range(100)
            for name, guest in (("ana", ana), ("bob", bob))
        ]
        numbers = sorted(post.result()["id"] for post in posts)
    assert numbers == [*range(numbers[0], numbers[0] + 200)]
    for guest in (ana, bob):
        hear(guest, numbers[-1])
        assert numbered(guest) == numbers


def test_browsers_that_hop_between_instances_under_load_miss_nothing_and_hear_nothing_twice(
    instances: Instances, ana: Guest, bob: Guest
) -> None:
    chance = random.Random(9)  # noqa: S311 - no secret, the same hops each time
    before = ana.says("the first line")["id"]
    listeners = [Listener(instances.places, chance, after=before) for _ in range(6)]

    async def listen_and_hop() -> None:
        listening = asyncio.gather(*(listener.listen() for listener in listeners))
        with ThreadPoolExecutor(2) as pool:
            posting = [pool.submit(say_much, guest) for guest in (ana, bob)]
            while not all(each.done() for each in posting):
                chance.choice(listeners).drop()
                await asyncio.sleep(0.02)
            for each in posting:
                each.result()
        last = ana.says("the last line")["id"]
        for listener in listeners:
            listener.goal = last
        for guest in (ana, bob):
            guest.says("one more, for those who have just heard the last one")
        async with asyncio.timeout(HEARS_ALL_WITHIN_S):
            await listening

    asyncio.run(listen_and_hop())
    for listener in listeners:
        assert listener.ids == [*range(before + 1, before + 402)]
        assert listener.resets == 0
    assert sum(listener.losses for listener in listeners) > len(listeners)


def say_much(guest: Guest) -> None:
    for nth in range(200):
        guest.says(f"line {nth}")


def test_what_is_taken_back_before_the_other_instance_has_read_it_leaves_no_gap(
    instances: Instances, ana: Guest, bob: Guest
) -> None:
    first = ana.says("first")["id"]
    hear(bob, first)
    assert instances.there.process
    instances.there.process.send_signal(signal.SIGSTOP)
    ana.says("never mind")
    ana.removes(first + 1)
    ana.says("what I meant")
    ana.says("nor this")
    ana.removes(first + 3)
    instances.there.process.send_signal(signal.SIGCONT)
    hear(bob, first + 2)
    assert numbered(bob) == [first, first + 2]
    assert "event: reset" not in resumed(instances.there, after=first + 3)
    assert bob.says("go on")["id"] == first + 4
    hear(bob, first + 4)


def test_what_is_taken_back_goes_at_both(ana: Guest, bob: Guest) -> None:
    number = ana.says("never mind")["id"]
    hear(bob, number)
    ana.removes(number)
    assert bob.hears("removed", lambda removed: removed["ids"] == [number])


def test_what_is_private_is_heard_by_its_member_alone_and_at_every_instance(
    instances: Instances, ana: Guest, bob: Guest
) -> None:
    with Guest(instances.there.url) as phone:
        phone.come_as(ana)
        secret = ana.says("what have I got in my pockets", to="assistant")["id"]
        hear(phone, secret)
        ana.removes(secret)
        phone.hears("removed", lambda removed: removed["ids"] == [secret])
    after = ana.says("good morning")["id"]
    hear(bob, after)
    assert numbered(bob) == [after]
    assert bob.heard("removed") == []


def test_who_comes_from_an_instance_that_is_ahead_goes_on_where_they_were(
    instances: Instances, ana: Guest
) -> None:
    for nth in range(30):
        number = ana.says(f"line {nth}")["id"]
        begun = resumed(instances.there, after=number)
        assert "event: reset" not in begun
        assert begun[-1] == f"id: {number}"


def test_that_the_host_forgets_everything_is_told_at_both(
    instances: Instances, ana: Guest, bob: Guest
) -> None:
    last = ana.says("something")["id"]
    hear(bob, last)
    [operator] = _OPERATOR.findall(instances.here.welcome)
    with OperatorPage(operator) as page:
        assert page.web.request("DELETE", "/api/messages", json={}).is_success
    assert bob.hears("reset", lambda _: True) == {"newest": last}
    hear(bob, ana.says("something else")["id"])


def test_both_go_on_together_after_the_database_was_away(
    cluster: Cluster, ana: Guest, bob: Guest
) -> None:
    hear(bob, ana.says("before")["id"])
    cluster.crash()
    cluster.start()
    for speaker in (ana, bob):
        kept = until_it_is_kept(speaker, "after")
        for hearer in (ana, bob):
            hear(hearer, kept)
    assert numbered(ana) == numbered(bob)


def until_it_is_kept(guest: Guest, text: str) -> int:
    ends_at_s = time.monotonic() + BACK_WITHIN_S
    while (answer := guest.posts(text)).status_code != httpx.codes.CREATED:
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert time.monotonic() < ends_at_s
    return int(answer.json()["id"])


def test_either_ends_at_once_and_the_other_goes_on(own_instances: Instances) -> None:
    here, there = own_instances.here, own_instances.there
    with Guest(here.url) as ana, Guest(there.url) as bob:
        ana.join("Ana", "en")
        bob.join("Bob", "en")
        hear(ana, bob.says("good night")["id"])
        code, took_s = there.end()
        assert code == 0
        assert took_s <= STOPS_WITHIN_S
        assert not [told for told in bob.heard("room") if told.get("closing")]
        hear(ana, ana.says("sleep well")["id"])
