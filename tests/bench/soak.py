"""A soak: people talk for ten minutes while old messages are forgotten; does the memory grow?

Many posts come before it, as fast as they can: caches fill up that have a bound. The operator's
page changes how many messages are kept, back and forth by one, every five seconds: so often
retention runs, which else does once an hour.
"""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import psutil

from bench.contenders import FLAGS, get_request, room_post
from bench.cores import LOAD, SERVER, on
from bench.graphs import Axis, Curve, Graph
from bench.loads import drive
from bench.posting import join
from bench.slopes import line, uncertainty
from bench.table import show
from e2e.operator_page import OperatorPage
from e2e.program import Program

MINUTES: Final = 10.0
WARMS_UP_S: Final = 40.0
"""How long posts come before it, in seconds; some 40,000 in all."""

BROWSERS: Final = 100
"""With their streams open; one goes and another comes in each second."""
MEMBERS: Final = 20
KEPT: Final = 1_000
"""Messages that are kept; the posts of 20 seconds."""

POSTS_EVERY_S: Final = 0.02
COMES_EVERY_S: Final = 1.0
FORGETS_EVERY_S: Final = 5.0
LOOKS_EVERY_S: Final = 2.0
"""How often the memory is looked at, in seconds."""

MEGABYTE: Final = 1e6
KB_IN_MB: Final = 1e3
READ_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class Look:
    """What the room's process had at one moment."""

    minute: float
    rss: float
    """What of it is in memory, in MB."""
    uss: float
    """Of that, what nobody else has, in MB."""


@dataclass(slots=True)
class Household:
    """Everybody who is in the room, and its host, in one thread."""

    url: str
    page: OperatorPage
    process: psutil.Process
    begun: float = field(default_factory=time.monotonic)
    looks: list[Look] = field(default_factory=list)
    posts: int = 0
    came: int = 0
    trims: int = 0
    _web: httpx.Client = field(default_factory=httpx.Client)
    _sessions: list[str] = field(default_factory=list)
    _streams: deque[socket.socket] = field(default_factory=deque)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def gather(self) -> None:
        """Let everybody come."""
        self._sessions += [join(self.url, f"member {number}") for number in range(MEMBERS)]
        for _ in range(BROWSERS):
            self.come()

    def come(self) -> None:
        """Open a stream; the one that is open the longest closes, if all are there."""
        self.came += 1
        target = urlsplit(self.url)
        assert target.port
        stream = socket.create_connection((str(target.hostname), target.port))
        stream.sendall(get_request("/api/events", target.port).encode())
        self._streams.append(stream)
        self._selector.register(stream, selectors.EVENT_READ)
        if len(self._streams) > BROWSERS:
            gone = self._streams.popleft()
            self._selector.unregister(gone)
            gone.close()

    def post(self) -> None:
        """Have the next member say something."""
        self.posts += 1
        session = self._sessions[self.posts % MEMBERS]
        said = {"client_id": f"line-{self.posts}", "text": f"This is line {self.posts} of a soak."}
        headers = {"Origin": self.url, "Cookie": f"room_session={session}"}
        self._web.post(f"{self.url}/api/messages", json=said, headers=headers).raise_for_status()

    def forget(self) -> None:
        """Have the host change what is kept, so that what is too much goes at once."""
        self.trims += 1
        self.page.ask("PATCH", "settings", {"keep_messages": KEPT + self.trims % 2})

    def look(self) -> None:
        """Note what the room takes."""
        memory = self.process.memory_full_info()
        minute = (time.monotonic() - self.begun) / 60
        self.looks.append(Look(minute, memory.rss / MEGABYTE, memory.uss / MEGABYTE))

    def hear(self, for_s: float) -> None:
        """Read what comes on the streams.

        Raises:
            RuntimeError: A stream has ended.
        """
        for key, _ in self._selector.select(for_s):
            assert isinstance(key.fileobj, socket.socket)
            if not key.fileobj.recv(READ_BYTES):
                raise RuntimeError("a stream has ended")

    def leave(self) -> None:
        """Hang up."""
        self._web.close()
        self._selector.close()
        for stream in self._streams:
            stream.close()

    def live(self, for_s: float) -> None:
        """Do all that at its times."""
        self.begun = time.monotonic()
        times: dict[Callable[[], None], float] = {
            self.post: POSTS_EVERY_S,
            self.come: COMES_EVERY_S,
            self.forget: FORGETS_EVERY_S,
            self.look: LOOKS_EVERY_S,
        }
        due = dict.fromkeys(times, self.begun)
        while (now := time.monotonic()) < self.begun + for_s:
            for act in [each for each in due if due[each] <= now]:
                act()
                due[act] += times[act]
            self.hear(max(0.0, min(due.values()) - time.monotonic()))


