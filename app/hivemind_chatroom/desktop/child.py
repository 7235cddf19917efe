"""How a module of the program is run in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

# A window of the console would flash up when a windowed program starts a child on Windows.
NO_CONSOLE: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def child_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of ours as `__main__`, by this Python.

    A frozen build has no Python to run a module by: `sys.executable` is the program itself there,
    which refuses `-P -m`, and tells so by another child. What builds one needs an entry that knows
    a word of ours at the front of the command line and runs the module after it, before it reads
    any flag; this function then returns that word where `sys.frozen` is set.

    Args:
        module: Its whole name.
        arguments: What it finds in `sys.argv[1:]`; every user of the computer can read them.
    """
    return [sys.executable, "-P", "-m", module, *arguments]
