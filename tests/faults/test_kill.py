"""The room is killed again and again: what was acknowledged is there, once, and asked once."""

from __future__ import annotations

import random
import signal
import statistics
import threading
import time
from collections import Counter
from pathlib import Path

import httpx

from e2e.guest import Guest
from e2e.hubs import UTTERANCE, RealHub
from e2e.program import Program
from faults.asking import ENDED_WITHIN_S, ENDS, end_of
from faults.figures import Figures
from faults.posting import Client, Json, joined, room_without_hub, whole_log
from faults.scale import Scale

CLIENTS = 4

ASKING_CLIENTS = 2
"""Fewer, so that the hub can keep up and the kills fall on every step of an utterance."""

BACK_S = 3.0
"""The bar: how soon after its start the room serves again."""

LIVES_S = (0.05, 0.6)
"""How long the room lives before the next kill, once it serves."""


def test_killed_at_random_moments_it_loses_nothing_and_repeats_nothing(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    chance = random.Random(7)  # noqa: S311 - a schedule, not a secret
    with room_without_hub(tmp_path) as first:
        clients = [Client(n, joined(first.url, f"Client {n}")) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    back_s = [live_and_die(tmp_path, clients, chance) for _ in range(scale.kills)]
    for client in clients:
        client.end()
    with room_without_hub(tmp_path) as last:
        kept = whole_log(last.url)

    acknowledged: dict[str, int] = {}
    for client in clients:
        acknowledged |= client.acknowledged
    number_of = {message["text"]: message["id"] for message in kept}
    lost = [text for text, number in acknowledged.items() if number_of.get(text) != number]
    twice = [text for text, count in Counter(m["text"] for m in kept).items() if count > 1]
    holes = set(range(1, len(kept) + 1)) ^ {message["id"] for message in kept}
    assert len(acknowledged) >= scale.kills
    with figures.of(f"kill -9, {scale.kills} times, {CLIENTS} clients posting") as seen:
        seen.told("acknowledged", len(acknowledged), "messages")
        seen.at_most("acknowledged and lost", 0, len(lost))
        seen.at_most("kept twice", 0, len(twice))
        seen.at_most("holes in the numbers", 0, len(holes))
        seen.told("serving again, median", statistics.median(back_s), "s")
        seen.within("serving again, worst", BACK_S, max(back_s))


def live_and_die(folder: Path, clients: list[Client], chance: random.Random) -> float:
    """Run the room until a random moment; return the seconds until it served."""
    begun = time.monotonic()
    program = room_without_hub(folder).start()
    assert httpx.get(f"{program.url}/healthz").status_code == httpx.codes.OK
    back_s = time.monotonic() - begun
    live_until_killed(program, clients, chance)
    return back_s


def live_until_killed(program: Program, clients: list[Client], chance: random.Random) -> None:
    for client in clients:
        client.meet(program.url)
    threading.Event().wait(chance.uniform(*LIVES_S))  # nothing to wait for: any moment will do
    for client in clients:
        client.miss()
    program.end(signal.SIGKILL)


def test_a_room_that_is_killed_asks_the_hub_nothing_twice(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    hub = RealHub(tmp_path / "hub").start(UTTERANCE)
    try:
        asked = ask_and_die(tmp_path, hub, scale.kills_while_asking)
        heard = Counter(hub.ever_heard())
    finally:
        hub.stop()
    ends = Counter(message["delivery"] for message in asked)
    lies = [
        message
        for message in asked
        if (message["delivery"] == "expired" and message["text"] in heard)
        or (message["delivery"] == "answered" and message["text"] not in heard)
    ]
    with figures.of(f"kill -9 while asking, {scale.kills_while_asking} times") as seen:
        seen.told("utterances", len(asked))
        seen.told("ended as", ", ".join(f"{n} {end}" for end, n in sorted(ends.items())))
        seen.at_most("without an end", 0, sum(ends[each] for each in ends.keys() - ENDS))
        seen.at_most("at the hub twice", 0, sum(count > 1 for count in heard.values()))
        seen.at_most("answered and never at the hub, or expired and there", 0, len(lies))


def ask_and_die(folder: Path, hub: RealHub, kills: int) -> list[Json]:
    """Kill a room that asks a hub, again and again; return what was asked, once it has its end."""
    chance = random.Random(9)  # noqa: S311 - a schedule, not a secret
    clients: list[Client] = []
    linked_room(folder).set_identity(hub)
    for life in range(kills):
        program = linked_room(folder).start()
        if not clients:
            cookies = [joined(program.url, f"Client {n}") for n in range(ASKING_CLIENTS)]
            clients = [Client(number, cookie) for number, cookie in enumerate(cookies)]
            for client in clients:
                client.start()
        with Guest(program.url) as watcher:
            watcher.join(f"Watcher {life}", "en")
            watcher.hears("hub", lambda hub: hub["state"] == "connected")
        live_until_killed(program, clients, chance)
    for client in clients:
        client.end()
    with linked_room(folder) as last, Guest(last.url) as watcher:
        watcher.join("The last watcher", "en")
        for message in whole_log(last.url):
            if message["delivery"] not in {None, *ENDS}:
                watcher.hears("update", end_of(message["id"]), within_s=ENDED_WITHIN_S)
        return [message for message in whole_log(last.url) if message["delivery"]]


def linked_room(folder: Path) -> Program:
    return Program(folder, "--port", "0", "--hub", "identity", "--rate-limit", "off")
