"""The command as a frozen build runs it: it is its own `sys.executable`, and knows no `-m`.

python frozen.py <what starts this again> <flags of the command>
"""

from __future__ import annotations

import runpy
import sys

if __name__ == "__main__":
    sys.frozen = True  # type: ignore[attr-defined]  # what PyInstaller sets
    sys.executable = sys.argv.pop(1)
    runpy.run_module("hivemind_chatroom.desktop", run_name="__main__", alter_sys=True)
