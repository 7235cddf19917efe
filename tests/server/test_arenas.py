"""Arenas: many threads take no more of them than they are to."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from hivemind_chatroom.server.arenas import share_arenas

ARENAS, THREADS = 2, 24
DECIDE = ("MALLOC_ARENA_MAX", "GLIBC_TUNABLES")
RESERVED_KB = 64 << 10
"""What glibc reserves of the addresses for each arena (HEAP_MAX_SIZE of its malloc)."""

SCRIPT = """
import re, sys, threading
from pathlib import Path
from hivemind_chatroom.server.arenas import share_arenas

def reserved_kb():
    return int(re.search(r"VmSize:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

def allocate():
    held.append(bytes(10_000))
    together.wait()

assert share_arenas(int(sys.argv[1]))
held, together = [], threading.Barrier(int(sys.argv[2]) + 1)
threading.stack_size(1 << 18)
before = reserved_kb()
for _ in range(int(sys.argv[2])):
    threading.Thread(target=allocate, daemon=True).start()
together.wait()
print(reserved_kb() - before)
"""


only_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's alone")


@only_glibc
def test_two_dozen_threads_share_two_arenas() -> None:
    command = [sys.executable, "-c", SCRIPT, f"{ARENAS}", f"{THREADS}"]
    undecided = {name: value for name, value in os.environ.items() if name not in DECIDE}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=True, env=undecided
    )
    assert int(done.stdout) < (ARENAS + 1) * RESERVED_KB


@only_glibc
@pytest.mark.parametrize(
    ("name", "value"), [*zip(DECIDE, ("4", "glibc.malloc.arena_max=4"), strict=True)]
)
def test_what_the_operator_has_said_stays(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert not share_arenas(ARENAS)
