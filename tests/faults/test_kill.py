"""The room is killed again and again: what was acknowledged is there, once."""

from __future__ import annotations

import random
import signal
import statistics
import threading
import time
from collections import Counter
from pathlib import Path

import httpx

from faults.figures import Figures
from faults.posting import Client, joined, room_without_hub, whole_log
from faults.scale import Scale

CLIENTS = 4

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
        seen.at_most("serving again, worst", BACK_S, max(back_s), "s")


def live_and_die(folder: Path, clients: list[Client], chance: random.Random) -> float:
    """Run the room until a random moment; return the seconds until it served."""
    begun = time.monotonic()
    program = room_without_hub(folder).start()
    assert httpx.get(f"{program.url}/healthz").status_code == httpx.codes.OK
    back_s = time.monotonic() - begun
    for client in clients:
        client.meet(program.url)
    threading.Event().wait(chance.uniform(*LIVES_S))  # nothing to wait for: any moment will do
    for client in clients:
        client.miss()
    program.end(signal.SIGKILL)
    return back_s
