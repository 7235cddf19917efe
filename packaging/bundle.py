"""Builds the bundle `dist/hivemind-chatroom` with PyInstaller: `python packaging/bundle.py`.

Run by the Python of an environment that has what `make bundle` installs, as that Python, its
libraries and the program become the bundle. The same sources, versions and system make the same
bundle: what Python decides by chance is decided here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
BUNDLE: Final = ROOT / "dist" / "hivemind-chatroom"
WORK: Final = ROOT / "build" / "bundle"

HASH_SEED: Final = "0"
"""With another seed each time, the sets in compiled modules would lie in another order."""


def main() -> int:
    """Build it anew; return PyInstaller's exit code."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level=WARN"]
    command += [f"--distpath={BUNDLE.parent}", f"--workpath={WORK}"]
    command.append(str(Path(__file__).with_name("chatroom.spec")))
    fixed = {"PYTHONHASHSEED": HASH_SEED, "SOURCE_DATE_EPOCH": source_date()}
    return subprocess.run(command, env=os.environ | fixed, check=False).returncode  # noqa: S603


def source_date() -> str:
    """Return when the sources were written, in seconds since 1970: that of the last commit.

    `SOURCE_DATE_EPOCH`, where it is set, says it of sources without a history.
    """
    if said := os.environ.get("SOURCE_DATE_EPOCH"):
        return said
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    try:
        return subprocess.check_output(command, text=True).strip()  # noqa: S603 - git alone
    except (OSError, subprocess.CalledProcessError):
        return "0"


if __name__ == "__main__":
    sys.exit(main())
