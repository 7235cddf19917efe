"""Fan-out: how soon the last of N has a message, and what a delivery costs the server."""

from __future__ import annotations

import contextlib
import math
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.contenders import CONTENDERS, Contender, Server
from bench.loads import drive
from bench.table import say, show

STREAMS: Final = (10, 100, 1_000, 5_000)
REPETITIONS: Final = 6
MESSAGES: Final[Mapping[int, int]] = {10: 600, 100: 300, 1_000: 100, 5_000: 30, 10_000: 20}
"""In each repetition, by streams: enough for the kernel's clock, which counts in steps of 10 ms."""
POLLED_MESSAGES: Final = 3
"""The same where each message takes a second."""
WARM_UPS: Final = 3
LARGE: Final = 100
"""Streams from which on their number decides."""

FLOOR, ROOM, PEER = "loop of sends in C", "the room", "nginx + nchan"


@dataclass(frozen=True, slots=True)
class Round:
    """One repetition."""

    last_us: Sequence[float]
    """Of each message: until the last of all had it, in microseconds after the post."""
    cpu_us: float
    """The server's CPU time for one delivery, its share of the post included, in microseconds."""


def fanout(sizes: Sequence[int] = STREAMS, repetitions: int = REPETITIONS) -> None:
    """Measure, and print a table for each number of streams."""
    with (
        tempfile.TemporaryDirectory(prefix="chatroom-bench-") as name,
        contextlib.ExitStack() as run,
    ):
        servers = {}
        for number, contender in enumerate(CONTENDERS):
            folder = Path(name) / str(number)
            folder.mkdir()
            servers[contender] = run.enter_context(contender.serve(folder))
        costs: dict[int, dict[str, list[Round]]] = {}
        for size in sizes:
            seen: dict[str, list[Round]] = {
                each.name: [] for each in CONTENDERS if size <= each.most
            }
            for turn in range(repetitions):
                for contender in CONTENDERS if turn % 2 else reversed(CONTENDERS):
                    if contender.name in seen:
                        seen[contender.name].append(served(contender, servers[contender], size))
            tell(size, seen)
            costs[size] = seen
    if len(sizes) > 2:  # a line needs three
        tell_growth(costs)


def many() -> None:
    """Measure as many streams as the room takes."""
    fanout((10_000,))


def served(contender: Contender, server: Server, streams: int) -> Round:
    """Let a contender serve so many streams, once."""
    messages = POLLED_MESSAGES if contender.load == "polls" else MESSAGES[streams]
    numbers = (server.port, streams, WARM_UPS, messages)
    done = drive(contender.load, server.pid, *numbers, server.get, server.post)
    last_us = [float(line.split()[0]) for line in done.lines]
    return Round(last_us, done.cpu_s * 1e6 / (messages * streams))


def tell(streams: int, seen: Mapping[str, Sequence[Round]]) -> None:
    """Print what was seen with so many streams."""
    head = ("", "last, p50 ms", "from-to", "p99", "CPU us/delivery", "from-to", "of C", "of nchan")
    rows = []
    for name, rounds in seen.items():
        medians = [statistics.median(each.last_us) / 1e3 for each in rounds]
        costs = [each.cpu_us for each in rounds]
        every = sorted(last_us / 1e3 for each in rounds for last_us in each.last_us)
        rows.append(
            (
                name,
                f"{statistics.median(medians):.2f}",
                f"{min(medians):.2f}-{max(medians):.2f}",
                f"{every[int(len(every) * 0.99)]:.2f}",
                f"{statistics.median(costs):.2f}",
                f"{min(costs):.2f}-{max(costs):.2f}",
                f"{ratio(rounds, seen[FLOOR]):.2f}",
                f"{ratio(rounds, seen[PEER]):.2f}",
            )
        )
    rounds_told = f"{len(seen[ROOM])} rounds of {MESSAGES[streams]} messages"
    show(f"{streams:,} streams, {rounds_told}; ratios are medians of the rounds' own", head, rows)
    if streams == min(MESSAGES):
        say("  Of few streams the cost is the post's, which the floors keep nowhere.")


def tell_growth(seen: Mapping[int, Mapping[str, Sequence[Round]]]) -> None:
    """Print how the whole cost of a message grows: what one costs at all, and each stream of it."""
    rows = []
    for name in next(iter(seen.values())):
        costs = {
            size: size * statistics.median(each.cpu_us for each in rounds[name])
            for size, rounds in seen.items()
            if name in rounds
        }
        line = statistics.linear_regression([*costs], [*costs.values()])
        power = statistics.linear_regression(
            [math.log(size) for size in costs if size >= LARGE],
            [math.log(cost) for size, cost in costs.items() if size >= LARGE],
        )
        rows.append((name, f"{line.intercept:,.0f}", f"{line.slope:.2f}", f"{power.slope:.2f}"))
    show(
        f"A message's cost over streams: a line, and the power of N from {LARGE} up",
        ("", "us a message", "us a stream", "N to the"),
        rows,
    )


def ratio(rounds: Sequence[Round], others: Sequence[Round]) -> float:
    """Return what a delivery costs of another's, compared round by round: they ran side by side."""
    return statistics.median(
        one.cpu_us / other.cpu_us for one, other in zip(rounds, others, strict=True)
    )
