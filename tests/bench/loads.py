"""A load: one of the C programs beside this file, against a server that runs."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from bench.cores import LOAD, cpu_s, on
from bench.native import built


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a load."""

    lines: Sequence[str]
    """What it has printed."""
    cpu_s: float
    """What the server has used meanwhile, in seconds."""


def drive(load: str, pid: int, *words: object) -> Done:
    """Run a load until its end, and count the server's CPU from the moment when all is ready.

    Args:
        load: Which.
        pid: The server's process.
        words: What the load is told.

    Raises:
        RuntimeError: The load was not served whole.
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
        before_s = cpu_s(pid)
        process.stdin.write("\n")
        process.stdin.flush()
        lines = process.stdout.read().splitlines()
        spent_s = cpu_s(pid) - before_s
    if process.returncode:
        raise RuntimeError(f"the load {load} was not served: {words[:3]}")
    return Done(lines, spent_s)
