"""What a room does with ever more messages behind it: starts, pages, memory, and posts a second."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import httpx

from bench.contenders import FLAGS, room
from bench.cores import memory_bytes
from bench.filling import fill
from bench.graphs import Axis, Curve, Graph
from bench.loads import drive
from bench.posts import members_posts
from bench.table import show
from e2e.program import Program

SIZES: Final = (100, 1_000, 10_000, 100_000, 1_000_000)
KEEP_EVERYTHING: Final = {
    "HIVEMIND_CHATROOM_KEEP_DAYS": "36500",
    "HIVEMIND_CHATROOM_KEEP_MESSAGES": "10000000",
}
START_ROUNDS: Final = 7
PAGES: Final = 15
"""How often the newest page is fetched again after each start."""
PAGE: Final = "/api/messages?limit=50"
READ: Final = ("/", "/api/messages?q=line", "/api/messages?before=50")
"""What else is read before the memory is looked at."""
POSTING_ROUNDS: Final = 3
POSTING_S: Final = 2.0

MEGABYTE: Final = 1e6
MS: Final = 1e3

Seen = Mapping[int, Sequence[float]]
"""Of each number of messages, what every round has shown."""


def keeping() -> list[Graph]:
    """Measure, and print."""
    with tempfile.TemporaryDirectory(prefix="chatroom-bench-") as name:
        files = {size: Path(name) / f"{size}.db" for size in SIZES}
        for size, file in files.items():
            fill(file, size)
        os.sync()  # or the disk is still writing them while the first starts are measured
        started, paged, taken = starting(files)
        posted = posting(files)
    show(
        f"Rooms with messages behind them, medians of {START_ROUNDS} starts",
        ("messages", "start to first page, ms", "that page again, ms", "memory, MB", "posts/s"),
        [
            (
                f"{size:,}",
                f"{statistics.median(started[size]):.0f}",
                f"{statistics.median(paged[size]):.2f}",
                f"{statistics.median(taken[size]):.1f}",
                f"{statistics.median(posted[size]):,.0f}",
            )
            for size in SIZES
        ],
    )
    return [
        graph("start", "From its start to the first page", Axis("milliseconds", "ms"), started),
        graph("page", "The newest 50 messages", Axis("milliseconds", "ms"), paged),
        replace(
            graph("memory", "Memory for messages", Axis("MB", "MB", is_log=False), taken),
            slope="line",
            each="thousand messages",
            steps=1_000,
        ),
        graph(
            "posts",
            "Posts on top of what is kept",
            Axis("posts a second", "/s"),
            posted,
        ),
    ]


def graph(name: str, title: str, y: Axis, seen: Seen) -> Graph:
    """Return what was seen over the messages that are kept."""
    curve = Curve("the room", list(seen.items()))
    return Graph(f"kept-{name}", title, Axis("messages in the room"), y, [curve], "power")


def starting(files: Mapping[int, Path]) -> tuple[Seen, Seen, Seen]:
    """Start every room by turns; return its times and its pages' in ms, and its memory in MB."""
    started, paged, taken = (defaultdict[int, list[float]](list) for _ in range(3))
    for _ in range(START_ROUNDS):
        for size, file in files.items():
            program = Program(file.parent, *FLAGS, "--database", f"sqlite:///{file}")
            program.environment |= KEEP_EVERYTHING
            begun = time.perf_counter()
            with program, httpx.Client(base_url=program.url) as web:
                fetch(web, "/")
                fetch(web, PAGE)
                started[size].append((time.perf_counter() - begun) * MS)
                paged[size].append(statistics.median(fetch(web, PAGE) for _ in range(PAGES)))
                for path in READ:
                    fetch(web, path)
                assert program.process
                taken[size].append(memory_bytes(program.process.pid) / MEGABYTE)
    return started, paged, taken


def fetch(web: httpx.Client, path: str) -> float:
    """Fetch something, and return how long it took, in milliseconds."""
    begun = time.perf_counter()
    assert web.get(path, follow_redirects=True).is_success
    return (time.perf_counter() - begun) * MS


def posting(files: Mapping[int, Path]) -> Seen:
    """Have members post in each room by turns, each as it was filled; return posts a second."""
    seen = defaultdict[int, list[float]](list)
    for _ in range(POSTING_ROUNDS):
        for size, file in files.items():
            with tempfile.TemporaryDirectory(dir=file.parent) as folder:
                copy = shutil.copy(file, Path(folder) / "room.db")
                os.sync()  # as above
                place = ("--database", f"sqlite:///{copy}")
                with room(Path(folder), *place, **KEEP_EVERYTHING) as server:
                    said = members_posts(server)
                    done = drive("posts", server.pid, server.port, 0, POSTING_S, "", *said)
            count, seconds, _ = map(float, done.lines[-1].split())
            seen[size].append(count / seconds)
    return seen
