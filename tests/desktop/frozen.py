"""A command as a frozen build runs it: it is its own `sys.executable`, and knows no `-m`.

python frozen.py <the command's package> <what starts this again> <flags of the command>
"""

from __future__ import annotations

import runpy
import sys

if __name__ == "__main__":
    sys.frozen = True  # type: ignore[attr-defined]  # what PyInstaller sets
    package, sys.executable = sys.argv.pop(1), sys.argv.pop(1)
    runpy.run_module(package, run_name="__main__", alter_sys=True)
