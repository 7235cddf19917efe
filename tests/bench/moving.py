"""What it takes to move a room of a million messages to PostgreSQL, and back."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.filling import fill
from bench.table import show
from contract.cluster import Cluster

MESSAGES: Final = 1_000_000
_KB_PER_MB: Final = 1_024

_MOVE: Final = """
import sys
from hivemind_chatroom.cli import main
code = main(["migrate", *sys.argv[1:]])
print(open("/proc/self/status").read())
sys.exit(code)
"""
"""A process tells itself what it has taken at most: the system counts its parent's with it."""


def moving() -> None:
    """Measure, and print."""
    cluster = Cluster(is_durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="chatroom-bench-") as name:
            folder, address = Path(name), cluster.new_database()
            fill(folder / "room.db", MESSAGES)
            ways = {
                "SQLite to PostgreSQL": (str(folder), address),
                "PostgreSQL to SQLite": (address, str(folder / "back.db")),
            }
            seen = {way: moved(*ends) for way, ends in ways.items()}
    finally:
        cluster.stop()
    show(
        f"Moving {MESSAGES:,} messages, half of them asked of the hub: copied, then compared",
        ("from, to", "time", "memory, most"),
        [(way, f"{took_s:.0f} s", f"{most_mb:.0f} MB") for way, (took_s, most_mb) in seen.items()],
    )


def moved(source: str, target: str) -> tuple[float, float]:
    """Move a room, and return the seconds it took and the memory in MB."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", _MOVE, source, target]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    took_s = time.perf_counter() - begun
    _, _, most_kb = told.partition("VmHWM:")
    return took_s, int(most_kb.split()[0]) / _KB_PER_MB
