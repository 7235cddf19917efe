"""One who listens and nothing else: `python -m faults.ear URL ADDRESS` prints when it hears what.

A process of its own, as who posts in the same one would keep it from listening. For each message it
prints a line, its number and the moment by the clock that all processes have (`time.monotonic`).
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final, Self

from faults.dozing import Dozer

_TESTS: Final = Path(__file__).parents[1]

_PATIENCE_S: Final = 60.0
"""Longer than a room is ever silent: it sends a comment every 15 s."""


class Ear:
    """Hears each message of the room, and when, as long as the context lasts."""

    def __init__(self, url: str, address: str) -> None:
        """Listen to a room, from one of this computer's addresses."""
        self._command = [sys.executable, "-m", "faults.ear", url, address]
        self._told = threading.Condition()
        self._heard_at: dict[int, float] = {}
        self._process: subprocess.Popen[str] | None = None
        self._noting = threading.Thread(target=self._note, name="ear", daemon=True)

    def __enter__(self) -> Self:
        environment = {**os.environ, "PYTHONPATH": str(_TESTS)}
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == "listening\n"
        self._noting.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process
        with self._process:
            self._process.kill()
            self._noting.join()

    def hears(self, number: int, within_s: float) -> bool:
        """Wait for a message, and tell whether it came."""
        with self._told:
            return self._told.wait_for(lambda: number in self._heard_at, within_s)

    def heard_at(self, number: int) -> float:
        """Return when a message that has come was heard, by `time.monotonic`."""
        return self._heard_at[number]

    def _note(self) -> None:
        assert self._process
        assert self._process.stdout
        for line in self._process.stdout:
            number, at = line.split()
            with self._told:
                self._heard_at[int(number)] = float(at)
                self._told.notify_all()


def listen(url: str, address: str) -> None:
    """Print what is heard until nobody wants to know any more."""
    dozer = Dozer(url, address, patience_s=_PATIENCE_S)
    dozer.follow()
    sys.stdout.write("listening\n")
    for number in itertools.count(1):
        sys.stdout.flush()
        dozer.hear(until=number)
        sys.stdout.write(f"{number} {time.monotonic()}\n")


if __name__ == "__main__":
    listen(*sys.argv[1:])
