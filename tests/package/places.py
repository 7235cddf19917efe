"""Where the packages are made, and what was made."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
LINUX: Final = ROOT / "packaging" / "linux"
NAME: Final = "hivemind-chatroom"


def package_in(folder: Path) -> Path:
    """Return the one Debian package in a folder."""
    [package] = folder.glob("*.deb")
    return package


def archive_in(folder: Path) -> Path:
    """Return the one archive in a folder."""
    [archive] = folder.glob("*.tar.xz")
    return archive
