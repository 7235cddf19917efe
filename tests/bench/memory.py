"""What a room takes in memory: for browsers that listen, and for names without end."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench.contenders import MARK, Server, post_request, room
from bench.cores import memory_bytes
from bench.graphs import Axis, Curve, Graph
from bench.loads import drive
from bench.native import built
from bench.table import show

STREAMS: Final = (0, 100, 1_000, 2_000, 5_000, 10_000)

MEMBERS_MAX: Final = 5_000
"""The most that can be set; no more join."""
NAMES: Final = 100_000
"""The rest come by upstream's form, which anybody may post as often as they like."""
CLIENTS: Final = 32
JOINING_S: Final = 0.5
"""How long people join between two looks, in seconds."""
VISITS_S: Final = 5.0
"""How long they speak before the first look; twice as long before each that follows."""
SPARE: Final = 1.3
"""Steps for which there must be room: the load stops by its clock, and would fail at a full one."""

REMEMBERED: Final = "5,000 and 200 guests are kept"

MEGABYTE: Final = 1e6
KILOBYTE: Final = 1e3

Taken = list[tuple[int, float]]
"""How many there were, and what the room's process alone had (USS), in MB."""


def footprint() -> list[Graph]:
    """Measure, and print."""
    with tempfile.TemporaryDirectory(prefix="chatroom-bench-") as name:
        browsers = listening(Path(name) / "browsers")
        joined, visited = naming(Path(name) / "names")
    more = [row("idle browsers", browsers[0], each) for each in browsers[1:]]
    more.append(row("names, all that may join", joined[0], joined[-1]))
    more.append(row("names, the rest by upstream's form", joined[0], visited[-1]))
    show(
        f"Memory of the room's process alone (USS), {browsers[0][1]:.1f} MB at first",
        ("with", "MB more", "kB for each"),
        more,
    )
    axis = Axis("MB", "MB", is_log=False)
    streams, names = Axis("streams", is_log=False), Axis("names so far")
    idle = Curve("the room", [(x, [y]) for x, y in browsers])
    named = Curve("the room", [(x, [y]) for x, y in joined + visited], REMEMBERED)
    listen = Graph(
        "memory-streams", "Memory for browsers that listen", streams, axis, [idle], "line"
    )
    return [
        replace(listen, each="thousand streams", steps=1_000),
        Graph("memory-names", "Memory for names", names, axis, [named], ""),
    ]


def row(what: str, before: tuple[int, float], after: tuple[int, float]) -> tuple[str, str, str]:
    """Return what so many more have taken."""
    count, more = after[0] - before[0], after[1] - before[1]
    each = more * MEGABYTE / KILOBYTE / count
    return f"{after[0]:,} {what}", f"{more:.2f}", f"{each:.2f}"


def listening(folder: Path) -> Taken:
    """Return what is taken while so many streams are open and nobody speaks."""
    with room(folder) as server:
        while_idle(server, 1)  # what is loaded for the first one is no stream's
        return [(count, while_idle(server, count)) for count in STREAMS]


def while_idle(server: Server, streams: int) -> float:
    """Open streams, have each hear one message, and return what is taken then, in MB.

    Raises:
        RuntimeError: A stream was not served.
    """
    words = (server.port, streams, 1, 0, server.get, server.post)
    process = subprocess.Popen(
        [str(built("fanout")), *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{streams} streams were not served")
        return memory_bytes(server.pid) / MEGABYTE


def naming(folder: Path) -> tuple[Taken, Taken]:
    """Have people join, each under a name of their own, and then speak by upstream's form."""
    most = {"HIVEMIND_CHATROOM_MEMBERS_MAX": f"{MEMBERS_MAX}"}
    with room(folder, **most) as server:
        said = f'{{"name": "{MARK}", "lang": "en", "site_id": "bench"}}'
        origin = f"Origin: http://127.0.0.1:{server.port}"
        join = post_request("/api/join", server.port, said, origin, kind="application/json")
        form = f"username={MARK}&lang=en&site_id=bench&message=hello"
        kind = "application/x-www-form-urlencoded"
        speak = post_request("/send_message", server.port, form, origin, kind=kind)
        come(server, speak, JOINING_S)  # warms up
        joined, step = [(0, memory_bytes(server.pid) / MEGABYTE)], 0
        while joined[-1][0] + step * SPARE < MEMBERS_MAX:
            step = come(server, join, JOINING_S)
            joined.append((joined[-1][0] + step, memory_bytes(server.pid) / MEGABYTE))
        visited, for_s = joined[-1:], VISITS_S
        while (count := visited[-1][0]) < NAMES:
            step = come(server, speak, for_s)
            visited.append((count + step, memory_bytes(server.pid) / MEGABYTE))
            for_s *= min(2.0, max(NAMES - count - step, NAMES / 100) / step)
        return joined, visited[1:]


def come(server: Server, request: str, for_s: float) -> int:
    """Have people come under names of their own, as fast as they can; return how many came."""
    done = drive("posts", server.pid, server.port, 0, for_s, "", *[request] * CLIENTS)
    return int(done.lines[-1].split()[0])
