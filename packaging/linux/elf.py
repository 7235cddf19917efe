"""Reads what ELF files say of themselves, by the tools of the system."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_NEEDED: Final = re.compile(r"^ +NEEDED +(\S+)$", re.MULTILINE)
_SONAME: Final = re.compile(r"^ +SONAME +(\S+)$", re.MULTILINE)
_GLIBC: Final = re.compile(r"\bGLIBC_([0-9]+)\.([0-9]+)")

_MAGIC: Final = b"\x7fELF"

_KIND: Final = slice(0, 5), slice(18, 20)
"""Where a file says that it is one, of how many bits, and for which processor (elf(5))."""

_FILES_AT_ONCE: Final = 200
"""How many names one command line is given."""


def elf_files(folder: Path, like: Path | None = None) -> Iterator[Path]:
    """Yield the programs and libraries in a folder.

    Args:
        folder: Where to look.
        like: A program; what is for another kind of processor is left out.
    """
    kind = _kind_of(like) if like else None
    for path in sorted(folder.rglob("*")):
        is_program = path.is_file() and not path.is_symlink() and is_elf(path)
        if is_program and kind in {None, _kind_of(path)}:
            yield path


def is_elf(path: Path) -> bool:
    """Tell whether a file is a program or a library."""
    return _kind_of(path)[0].startswith(_MAGIC)


def needed_by(files: Iterable[Path]) -> set[str]:
    """Return the names of the libraries that files are linked to."""
    return set(_NEEDED.findall(_headers_of(files)))


def names_of(files: Iterable[Path]) -> set[str]:
    """Return the names by which libraries are found: those of the files, and their own."""
    files = [*files]
    return {file.name for file in files} | set(_SONAME.findall(_headers_of(files)))


def glibc_of(files: Iterable[Path]) -> tuple[int, int]:
    """Return the oldest version of the C library that has all that files call of it."""
    found = _GLIBC.findall(_headers_of(files))
    return max((int(major), int(minor)) for major, minor in found)


def said(*command: str | Path) -> str:
    """Return what a tool of the system's says.

    Raises:
        CalledProcessError: It failed.
    """
    return subprocess.run(  # noqa: S603 - a tool of the system's
        [*map(str, command)],
        capture_output=True,
        text=True,
        check=True,
        # In no language but C's are the words of these tools the same everywhere.
        env={"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    ).stdout


def _kind_of(path: Path) -> tuple[bytes, ...]:
    with path.open("rb") as file:
        head = file.read(_KIND[-1].stop)
    return tuple(head[part] for part in _KIND)


def _headers_of(files: Iterable[Path]) -> str:
    files = [*files]
    pieces = (files[at : at + _FILES_AT_ONCE] for at in range(0, len(files), _FILES_AT_ONCE))
    return "".join(said("objdump", "--private-headers", *piece) for piece in pieces)
