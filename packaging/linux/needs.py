"""What a bundle needs of the system that it runs on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import CalledProcessError
from typing import Final

from elf import elf_files, glibc_of, names_of, needed_by, said

_CACHED: Final = re.compile(r"^\s+(\S+) \(libc6,(?:x86-64|AArch64)[^)]*\) => (\S+)$", re.MULTILINE)

_DISPENSABLE: Final = "printsupport"
"""The folder of Qt's with what it does without where a library is missing: printers."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What the system must have, or should."""

    libraries: Mapping[str, str]
    """The Debian package of each library that is not in the bundle."""

    dispensable: Mapping[str, str]
    """Likewise, of those that it runs without."""

    glibc: tuple[int, int]
    """The oldest version of the C library that has all that is called of it."""


def needs_of(bundle: Path, program: Path) -> Needs:
    """Find out what a bundle needs.

    Args:
        bundle: The folder with the program. Its libraries find each other by themselves.
        program: The file in it that is started. Files for another kind of processor than its are
            left out: no library of this system could be meant.

    Raises:
        SystemExit: The system that packs has not got a library itself, so nobody can tell which
            package it is in.
    """
    files = [*elf_files(bundle, like=program)]
    inside = names_of(files)
    needed = needed_by(files) - inside
    must = needed_by(file for file in files if file.parent.name != _DISPENSABLE) - inside
    packages = {name: _package_of(path) for name, path in _installed(needed).items()}
    return Needs(
        libraries={name: packages[name] for name in sorted(must)},
        dispensable={name: packages[name] for name in sorted(needed - must)},
        glibc=glibc_of(files),
    )


def _installed(names: Iterable[str]) -> dict[str, Path]:
    """Return where this system has libraries."""
    cache = {name: Path(path) for name, path in reversed(_CACHED.findall(said("ldconfig", "-p")))}
    if missing := sorted(name for name in names if name not in cache):
        raise SystemExit(f"The bundle needs what is not installed here: {', '.join(missing)}")
    return {name: cache[name] for name in names}


def _package_of(path: Path) -> str:
    """Return the package that a library is of; it may know it by its place before /usr was one."""
    real = path.resolve()
    for known in (real, Path("/", *real.parts[2:])):
        try:
            return said("dpkg-query", "--search", known).partition(":")[0]
        except CalledProcessError:
            continue
    raise SystemExit(f"{path} is of no Debian package.")
