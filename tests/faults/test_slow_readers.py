"""Browsers that stop reading cost little, keep nobody waiting, and go on where they were."""

from __future__ import annotations

import contextlib
import itertools
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import httpx

from e2e.program import Program
from faults.attacking import Neighbour, flood, memory_of, process_of
from faults.dozing import Dozer
from faults.ear import Ear
from faults.figures import Figures
from faults.posting import joined, room_without_hub, visitor
from faults.scale import Scale

POSTERS = 4
TEXT = "🦜" * 1_000
"""4 kB of UTF-8, as long as a text may be: 250 of them fill what is kept for one, after the few
dozen that the system takes."""

SOME = 100

MEMORY_MB = 50
MEMORY_IN_SYSTEM_MB = 100
OTHERS_WITHIN_S = 1.0
HEARD_WITHIN_S = 30.0
ADDRESSES = [f"127.0.1.{number}" for number in range(1, 9)]
NEIGHBOUR, LISTENER = "127.0.0.2", "127.0.0.3"


class Talk:
    """People who post, and how long each message has taken to one who listens."""

    def __init__(self, program: Program) -> None:
        self._url = program.url
        self._cookie = joined(program.url, "Ana")
        self._numbers = itertools.count(1)
        self._posted_at: dict[int, float] = {}
        self.in_system_mb = 0.0
        """The most that the system has held for connections, of all programs."""
        self._ear = Ear(program.url, LISTENER)
        self.said = 0
        """How many messages there are."""

    def __enter__(self) -> Self:
        self._ear.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ear.__exit__(*raised)

    def say(self, count: int) -> None:
        """Have several people post so many, as fast as they can, and wait until all is heard."""
        self.said += count
        with contextlib.ExitStack() as stack:
            webs = [stack.enter_context(visitor(self._url, self._cookie)) for _ in range(POSTERS)]
            flood(POSTERS, count, lambda client, _: self._post(webs[client]))
        assert self._ear.hears(self.said, HEARD_WITHIN_S)

    def heard_p99_s(self) -> float:
        """Return within how long of its posting 99 of 100 messages were heard."""
        waited = sorted(self._ear.heard_at(each) - at for each, at in self._posted_at.items())
        return waited[int(len(waited) * 0.99)]

    def _post(self, web: httpx.Client) -> None:
        begun = time.monotonic()
        body = {"client_id": str(next(self._numbers)), "text": TEXT}
        answer = web.post("/api/messages", json=body)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        self._posted_at[answer.json()["id"]] = begun
        self.in_system_mb = max(self.in_system_mb, connections_mb())


@contextlib.contextmanager
def dozers(url: str, count: int) -> Iterator[list[Dozer]]:
    """Open streams that nobody reads, and close those that are left."""
    asleep = [Dozer(url, ADDRESSES[number % len(ADDRESSES)]) for number in range(count)]
    try:
        yield asleep
    finally:
        for each in asleep:
            each.leave()


def test_who_stops_reading_is_closed_costs_little_and_goes_on_where_they_were(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(room_without_hub(tmp_path))
        talk = stack.enter_context(Talk(program))
        asleep = stack.enter_context(dozers(program.url, scale.slow_readers))
        follow(asleep)
        talk.say(SOME)  # warms up
        before_mb = memory_of(program)
        with Neighbour(program.url, NEIGHBOUR) as neighbour:
            talk.say(scale.slow_messages)
            grown_mb = memory_of(program) - before_mb
        left = followed(program, asleep)
        woken = [each.wake() for each in asleep]
        follow(asleep, until=talk.said)
        begun_anew = sum(each.resets for each in asleep)
        while followed(program, asleep):
            talk.say(SOME)
        woken += [each.wake() for each in asleep]
        follow(asleep, until=talk.said)
    fault = f"{scale.slow_readers} browsers stop reading, {scale.slow_messages} messages follow"
    with figures.of(fault) as seen:
        seen.exactly("still open", 0, left)
        seen.told("so late that they begin anew", begun_anew)
        seen.at_most("memory, MB", MEMORY_MB, round(grown_mb, 1))
        seen.at_most(
            "the system's, of both ends, MB", MEMORY_IN_SYSTEM_MB, round(talk.in_system_mb)
        )
        seen.exactly("others refused", 0, neighbour.refused)
        seen.within("others' reads, p99", OTHERS_WITHIN_S, neighbour.p99_s())
        seen.within("heard by who reads, p99", OTHERS_WITHIN_S, talk.heard_p99_s())
        seen.exactly("back, asleep again and back soon: closed", len(woken), sum(woken))
        seen.at_most("gaps", 0, sum(each.gaps for each in asleep))
        seen.at_most("repeats", 0, sum(each.repeats for each in asleep))
        anew = sum(each.resets for each in asleep) - begun_anew
        seen.exactly("of those who are back soon, begun anew", 0, anew)


def connections_mb() -> float:
    """Return what the system holds for TCP connections, in MB (proc_net(5), sockstat)."""
    for line in Path("/proc/net/sockstat").read_text(encoding="ascii").splitlines():
        if line.startswith("TCP:"):
            return int(line.split()[-1]) * resource.getpagesize() / 1e6
    raise AssertionError("no line of TCP")


def follow(asleep: list[Dozer], until: int = 0) -> None:
    """Have all open their streams again, and hear what they have missed."""
    for each in asleep:
        each.follow()
        each.hear(until)


def followed(program: Program, asleep: list[Dozer]) -> int:
    """Return how many of them the room still has a stream for."""
    mine = {each.peer for each in asleep}
    peers = (each.raddr for each in process_of(program).net_connections("tcp") if each.raddr)
    return sum((peer.ip, peer.port) in mine for peer in peers)
