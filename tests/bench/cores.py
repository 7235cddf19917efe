"""Who runs on which core, and what a server's processes have used of theirs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Final

import psutil

_CORES: Final = sorted(os.sched_getaffinity(0))
SERVER: Final = frozenset(_CORES[:1])
LOAD: Final = frozenset(_CORES[-1:])
"""The same as the server's where there is one core only, which spoils every figure."""


@contextlib.contextmanager
def on(cores: frozenset[int]) -> Iterator[None]:
    """Start whatever is started meanwhile on these cores, where it stays."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_s(pid: int) -> float:
    """Return the seconds that a process and its children have used, as the kernel counts them.

    User and system time of all threads (proc(5), /proc/pid/stat), in steps of 10 ms.
    """
    parent = psutil.Process(pid)
    each = [process.cpu_times() for process in (parent, *parent.children(recursive=True))]
    return float(sum(times.user + times.system for times in each))


def memory_bytes(pid: int) -> int:
    """Return the memory that a process alone has (USS)."""
    return int(psutil.Process(pid).memory_full_info().uss)


def threads_s(pid: int) -> dict[int, float]:
    """Return the seconds of CPU of each thread of a process and its children, by its number."""
    parent = psutil.Process(pid)
    each = [process.threads() for process in (parent, *parent.children(recursive=True))]
    return {one.id: one.user_time + one.system_time for threads in each for one in threads}
