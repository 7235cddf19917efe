"""Measures the room's speed and costs, beside others where there are any: `make bench`.

`make bench ARGS=fanout` measures one thing alone. Figures are printed as tables and kept in
build/bench/<part>.json; `pictures` draws of these what the documents show.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

from bench.fanout import fanout, many
from bench.finding import finding
from bench.graphs import Graph, keep
from bench.hub import talk
from bench.kept import keeping
from bench.memory import footprint
from bench.moving import moving
from bench.package import package
from bench.pictures import RUNS, draw, tell
from bench.posts import posts
from bench.several import several
from bench.soak import MINUTES, soak
from bench.stores import stores
from bench.table import say
from bench.window import windows

Part = Callable[[], Sequence[Graph] | None]

MEASURED: Final[Mapping[str, Part]] = {
    "fanout": fanout,
    "streams": many,
    "posts": posts,
    "kept": keeping,
    "memory": footprint,
    "hub": talk,
    "store": stores,
    "several": several,
    "moving": moving,
    "window": windows,
    "lan": finding,
    "package": package,
    "soak": soak,
    "pictures": draw,
}


def measure(name: str, part: Part) -> None:
    """Measure one part, and keep what it has seen."""
    begun, now = time.perf_counter(), datetime.now(UTC)
    graphs = part()
    took_s = time.perf_counter() - begun
    if graphs:
        tell(graphs)
        about = {"part": name, "begun": now.isoformat(), "took_s": took_s, "cores": os.cpu_count()}
        keep(RUNS / f"{name}.json", graphs, about)
    say(f"\n{name}: {took_s:.0f} s, load {os.getloadavg()[0]:.1f}")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(MEASURED)}")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long the soak is")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(MEASURED):
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(MEASURED)}")
    say(f"SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    parts: dict[str, Part] = {**MEASURED, "soak": partial(soak, asked.minutes)}
    for name in asked.parts or parts:
        measure(name, parts[name])


if __name__ == "__main__":
    main()
