"""Fan-out: how soon the last of N has a message, and what a delivery costs the server."""

from __future__ import annotations

import contextlib
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.contenders import CONTENDERS, Contender, Server
from bench.graphs import Axis, Curve, Graph
from bench.loads import drive
from bench.table import say, show

STREAMS: Final = (10, 100, 1_000, 5_000)
REPETITIONS: Final = 6
MESSAGES: Final[Mapping[int, int]] = {10: 600, 100: 300, 1_000: 100, 5_000: 30, 10_000: 20}
"""In each repetition, by streams: enough for the kernel's clock, which counts in steps of 10 ms."""
POLLED_MESSAGES: Final = 3
"""The same where each message takes a second."""
WARM_UPS: Final = 3

FLOOR, ROOM, PEER = "loop of sends in C", "the room", "nginx + nchan"


@dataclass(frozen=True, slots=True)
class Round:
    """One repetition."""

    last_us: Sequence[float]
    """Of each message: until the last of all had it, in microseconds after the post."""
    cpu_us: float
    """The server's CPU time for one delivery, its share of the post included, in microseconds."""
    busiest_us: float
    """Its busiest thread's part of that, which is the one that sends."""

    def median_ms(self) -> float:
        """Return until when the last of all had half of the messages."""
        return statistics.median(self.last_us) / 1e3


def fanout(sizes: Sequence[int] = STREAMS, repetitions: int = REPETITIONS) -> list[Graph]:
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
    return graphs(costs)


def many() -> list[Graph]:
    """Measure as many streams as the room takes."""
    return fanout((10_000,))


def served(contender: Contender, server: Server, streams: int) -> Round:
    """Let a contender serve so many streams, once."""
    messages = POLLED_MESSAGES if contender.load == "polls" else MESSAGES[streams]
    numbers = (server.port, streams, WARM_UPS, messages)
    done = drive(contender.load, server.pid, *numbers, server.get, server.post)
    last_us = [float(line.split()[0]) for line in done.lines]
    deliveries = messages * streams
    return Round(last_us, done.cpu_s * 1e6 / deliveries, done.busiest_s * 1e6 / deliveries)


def tell(streams: int, seen: Mapping[str, Sequence[Round]]) -> None:
    """Print what was seen with so many streams."""
    last, cost = ("last, p50 ms", "from-to", "p99"), ("CPU us/delivery", "from-to", "one thread")
    head = ("", *last, *cost, "of C", "of nchan")
    rows = []
    for name, rounds in seen.items():
        medians = [each.median_ms() for each in rounds]
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
                f"{statistics.median(each.busiest_us for each in rounds):.2f}",
                f"{ratio(rounds, seen[FLOOR]):.2f}",
                f"{ratio(rounds, seen[PEER]):.2f}",
            )
        )
    rounds_told = f"{len(seen[ROOM])} rounds of {MESSAGES[streams]} messages"
    show(f"{streams:,} streams, {rounds_told}; ratios are medians of the rounds' own", head, rows)
    if streams == min(MESSAGES):
        say("  Of few streams the cost is the post's, which the floors keep nowhere.")


def graphs(seen: Mapping[int, Mapping[str, Sequence[Round]]]) -> list[Graph]:
    """Return both figures over the number of streams."""
    names = sorted(next(iter(seen.values())), key=lambda name: name not in {ROOM, PEER})
    rounds = {name: [(size, of[name]) for size, of in seen.items() if name in of] for name in names}
    costs = [
        Curve(name, [(size, [each.cpu_us for each in done]) for size, done in points])
        for name, points in rounds.items()
    ]
    lasts = [
        Curve(name, [(size, [each.median_ms() for each in done]) for size, done in points])
        for name, points in rounds.items()
    ]
    streams, cost = Axis("streams"), Axis("CPU microseconds for one delivery", "µs")
    last = Axis("milliseconds from the post, p50", "ms")
    return [
        Graph("fanout-cost", "What a delivery costs", streams, cost, costs, "share", "stream"),
        Graph(
            name="fanout-last",
            title="When the last of all has it",
            x=streams,
            y=last,
            curves=lasts,
            slope="line",
            each="thousand streams",
            steps=1_000,
        ),
    ]


def ratio(rounds: Sequence[Round], others: Sequence[Round]) -> float:
    """Return what a delivery costs of another's, compared round by round: they ran side by side."""
    return statistics.median(
        one.cpu_us / other.cpu_us for one, other in zip(rounds, others, strict=True)
    )