def soak(minutes: float = MINUTES) -> list[Graph]:
    """Measure, and print."""
    with (
        tempfile.TemporaryDirectory(prefix="chatroom-bench-") as folder,
        contextlib.ExitStack() as running,
    ):
        with on(SERVER):
            program = running.enter_context(Program(Path(folder), *FLAGS))
        running.enter_context(on(LOAD))
        assert program.process
        found = re.search(r"Operator: +(\S+)", program.welcome)
        assert found
        page = OperatorPage(found[1])
        running.enter_context(page.web)
        household = Household(program.url, page, psutil.Process(program.process.pid))
        running.callback(household.leave)
        warm_up(household)
        household.gather()
        household.live(minutes * 60)
        household.forget()
        store = page.get("status")["store"]
    tell(household, minutes, store["messages"], store["bytes"])
    slopes = {name: slope(points) for name, points in series(household.looks).items()}
    curves = [
        Curve(name, [(x, [y]) for x, y in points], slopes[name])
        for name, points in series(household.looks).items()
    ]
    title = "Memory while people talk and old messages are forgotten"
    x, y = Axis("minutes", is_log=False), Axis("MB", "MB", is_log=False)
    return [Graph("soak", title, x, y, curves, "")]


def warm_up(household: Household) -> None:
    """Have members post as fast as they are answered."""
    port = urlsplit(household.url).port
    said = [room_post(household.url, port or 0, f"early {number}") for number in range(MEMBERS)]
    drive("posts", household.process.pid, port, 0, WARMS_UP_S, "", *said)


def tell(household: Household, minutes: float, kept: int, size: int) -> None:
    """Print what was seen."""
    looks = household.looks
    moments = {
        "at the beginning": looks[0],
        "half-way": looks[len(looks) // 2],
        "at the end": looks[-1],
    }
    rows = [
        *((when, f"{each.rss:.1f}", f"{each.uss:.1f}") for when, each in moments.items()),
        ("slope in the second half", *map(slope, series(looks).values())),
    ]
    show(
        f"{minutes:g} minutes with {BROWSERS} streams, of which {household.came - BROWSERS:,} were "
        f"closed and opened; {household.posts:,} posts ({household.posts / minutes / 60:.0f}/s), "
        f"retention {household.trims} times, {kept:,} messages and {size / MEGABYTE:.1f} MB left",
        ("", "RSS, MB", "USS, MB"),
        rows,
    )


def series(looks: Sequence[Look]) -> dict[str, list[tuple[float, float]]]:
    """Return the points of each curve, in MB over minutes."""
    return {
        "the room, RSS": [(each.minute, each.rss) for each in looks],
        "the room, USS": [(each.minute, each.uss) for each in looks],
    }


def slope(points: Sequence[tuple[float, float]]) -> str:
    """Return how the second half grows, in words."""
    half = points[len(points) // 2 :]
    each, either_side = line(half).each * KB_IN_MB, uncertainty(half) * KB_IN_MB
    return f"{each:+.1f} ± {either_side:.1f} kB/min"
