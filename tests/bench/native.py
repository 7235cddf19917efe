"""The load and the floor, in C: what measures must cost less than what is measured."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
BUILT: Final = HERE.parents[1] / "build" / "bench"

_FLAGS: Final = ("-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror")


def built(name: str) -> Path:
    """Compile `name`.c beside this file, if it is newer than the program, and return the program.

    Raises:
        subprocess.CalledProcessError: The compiler refused it.
    """
    program = BUILT / name
    newest = max(each.stat().st_mtime for each in (HERE / f"{name}.c", HERE / "sockets.h"))
    if not program.exists() or program.stat().st_mtime < newest:
        BUILT.mkdir(parents=True, exist_ok=True)
        subprocess.run(["gcc", *_FLAGS, "-o", program, HERE / f"{name}.c"], check=True)
    return program
