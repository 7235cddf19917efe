"""Makes files of the bundle smaller that stay in it, on Linux."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Final

import icu
from prune import Entry

_STRIPPED: Final = ("PySide6/", "shiboken6/")
"""Folders that stay as they are: what some tools have changed afterwards breaks when stripped."""


def slimmed(entries: Iterable[Entry], work: Path) -> list[Entry]:
    """Return a bundle of which the files are smaller.

    Symbols for debuggers go, of which Python and some libraries have more than code, and of ICU's
    data what Qt does not ask for. What Qt's makers have stripped themselves stays as it is.

    Args:
        entries: The bundle.
        work: A folder for the files that are made.
    """
    work.mkdir(parents=True, exist_ok=True)
    result = []
    for place, source, kind in entries:
        slim = work / place.replace("/", "-")
        if fnmatchcase(place, "PySide6/Qt/lib/libicudata.so.*"):
            slim = work / PurePosixPath(place).name  # by which it is found
            icu.slim(Path(source), slim)
        elif kind in {"BINARY", "EXTENSION"} and not place.startswith(_STRIPPED):
            command = ["strip", "--strip-unneeded", "-o", str(slim), source]
            subprocess.run(command, check=True)  # noqa: S603 - of binutils, like objdump
        else:
            slim = Path(source)
        result.append((place, str(slim), kind))
    return result
