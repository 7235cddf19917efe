"""Several instances on PostgreSQL, beside one on SQLite: how soon, how many posts, at what cost.

The database is Debian's, on a Unix socket, with the durability of its defaults. Where two of them
are measured, the programs are left to the system's choice of cores, and once have a core each, as
docs/deployment.md says.
"""

from __future__ import annotations

import contextlib
import re
import socket
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from bench.contenders import MARK, Server, get_request, room_post
from bench.cores import LOAD, SERVER, on
from bench.fanout import WARM_UPS
from bench.loads import drive, ready
from bench.posts import MEMBERS
from bench.table import show, spread
from contract.cluster import Cluster
from e2e.program import Program

FLAGS: Final = ("--port", "0", "--hub", "none", "--no-lan", "--rate-limit", "off")

ROUNDS: Final = 6
POSTS: Final = 200
"""In each round, one after the other: how soon a stream has them."""
FOR_S: Final = 4.0
STREAMS: Final = 1_000
MESSAGES: Final = 60
RECEIVE_BYTES: Final = 65_536

SQLITE, ALONE, BOTH = "one, SQLite", "one, PostgreSQL", "two, PostgreSQL"
APART = "two, PostgreSQL, a core each"


def several() -> None:
    """Measure by turns, and print."""
    with (
        tempfile.TemporaryDirectory(prefix="chatroom-bench-") as name,
        contextlib.ExitStack() as run,
    ):
        folder, cluster = Path(name), Cluster(is_durable=True)
        run.callback(cluster.stop)
        shared = cluster.new_database()
        rooms = {
            SQLITE: [run.enter_context(_program(folder / "sqlite"))],
            ALONE: [run.enter_context(_program(folder / "alone", cluster.new_database()))],
            BOTH: [run.enter_context(_program(folder / each, shared)) for each in ("a", "b")],
            APART: [],
        }
        apart = cluster.new_database()
        for number, cores in enumerate((SERVER, LOAD)):
            with on(cores):
                program = run.enter_context(_program(folder / f"apart-{number}", apart))
            rooms[APART].append(program)
        servers = {name: [_server(each) for each in programs] for name, programs in rooms.items()}
        soon(servers)
        many(servers)
        with on(SERVER):
            pinned = {
                SQLITE: _server(run.enter_context(_program(folder / "pinned-1"))),
                ALONE: _server(
                    run.enter_context(_program(folder / "pinned-2", cluster.new_database()))
                ),
            }
        fan_out(pinned)


def soon(rooms: Mapping[str, Sequence[Server]]) -> None:
    """Post at the first instance of each, and wait until the last one's stream has it."""
    seen: dict[str, list[list[float]]] = {name: [] for name in rooms}
    for _ in range(ROUNDS):
        for name, servers in rooms.items():
            seen[name].append(heard_after_ms(servers[0], servers[-1]))
    show(
        f"From a post to a stream (of the other, if there are two), ms; {ROUNDS} x {POSTS} posts",
        ("instances", "p50", "rounds from-to", "p99"),
        [
            (
                name,
                f"{statistics.median(statistics.median(each) for each in rounds):.2f}",
                "-".join(f"{end(map(statistics.median, rounds)):.2f}" for end in (min, max)),
                f"{statistics.quantiles([ms for each in rounds for ms in each], n=100)[-1]:.2f}",
            )
            for name, rounds in seen.items()
        ],
    )


def heard_after_ms(there: Server, here: Server) -> list[float]:
    """Return how long each post took from one to a stream of the other, in milliseconds."""
    took = []
    with (
        socket.create_connection(("127.0.0.1", here.port)) as stream,
        socket.create_connection(("127.0.0.1", there.port)) as line,
    ):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream.sendall(here.get.encode())
        _read_to(stream, b"\n\nid: ")  # the stream has begun
        for _ in range(POSTS):
            mark = f"{time.monotonic_ns():0{len(MARK)}d}"[-len(MARK) :]
            begun = time.perf_counter()
            line.sendall(there.post.replace(MARK, mark).encode())
            _read_to(stream, mark.encode())
            took.append((time.perf_counter() - begun) * 1e3)
            _read_to(line, mark.encode())
    return took


def many(rooms: Mapping[str, Sequence[Server]]) -> None:
    """Have members post as fast as they are answered, at all instances of each."""
    said = {
        each.port: [_post(each.port, f"{number} of {each.port}") for number in range(MEMBERS)]
        for servers in rooms.values()
        for each in servers
    }
    seen: dict[str, list[float]] = {name: [] for name in rooms}
    for _ in range(ROUNDS):
        for name, servers in rooms.items():
            seen[name].append(sum(posts_a_second(servers, said)))
    show(
        f"Acknowledged posts a second, {MEMBERS} members at each instance, {ROUNDS} rounds",
        ("instances", "posts/s", "from-to"),
        [(name, f"{statistics.median(rates):,.0f}", spread(rates)) for name, rates in seen.items()],
    )


def posts_a_second(servers: Sequence[Server], said: Mapping[int, Sequence[str]]) -> list[float]:
    """Let a load go at each of these at once, and return how many each has acknowledged."""
    with contextlib.ExitStack() as run:
        loads = [
            run.enter_context(ready("posts", each.port, 0, FOR_S, each.get, *said[each.port]))
            for each in servers
        ]
        with ThreadPoolExecutor(len(loads)) as threads:
            done = list(threads.map(lambda load: load.run(), loads))
    counts = [[*map(float, lines[-1].split())] for lines in done]
    return [count / seconds for count, seconds, _ in counts]


def fan_out(servers: Mapping[str, Server]) -> None:
    """Compare what a delivery costs, and how soon the last of many has it."""
    costs: dict[str, list[float]] = {name: [] for name in servers}
    last_ms: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(ROUNDS):
        for name, server in servers.items():
            numbers = (server.port, STREAMS, WARM_UPS, MESSAGES)
            done = drive("fanout", server.pid, *numbers, server.get, server.post)
            costs[name].append(done.cpu_s * 1e6 / (MESSAGES * STREAMS))
            took_ms = [float(line.split()[0]) / 1e3 for line in done.lines]
            last_ms[name].append(statistics.median(took_ms))
    shares = [one / other for one, other in zip(costs[ALONE], costs[SQLITE], strict=True)]
    show(
        f"{STREAMS:,} streams of one instance, {ROUNDS} rounds of {MESSAGES} messages",
        ("store", "last, p50 ms", "CPU us/delivery", "of SQLite's"),
        [
            (
                name,
                f"{statistics.median(last_ms[name]):.2f}",
                f"{statistics.median(costs[name]):.2f}",
                f"{statistics.median(shares) if name == ALONE else 1:.2f}",
            )
            for name in servers
        ],
    )


def _program(folder: Path, database: str = "sqlite:") -> Program:
    return Program(folder, *FLAGS, "--database", database)


def _server(program: Program) -> Server:
    assert program.process
    [port] = re.findall(r":(\d+)", program.url)
    post = _post(int(port), f"member of {port}")
    get = get_request("/api/events", int(port))
    return Server(program.process.pid, int(port), get, post)


def _post(port: int, name: str) -> str:
    return room_post(f"http://127.0.0.1:{port}", port, name)


def _read_to(connection: socket.socket, end: bytes) -> None:
    heard = b""
    while end not in heard:
        received = connection.recv(RECEIVE_BYTES)
        if not received:
            raise ConnectionError
        heard = heard[-RECEIVE_BYTES:] + received
