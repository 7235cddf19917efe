"""Where the packages are made."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
LINUX: Final = ROOT / "packaging" / "linux"
NAME: Final = "hivemind-chatroom"
