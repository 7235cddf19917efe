"""Measures the bundle that `make bundle` has built: its size, its start, what it takes at rest."""

from __future__ import annotations

import contextlib
import re
import signal
import statistics
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
from playwright.sync_api import sync_playwright

from bench.table import say, show
from bench.window import FLAGS, VARIABLES, start
from browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from browser.visitor import PHONE, Visitor
from desktop.desktop import Desktop
from desktop.screen import Screen

BUNDLE: Final = Path(__file__).parents[2] / "dist" / "hivemind-chatroom"
COMMAND: Final = BUNDLE / "hivemind-chatroom"

STARTS: Final = 9
BROWSERS: Final = 10
SETTLES_S: Final = 20.0
"""How long after the last browser has come something may still be going on, in seconds."""
RESTS_S: Final = 60.0
"""How long it is watched at rest, in seconds."""

MEGABYTE: Final = 1e6


@dataclass(frozen=True, slots=True)
class Rest:
    """What all processes of the program take together while nobody does anything."""

    cpu: float
    """Of one core, in percent."""
    memory: float
    """What is theirs alone and their share of what they share (PSS), in MB."""
    processes: int


def package() -> None:
    """Measure, and print the bars beside what was seen."""
    if not COMMAND.is_file():
        say(f"\nThe package: not measured, as there is no {COMMAND}; make bundle builds it.")
        return
    starts = [start(program=[str(COMMAND)]) for _ in range(STARTS)]
    served = [each.served for each in starts]
    painted = [each.painted for each in starts]
    alone, visited = rest(0), rest(BROWSERS)
    show(
        f"The package: medians of {STARTS} first starts (largest), {RESTS_S:.0f} s at rest",
        ("what", "bar", "seen"),
        [
            ("unpacked, MB", "400", f"{size_of(BUNDLE) / MEGABYTE:.1f}"),
            ("start to page served, s", "1.0", median(served)),
            ("start to first paint, s", "1.5", median(painted)),
            ("at rest, % of a core", "", f"{alone.cpu:.2f}"),
            (f"with {BROWSERS} browsers, % of a core", "0.5", f"{visited.cpu:.2f}"),
            ("memory, MB", "", f"{alone.memory:.0f}"),
            (f"with {BROWSERS} browsers, memory, MB", "", f"{visited.memory:.0f}"),
            ("processes", "", f"{visited.processes}"),
        ],
    )


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if not file.is_symlink())


def median(seconds: list[float]) -> str:
    """Return the median and the largest, as words."""
    return f"{statistics.median(seconds):.2f} ({max(seconds):.2f})"


def rest(browsers: int) -> Rest:
    """Start it on a screen, let browsers join, and watch what it does while they do nothing."""
    with contextlib.ExitStack() as running:
        folder = running.enter_context(tempfile.TemporaryDirectory(prefix="chatroom-rest-"))
        screen = running.enter_context(Screen())
        flags = (*FLAGS, "--code", "none")
        desktop = Desktop(Path(folder), *flags, display=screen.display, program=[str(COMMAND)])
        desktop.environment |= {
            f"XDG_{each}_HOME": f"{folder}/{each.lower()}" for each in VARIABLES
        }
        running.enter_context(desktop)
        desktop.says("has loaded the page")
        desktop.says("the hub is connected")
        found = re.search(r"port (\d+)", desktop.says("serving on port"))
        assert found
        running.enter_context(visitors(f"http://127.0.0.1:{found[1]}/", browsers))
        program = psutil.Process(desktop.process.pid)
        pause(SETTLES_S)
        before = cpu_s(program)
        pause(RESTS_S)
        used_s = cpu_s(program) - before
        assert len(streams(program)) >= browsers, "a browser has lost its stream"
        tree = [program, *program.children(recursive=True)]
        memory = sum(each.memory_full_info().pss for each in tree) / MEGABYTE
        code, _ = desktop.told(signal.SIGTERM)
        assert code == 0, desktop.lines
    return Rest(used_s / RESTS_S * 100, memory, len(tree))


@contextlib.contextmanager
def visitors(url: str, count: int) -> Iterator[None]:
    """Have people in the room, each with a browser of their own and its stream."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        for number in range(1, count + 1):
            Visitor(chromium, PHONE).join(url, f"Visitor {number}")
        yield
        chromium.close()


def cpu_s(program: psutil.Process) -> float:
    """Return the seconds that its processes have computed, those included that have ended."""
    total = 0.0
    for each in (program, *program.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            took = each.cpu_times()
            total += took.user + took.system + took.children_user + took.children_system
    return total


def streams(program: psutil.Process) -> list[object]:
    """Return the connections that are open to it."""
    found = program.net_connections(kind="tcp")
    ports = {each.laddr.port for each in found if each.status == psutil.CONN_LISTEN}
    is_open = (each.status == psutil.CONN_ESTABLISHED for each in found)
    return [one for one, yes in zip(found, is_open, strict=True) if yes and one.laddr.port in ports]


def pause(seconds: float) -> None:
    """Let the time go by in which the program is watched."""
    threading.Event().wait(seconds)
