"""Makes the data of Qt's ICU small: Qt alone asks it, and asks for little.

QtCore compares strings by ICU, and asks it for time zones and for encodings (`nm --dynamic` lists
what it calls). The names of currencies, units, countries and languages, words' ends in Thai, and
the rest come from ICU for others: half of its 32 MB. Chromium has an ICU of its own.
"""

from __future__ import annotations

import re
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NOT_ASKED_FOR: Final = re.compile(
    r"""icudt\d+l/(
        (unit|curr|lang|region|translit|rbnf|brkitr)/.*  # formatting, transcription, words' ends
      | .*\.cnv                                          # encodings that no file of ours has
      | .*\.spp                                          # names for old protocols (RFC 3454)
      | unames\.icu                                      # the names of characters
    )""",
    re.VERBOSE,
)

_SYMBOL: Final = re.compile(r"\s(icudt\d+_dat)$", re.MULTILINE)
_MAGIC: Final = b"\xda\x27"
_KIND: Final = b"CmnD"
_ENTRY: Final = struct.Struct("<II")
_ALIGNED: Final = 16
"""Where an item begins, in bytes: at a multiple of that (ICU, ucmndata.h)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the data."""

    name: str
    content: bytes


def slim(library: Path, to: Path) -> None:
    """Write a library with the data that Qt asks for.

    Args:
        library: `libicudata.so.*`, which has nothing but the data.
        to: The file to write; those that are needed to make it lie beside it.
    """
    found = _SYMBOL.search(_said("nm", "--dynamic", library))
    if found is None:
        raise SystemExit(f"{library} is no data of ICU's.")
    head, items = read(library.read_bytes())
    kept = [item for item in items if not NOT_ASKED_FOR.fullmatch(item.name)]
    data = to.with_name("icudata.dat")
    data.write_bytes(write(head, kept))
    part = to.with_name("icudata.o")
    # The linker calls what it makes of a file by the name of the file, as it is said to it.
    _said("ld", "--relocatable", "--format=binary", data.name, "-o", part.name, folder=to.parent)
    _said(
        "objcopy",
        "--rename-section=.data=.rodata,alloc,load,readonly,data,contents",
        f"--set-section-alignment=.data={_ALIGNED}",
        f"--redefine-sym=_binary_icudata_dat_start={found[1]}",
        part,
    )
    _said(
        "ld", "-shared", "-z", "noexecstack", "--build-id=none", "--strip-debug",
        f"-soname={library.name}", part, "-o", to,
    )  # fmt: skip


def read(library: bytes) -> tuple[bytes, list[Item]]:
    """Return the head of the data in a file, and the items that it has.

    Args:
        library: The bytes of a file in which the data is, for processors that begin a number with
            its last byte. The format is that of ICU's `ucmndata.h`.

    Raises:
        ValueError: There is none.
    """
    place = library.find(_KIND)
    begin = place - 12
    if place < 0 or library[begin + 2 : begin + 4] != _MAGIC:
        raise ValueError("there is no data of ICU's")
    head_size: int = struct.unpack_from("<H", library, begin)[0]
    base = begin + head_size
    count: int = struct.unpack_from("<I", library, base)[0]
    places = [_ENTRY.unpack_from(library, base + 4 + _ENTRY.size * i) for i in range(count)]
    # Nothing says how long the last one is; it ends with the zeros that fill up a page, or later.
    ends = [*(offset for _, offset in places[1:]), len(library) - base]
    items = []
    for (name_at, offset), end in zip(places, ends, strict=True):
        name_end = library.index(b"\0", base + name_at)
        name = library[base + name_at : name_end].decode("ascii")
        items.append(Item(name, library[base + offset : base + end]))
    return library[begin : begin + head_size], items


def write(head: bytes, items: list[Item]) -> bytes:
    """Return data of these items; ICU finds them by halves, so they stay in their order."""
    names = b"".join(item.name.encode("ascii") + b"\0" for item in items)
    names_at = 4 + _ENTRY.size * len(items)
    content_at = _up(names_at + len(names))
    table = bytearray(struct.pack("<I", len(items)))
    contents = bytearray()
    for item in items:
        table += _ENTRY.pack(names_at, content_at + len(contents))
        names_at += len(item.name) + 1
        contents += item.content.ljust(_up(len(item.content)), b"\0")
    return head + bytes(table + names).ljust(content_at, b"\0") + bytes(contents)


def _up(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED


def _said(*command: str | Path, folder: Path | None = None) -> str:
    return subprocess.check_output(command, text=True, cwd=folder)  # noqa: S603 - of binutils
