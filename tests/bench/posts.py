"""Posts a second: the durable room alone and while up to 1,000 listen, and nchan beside it.

Everything is as in fanout.py: the real program, all checks but the limit of posts for each member,
the server on one core and the load on the other.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
from pathlib import Path
from typing import Final

from bench.contenders import Server, nchan, room, room_post
from bench.graphs import Axis, Curve, Graph
from bench.loads import drive
from bench.table import show, spread

STREAMS: Final = (0, 10, 100, 1_000)
MEMBERS: Final = 32
REPETITIONS: Final = 6
FOR_S: Final = 3.0

ROOM, PEER = "the room, durable", "nginx + nchan"

Seen = dict[tuple[str, int], list[tuple[float, float, float]]]
"""Who with how many streams: posts a second, CPU us for one, deliveries a second; in each round."""


def posts(repetitions: int = REPETITIONS) -> list[Graph]:
    """Measure by turns, and print."""
    with (
        tempfile.TemporaryDirectory(prefix="chatroom-bench-") as name,
        contextlib.ExitStack() as run,
    ):
        seen: Seen = {}
        servers = {}
        for who, serve in ((ROOM, room), (PEER, nchan)):
            folder = Path(name) / serve.__name__
            folder.mkdir()
            server = run.enter_context(serve(folder))
            servers[who] = (
                server,
                members_posts(server) if serve is room else [server.post] * MEMBERS,
            )
        for _ in range(repetitions):
            for streams in STREAMS:
                for who, (server, said) in servers.items():
                    done = drive(
                        "posts", server.pid, server.port, streams, FOR_S, server.get, *said
                    )
                    count, seconds, delivered = map(float, done.lines[-1].split())
                    shown = (count / seconds, done.cpu_s * 1e6 / count, delivered / seconds)
                    seen.setdefault((who, streams), []).append(shown)
    tell(seen, repetitions)
    cost = Axis("CPU microseconds for a post", "µs")
    return [
        graph("posts", "Posts while streams hear them", Axis("posts a second", "/s"), 0, seen),
        graph("posts-cost", "What a post costs while streams hear it", cost, 1, seen),
    ]


def tell(seen: Seen, repetitions: int) -> None:
    """Print what was seen."""
    show(
        f"Posts by {MEMBERS} members, {repetitions} rounds of {FOR_S:g} s; medians",
        ("", "streams", "posts/s", "from-to", "CPU us/post", "deliveries/s"),
        [
            (
                who,
                f"{streams:,}",
                f"{statistics.median(each[0] for each in rounds):,.0f}",
                spread([each[0] for each in rounds]),
                f"{statistics.median(each[1] for each in rounds):,.0f}",
                f"{statistics.median(each[2] for each in rounds):,.0f}",
            )
            for (who, streams), rounds in seen.items()
        ],
    )


def graph(name: str, title: str, y: Axis, figure: int, seen: Seen) -> Graph:
    """Return one of the figures over the number of streams."""
    curves = [
        Curve(who, [(n, [each[figure] for each in seen[who, n]]) for n in STREAMS])
        for who in (ROOM, PEER)
    ]
    return Graph(name, title, Axis("streams"), y, curves, "power")


def members_posts(server: Server) -> list[str]:
    """Return what each of the members posts to the room."""
    url = f"http://127.0.0.1:{server.port}"
    return [room_post(url, server.port, f"poster {number}") for number in range(MEMBERS)]
