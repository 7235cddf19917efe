"""The command `hivemind-chatroom` as a program, its stand-in for a room, and a screen."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

WITHIN_S = 20.0
"""How long anything may take on a machine that is busy."""

STAND_IN = Path(__file__).with_name("stand_in.py")

Report = dict[str, Any]


class Desktop:
    """One start of the command, with a stand-in for the room or with a real one."""

    def __init__(
        self,
        folder: Path,
        *flags: str,
        display: str | None = None,
        is_real: bool = False,
        program: Sequence[str] = (),
    ) -> None:
        """Prepare to start it.

        Args:
            folder: Keeps what the room keeps.
            flags: Of the command.
            display: Where the window is shown; None for nowhere (`offscreen`).
            is_real: Whether the room is a real one.
            program: What starts it; none for the command as it is installed.
        """
        self.environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
        self.environment["LANG"] = "C"
        if display is None:
            self.environment["QT_QPA_PLATFORM"] = "offscreen"
        else:
            self.environment["DISPLAY"] = display
        script = ["-m", "hivemind_chatroom.desktop"] if is_real else [str(STAND_IN)]
        start = program or [sys.executable, *script]
        self._command = [*start, "--data-dir", str(folder), *flags]
        self._heard = threading.Condition()
        self._reports: list[Report] = []
        self._is_over = False
        self.lines: list[str] = []
        """What it has said besides."""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self._command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()

    def hears(self, what: str, times: int = 1) -> Report:
        """Wait for a report, or for so many of them; return the last."""
        with self._heard:
            assert self._heard.wait_for(
                lambda: self._is_over or len(self._all(what)) >= times, WITHIN_S
            )
            found = self._all(what)
        assert len(found) >= times, (what, self._reports, self.lines)
        return found[times - 1]

    def says(self, words: str) -> str:
        """Wait for a line with these words."""
        with self._heard:
            assert self._heard.wait_for(lambda: self._is_over or self._with(words), WITHIN_S)
            assert self._with(words), self.lines
            return self._with(words)[0]

    def ends(self) -> int:
        """Wait until it ends; return its exit code."""
        return self.process.wait(WITHIN_S)

    def told(self, number: signal.Signals) -> tuple[int, float]:
        """Send a signal; return the exit code and the seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        return self.ends(), time.monotonic() - begun

    def pane(self) -> int:
        """Return the process that has the window: the only one that the program has begun."""
        (pane,) = _children_of(self.process.pid)
        return pane

    def renderer(self) -> int:
        """Return the process that draws the page, once the one that has warmed up for it is gone.

        They are those that the processes of Qt's have begun.
        """
        deadline = time.monotonic() + WITHIN_S
        found: list[int] = []
        while time.monotonic() < deadline:
            found = [pid for of_qt in _children_of(self.pane()) for pid in _children_of(of_qt)]
            if len(found) == 1:
                return found[0]
        raise AssertionError(found)

    def _all(self, what: str) -> list[Report]:
        return [report for report in self._reports if report["what"] == what]

    def _with(self, words: str) -> list[str]:
        return [line for line in self.lines if words in line]

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._heard:
                if line.startswith("{"):
                    self._reports.append(json.loads(line))
                else:
                    self.lines.append(line)
                self._heard.notify_all()
        with self._heard:
            self._is_over = True
            self._heard.notify_all()


def _children_of(wanted: int) -> list[int]:
    return [pid for pid, parent in _processes() if parent == wanted]


def _processes() -> Iterator[tuple[int, int]]:
    """Yield each process and its parent."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            pid, _, rest = file.read_text().partition(" ")
            yield int(pid), int(rest.rpartition(")")[2].split()[1])
