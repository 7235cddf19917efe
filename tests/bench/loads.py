"""A load: one of the C programs beside this file, against a server that runs."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from bench.cores import LOAD, cpu_s, on, threads_s
from bench.native import built


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a load."""

    lines: Sequence[str]
    """What it has printed."""
    cpu_s: float
    """What the server has used meanwhile, in seconds."""
    busiest_s: float
    """What its busiest thread has used of that."""


@dataclass(frozen=True, slots=True)
class Load:
    """A load whose connections are open; it waits for a word."""

    start: IO[str]
    said: IO[str]

    def run(self) -> list[str]:
        """Let it go, and return what it prints until its end."""
        self.start.write("\n")
        self.start.flush()
        return self.said.read().splitlines()


@contextlib.contextmanager
def ready(load: str, *words: object) -> Iterator[Load]:
    """Run a load up to where all is ready, and end it afterwards.

    Args:
        load: Which.
        words: What it is told.

    Raises:
        RuntimeError: It was not served whole.
    """
    command = [str(built(load)), *map(str, words)]
    with on(LOAD):
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    with process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        yield Load(process.stdin, process.stdout)
    if process.returncode:
        raise RuntimeError(f"the load {load} was not served: {words[:3]}")


def drive(load: str, pid: int, *words: object) -> Done:
    """Run a load until its end, and count the server's CPU from the moment when all is ready.

    Args:
        load: Which.
        pid: The server's process.
        words: What the load is told.

    Raises:
        RuntimeError: It was not served whole.
    """
    with ready(load, *words) as connected:
        before_s, threads_before_s = cpu_s(pid), threads_s(pid)
        lines = connected.run()
        spent_s, now_s = cpu_s(pid) - before_s, threads_s(pid)
    busiest_s = max(now_s[thread] - threads_before_s.get(thread, 0.0) for thread in now_s)
    return Done(lines, spent_s, busiest_s)
