"""Browsers lose their streams while people post: they hear everything, once, in order."""

from __future__ import annotations

import asyncio
import contextlib
import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from faults.figures import Figures
from faults.listening import Listener
from faults.posting import joined, room_without_hub
from faults.proxy import Proxy
from faults.scale import Scale

POSTERS = 4
CUTS_OF_ALL = 0.05
"""How many of the disconnects take everybody behind the proxy along."""

SPARE = 1.1
"""More disconnects than are wanted: one that falls on the end is none."""

HEARS_WITHIN_S = 60.0
"""How long after the last post the slowest may take: it has been away, and catches up."""


class Breaker:
    """Breaks somebody's stream after every few posts."""

    def __init__(self, listeners: list[Listener], proxy: Proxy, every: int) -> None:
        self._chance = random.Random(7)  # noqa: S311 - a schedule, not a secret
        self._listeners = listeners
        self._proxy = proxy
        self._every = every
        self._posts = 0
        self._broken = 0

    def count(self) -> None:
        """Take note of a post, and break what is due; what nobody has now is broken later."""
        self._posts += 1
        connected = [each for each in self._listeners if each.is_connected]
        if self._broken >= self._posts // self._every or not connected:
            return
        self._broken += 1
        if self._chance.random() < CUTS_OF_ALL:
            self._proxy.cut()
        else:
            self._chance.choice(connected).drop()


async def post(url: str, cookie: str, count: int, breaker: Breaker) -> None:
    headers, cookies = {"Origin": url}, {"room_session": cookie}
    async with httpx.AsyncClient(base_url=url, headers=headers, cookies=cookies) as web:
        for number in range(count):
            body = {"client_id": str(number), "text": f"line {number}"}
            answer = await web.post("/api/messages", json=body)
            assert answer.status_code == httpx.codes.CREATED, answer.text
            breaker.count()


async def talk(url: str, proxy: Proxy, scale: Scale) -> list[Listener]:
    """Post while listeners lose their streams; return them when all have heard the end."""
    place = urlsplit(url)
    assert place.port
    ports = (place.port, proxy.port)
    chance = random.Random(8)  # noqa: S311 - a schedule, not a secret
    listeners = [
        Listener([(ports[number % 2], place.netloc)], chance) for number in range(scale.listeners)
    ]
    every = int(scale.messages / (scale.disconnects * SPARE))
    breaker = Breaker(listeners, proxy, every)
    for listener in listeners:
        listener.goal = scale.messages
    hearing = asyncio.gather(*(each.listen() for each in listeners))
    cookies = [joined(url, f"Poster {number}") for number in range(POSTERS)]
    share = scale.messages // POSTERS
    await asyncio.gather(*(post(url, cookie, share, breaker) for cookie in cookies))
    with contextlib.suppress(TimeoutError):  # who misses the last one is told by the figures
        await asyncio.wait_for(hearing, HEARS_WITHIN_S)
    return listeners


def test_who_loses_the_stream_misses_nothing_and_hears_nothing_twice(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    with room_without_hub(tmp_path) as program:
        port = urlsplit(program.url).port
        assert port
        # In a thread of its own: the browser tests of the same run keep a loop in the main one.
        with Proxy(port) as proxy, ThreadPoolExecutor(1) as thread:
            listeners = thread.submit(asyncio.run, talk(program.url, proxy, scale)).result()
    everything = set(range(1, scale.messages + 1))
    fault = f"{len(listeners)} listeners lose their streams under {scale.messages} messages"
    with figures.of(fault) as seen:
        seen.told("streams lost", sum(each.losses for each in listeners))
        seen.at_most("gaps", 0, sum(len(everything - set(each.ids)) for each in listeners))
        seen.at_most("repeats", 0, sum(len(each.ids) - len(set(each.ids)) for each in listeners))
        seen.at_most("out of order", 0, sum(disorder(each.ids) for each in listeners))
        seen.at_most("told to begin anew", 0, sum(each.resets for each in listeners))
    assert sum(each.losses for each in listeners) >= scale.disconnects


def disorder(ids: list[int]) -> int:
    return sum(after < before for before, after in pairwise(ids))
