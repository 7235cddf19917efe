"""Which libraries a Debian package leaves to Debian, which mends their security holes.

No bundle has what must be the system's (packaging/prune.py). A Debian package brings less: left out
is what every Debian and Ubuntu since Debian 12 has under one name, and what was there for these
alone. The rest stays: elsewhere it is another package (`libreadline8`), and Python itself is
another version.
"""

from __future__ import annotations

import filecmp
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from elf import elf_files, is_elf, needed_by, said

FROM_DEBIAN: Final = (
    "libbrotli1",
    "libbz2-1.0",
    "libffi8",
    "liblzma5",
    "libnspr4",
    "libnss3",
    "libsqlite3-0",
    "libssl3",
    "libuuid1",
    "libxcb-cursor0",
    "libxcb-glx0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-render0",
    "libxcb-shape0",
    "libxcb-shm0",
    "libxcb-sync1",
    "libxcb-util1",
    "libxcb-xfixes0",
    "libxcb-xkb1",
    "libxcomposite1",
    "libxdamage1",
    "libxext6",
    "libxfixes3",
    "libxkbcommon-x11-0",
    "libxkbcommon0",
    "libxkbfile1",
    "libxrandr2",
    "libxrender1",
    "libxtst6",
    "libzstd1",
)
"""Debian packages; libraries of those that have another name since time has 64 bits provide the old
one (`libssl3t64`)."""

LIBRARIES: Final = "_internal"
"""The folder of a bundle with the libraries that PyInstaller has found."""


def leave_to_debian(program: Path) -> list[str]:
    """Take out of a bundle what the system has, too.

    Args:
        program: The folder with the program.

    Returns:
        The names of the libraries that are gone.
    """
    inside = program / LIBRARIES
    going = [*_copies(inside)]
    gone = []
    were_needed: set[str] = set()
    while going:
        were_needed |= needed_by(path for path in going if is_elf(path))
        for path in going:
            path.unlink()
            gone.append(path.name)
        going = _orphans(inside, were_needed)
    return sorted(gone)


def _copies(inside: Path) -> Iterator[Path]:
    """Yield the files that are those of the packages, byte by byte."""
    listed = said("dpkg-query", "--listfiles", *_installed())
    for line in listed.splitlines():
        path = inside / Path(line).name
        if path.is_file() and not path.is_symlink() and filecmp.cmp(line, path, shallow=False):
            yield path


def _installed() -> list[str]:
    states = said("dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n")
    has = {line.partition(" ")[0] for line in states.splitlines() if line.endswith(" installed")}
    return [name for name in FROM_DEBIAN if name in has]


def _orphans(inside: Path, were_needed: set[str]) -> list[Path]:
    """Return what only those needed that are gone."""
    still_needed = needed_by(elf_files(inside.parent))
    mine = (inside / name for name in were_needed - still_needed)
    return [path for path in mine if path.is_file() and not path.is_symlink()]
