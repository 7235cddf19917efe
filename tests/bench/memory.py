"""What a room takes in memory: for browsers that listen, messages that it keeps, and members."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import httpx

from bench.contenders import FLAGS, MARK, Server, post_request, room
from bench.cores import SERVER, memory_bytes, on
from bench.filling import fill
from bench.loads import drive
from bench.native import built
from bench.table import show
from e2e.program import Program

STREAMS: Final = (0, 1_000, 2_000, 5_000, 10_000)
MESSAGES: Final = (100, 100_000)
PATHS: Final = ("/", "/api/messages", "/api/messages?q=line", "/api/messages?before=50")
"""What is read of them."""
MEMBERS_MAX: Final = {"HIVEMIND_CHATROOM_MEMBERS_MAX": "5000"}
"""The most that can be set."""
JOINING: Final = 32
"""Connections over which people join at once."""
JOINS_S: Final = 3.0
"""How long they join, in seconds."""

KILOBYTE: Final = 1e3
MEGABYTE: Final = 1e6


def footprint() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory(prefix="chatroom-bench-") as name:
        folder = Path(name)
        browsers = listening(folder / "browsers")
        kept = keeping(folder / "messages")
        names, named = joining(folder / "names")
    alone = browsers[0]
    rows = [(f"{count:,} idle browsers", taken, alone, count) for count, taken in browsers.items()]
    few, many = MESSAGES
    rows += [(f"{many:,} messages kept, {few} before", kept[many], kept[few], many - few)]
    rows += [(f"{names:,} members who have joined", named[1], named[0], names)]
    show(
        "Memory of the room's process alone (USS)",
        ("with", "MB", "more, MB", "kB for each"),
        [
            (
                what,
                f"{taken / MEGABYTE:.1f}",
                f"{(taken - before) / MEGABYTE:.2f}",
                f"{(taken - before) / KILOBYTE / each:.2f}" if each else "",
            )
            for what, taken, before, each in rows
        ],
    )


def listening(folder: Path) -> dict[int, int]:
    """Return what is taken while so many streams are open and nobody speaks, in bytes."""
    with room(folder) as server:
        while_idle(server, 1)  # what is loaded for the first one is no stream's
        return {count: while_idle(server, count) for count in STREAMS}


def while_idle(server: Server, streams: int) -> int:
    """Open streams, have each hear one message, and return what is taken then, in bytes.

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
        return memory_bytes(server.pid)


def keeping(folder: Path) -> dict[int, int]:
    """Return what is taken by rooms with so many messages that were read and searched, in bytes."""
    taken = {}
    for count in MESSAGES:
        file = folder / str(count) / "room.db"
        file.parent.mkdir(parents=True)
        fill(file, count)
        with on(SERVER):
            program = Program(file.parent, *FLAGS, "--database", f"sqlite:///{file}")
            with program, httpx.Client(base_url=program.url) as web:
                for path in PATHS:
                    assert web.get(path, follow_redirects=True).is_success
                assert program.process
                taken[count] = memory_bytes(program.process.pid)
    return taken


def joining(folder: Path) -> tuple[int, tuple[int, int]]:
    """Have people join under names of their own; return how many, and what was taken, in bytes."""
    program = Program(folder, *FLAGS)
    program.environment |= MEMBERS_MAX
    with contextlib.ExitStack() as running:
        with on(SERVER):
            running.enter_context(program)
        assert program.process
        pid, port = program.process.pid, int(program.url.rpartition(":")[2].strip("/"))
        said = f'{{"name": "{MARK}", "lang": "en", "site_id": "bench"}}'
        origin = f"Origin: {program.url}"
        join = post_request("/api/join", port, said, origin, kind="application/json")
        before = memory_bytes(pid)
        done = drive("posts", pid, port, 0, JOINS_S, "", *[join] * JOINING)
        return int(done.lines[-1].split()[0]), (before, memory_bytes(pid))
