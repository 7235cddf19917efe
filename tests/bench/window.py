"""Measures the start of the program with its window: when the room is served, when it is seen."""

from __future__ import annotations

import contextlib
import mmap
import re
import signal
import statistics
import struct
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bench.table import show
from desktop.desktop import Desktop
from desktop.inside import Inside
from desktop.screen import Screen

ROUNDS: Final = 9
FLAGS: Final = ("--host", "127.0.0.1", "--port", "0", "--log-path", "stdout")
VARIABLES: Final = ("CONFIG", "DATA", "STATE", "CACHE")

LOOKS_EVERY_S: Final = 0.005
"""How often the screen is looked at, in seconds."""

_STAMP: Final = re.compile(r"^\S+ [\d:]+,\d+")
_STAMP_FORMAT: Final = "%Y-%m-%d %H:%M:%S,%f"

_PAINTED: Final = """(() => {
  const [first] = performance.getEntriesByName("first-contentful-paint");
  return first && document.querySelector("h1") && performance.timeOrigin + first.startTime;
})()"""
"""When the page says that it was painted first, in milliseconds since 1970 (Paint Timing)."""


@dataclass(frozen=True, slots=True)
class Start:
    """One start of the program, in seconds after it."""

    served: float
    """The operator's page can be fetched, as the log says."""
    painted: float
    """The page says that something of it is painted."""
    seen: float | None
    """The pixels of the window's middle have become anything but one colour; None off screen."""


class Eye:
    """Looks at the middle of a screen, until it sees anything but one colour from side to side."""

    def __init__(self, memory: Path) -> None:
        """Look at a file of Xvfb's, which is an image in the format of XWD (XWDFile.h)."""
        with memory.open("rb") as file:
            self._screen = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        head = struct.unpack(">25I", self._screen[:100])
        size, width, height, row, colours = head[0], head[4], head[5], head[12], head[19]
        begin, pixel = size + 12 * colours, row // width
        self._rows = [
            slice(begin + y * row + width // 3 * pixel, begin + y * row + width * 2 // 3 * pixel)
            for y in range(height // 4, height * 3 // 4, 4)
        ]
        self._pixel = pixel

    def sees_something(self) -> bool:
        """Tell whether two points beside each other differ anywhere."""
        rows = (self._screen[row] for row in self._rows)
        return any(row[self._pixel :] != row[: -self._pixel] for row in rows)


class Watch:
    """Watches a screen until something comes to be seen."""

    def __init__(self, eye: Eye) -> None:
        self.seen_at = 0.0
        self._eye = eye
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch")

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(LOOKS_EVERY_S):
            if self._eye.sees_something():
                self.seen_at = time.time()
                return


def windows(rounds: int = ROUNDS) -> None:
    """Compare starts without a screen and on one, by turns."""
    places: dict[str, list[Start]] = {"off screen": [], "on a screen": []}
    with tempfile.TemporaryDirectory(prefix="chatroom-screen-") as name:
        memory = Path(name)
        with Screen("-fbdir", name) as screen:
            for _ in range(rounds):
                places["off screen"].append(start())
                screen.clear()
                eye = Eye(memory / "Xvfb_screen0")
                places["on a screen"].append(start(screen.display, eye))
    show(
        f"The window, s: medians of {rounds} first starts (largest)",
        ("where", "page served", "then painted", "then seen", "painted in all"),
        [
            (
                where,
                median([each.served for each in starts]),
                median([each.painted - each.served for each in starts]),
                median([each.seen - each.served for each in starts if each.seen is not None]),
                median([each.painted for each in starts]),
            )
            for where, starts in places.items()
        ],
    )


def start(display: str | None = None, eye: Eye | None = None, program: Sequence[str] = ()) -> Start:
    """Start the program for the first time, and look at what is there until the page is.

    Args:
        display: Where the window is shown; None for nowhere.
        eye: What looks there.
        program: What starts it; none for the command as it is installed.
    """
    watch = Watch(eye) if eye else None
    with tempfile.TemporaryDirectory(prefix="chatroom-start-") as name:
        desktop = Desktop(Path(name), *FLAGS, display=display, is_real=True, program=program)
        desktop.environment |= {f"XDG_{each}_HOME": f"{name}/{each.lower()}" for each in VARIABLES}
        inside = Inside(desktop)
        begun = time.time()
        with watch.watching() if watch else contextlib.nullcontext(), desktop:
            with inside:
                painted = float(inside.until(_PAINTED)) / 1_000
            served = stamp(desktop.says("the room is served"))
            code, _ = desktop.told(signal.SIGTERM)
            assert code == 0, desktop.lines
    seen = watch.seen_at - begun if watch else None
    return Start(served - begun, painted - begun, seen)


def stamp(line: str) -> float:
    """Return when a line of the log was written, in seconds since 1970."""
    found = _STAMP.match(line)
    assert found, line
    return datetime.strptime(found[0], _STAMP_FORMAT).astimezone().timestamp()


def median(seconds: list[float]) -> str:
    """Return the median and the largest, as words; nothing of none."""
    return f"{statistics.median(seconds):.2f} ({max(seconds):.2f})" if seconds else ""
