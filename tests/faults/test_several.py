"""Two instances of a room and their database are killed and frozen: nobody notices but a pause."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from e2e.guest import Guest
from faults.asking import ENDED_WITHIN_S, ENDS, end_of
from faults.figures import Figures, Measured
from faults.listening import Listener
from faults.posting import Json, whole_log
from faults.scale import Scale
from faults.several import Instances, Poster, Trouble, instances, troubles
from faults.test_streams import disorder

TALKING, ASKING, LISTENING = 4, 2, 8
"""People who talk with each other, who ask the assistant, and browsers that only hear."""

THINKS_S = 0.25
"""How long who asks thinks before each question, in seconds."""

PATIENCE_S = 4.0
"""How long a stream may be silent while people talk, until a browser tries another, in seconds."""

LAST = "the last line"

HEARS_WITHIN_S = 60.0
"""How long after the last line the slowest may take: it has been away, and catches up."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run has come to."""

    posters: list[Poster]
    listeners: list[Listener]
    troubles: Counter[str]
    kept: list[Json]
    asked_of_hub: Counter[str]


def test_instances_and_database_are_killed_and_frozen_at_random(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    with instances(tmp_path) as room:
        seen = live_through(room, scale.troubled_s)
    with figures.of(
        f"instances and database killed and frozen for {scale.troubled_s:g} s"
    ) as table:
        report(seen, table)
    assert seen.troubles, "nothing has befallen them"
    assert any(message["delivery"] == "answered" for message in seen.kept)


def live_through(room: Instances, seconds: float) -> Seen:
    """Talk, ask and listen while all three are in trouble; return what came of it."""
    chance = random.Random(11)  # noqa: S311 - a schedule, not a secret
    urls = room.urls
    posters = [
        *(Poster(f"Talker {n}", urls, to="people", pause_s=0.0) for n in range(TALKING)),
        *(Poster(f"Asker {n}", urls, to="everyone", pause_s=THINKS_S) for n in range(ASKING)),
    ]
    places = [(port, f"127.0.0.1:{port}") for port in room.ports]
    listeners = [Listener(places, chance, patience_s=PATIENCE_S) for _ in range(LISTENING)]
    faults = troubles(room, chance)
    with ThreadPoolExecutor(1) as thread:
        hearing = thread.submit(asyncio.run, hear(listeners))
        busy: list[Poster | Trouble] = [*posters, *faults]
        for each in busy:
            each.start()
        threading.Event().wait(seconds)  # nothing to wait for: trouble comes by chance
        for each in reversed(busy):
            each.end()
        posters[0].keep(LAST)
        for listener in listeners:
            listener.goal = posters[0].acknowledged[LAST]
        hearing.result()
    for poster in posters:
        poster.close()
    done = sum((each.done for each in faults), Counter())
    kept = until_ended(room)
    return Seen(posters, listeners, done, kept, Counter(room.hub.ever_heard()))


async def hear(listeners: list[Listener]) -> None:
    """Listen until all have heard the last line; who misses it is told by the figures."""
    hearing = asyncio.gather(*(each.listen() for each in listeners))
    while any(each.goal is None for each in listeners):
        await asyncio.wait({hearing}, timeout=1.0)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(hearing, HEARS_WITHIN_S)


def until_ended(room: Instances) -> list[Json]:
    """Wait until everything that was asked has come to its end, and return the log."""
    with Guest(room.urls[0]) as watcher:
        watcher.join("Watcher", "en")
        for message in whole_log(room.urls[0]):
            if message["delivery"] not in {None, *ENDS}:
                watcher.hears("update", end_of(message["id"]), within_s=ENDED_WITHIN_S)
    return whole_log(room.urls[0])


def report(seen: Seen, table: Measured) -> None:
    """Note the figures."""
    acknowledged = {text: n for each in seen.posters for text, n in each.acknowledged.items()}
    number_of = {message["text"]: message["id"] for message in seen.kept}
    texts = Counter(m["text"] for m in seen.kept if m["author"]["id"] != "assistant")
    asked = [message for message in seen.kept if message["delivery"]]
    everything = {message["id"] for message in seen.kept}
    ends = Counter(message["delivery"] for message in asked)
    table.told("troubles", ", ".join(f"{n} x {name}" for name, n in sorted(seen.troubles.items())))
    table.told("acknowledged", len(acknowledged), "lines")
    table.told("nothing acknowledged, and tried again", sum(p.failures for p in seen.posters))
    lost = [text for text, number in acknowledged.items() if number_of.get(text) != number]
    table.at_most("acknowledged and lost", 0, len(lost))
    table.at_most("kept twice", 0, sum(count > 1 for count in texts.values()))
    table.at_most("holes in the numbers", 0, len(everything ^ set(range(1, len(everything) + 1))))
    table.at_most("answers nobody may be given", 0, sum(len(p.refused) for p in seen.posters))
    table.told("asked", len(asked), "utterances")
    table.told("ended as", ", ".join(f"{n} {end}" for end, n in sorted(ends.items())))
    table.at_most("at the hub twice", 0, sum(n > 1 for n in seen.asked_of_hub.values()))
    table.at_most("without an end", 0, sum(ends[each] for each in ends.keys() - ENDS))
    lies = [
        m for m in asked if (m["delivery"] == "answered") and m["text"] not in seen.asked_of_hub
    ]
    table.at_most("answered and never at the hub", 0, len(lies))
    table.told(
        "streams lost, or refused while an instance was away",
        sum(each.losses for each in seen.listeners),
    )
    heard = [each.ids for each in seen.listeners]
    told = {number for number in everything if number <= acknowledged[LAST]}
    table.at_most("gaps", 0, sum(len(told - set(ids)) for ids in heard))
    table.at_most("repeats", 0, sum(len(ids) - len(set(ids)) for ids in heard))
    table.at_most("out of order", 0, sum(disorder(ids) for ids in heard))
    table.at_most("told to begin anew", 0, sum(each.resets for each in seen.listeners))
