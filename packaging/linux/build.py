"""Makes what Linux households install of a bundle: a Debian package and a portable archive.

    python packaging/linux/build.py [--bundle dist/hivemind-chatroom] [--icons ...] [--to dist]

The same bundle makes the same bytes: all dates are SOURCE_DATE_EPOCH, or that of the last commit.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path
from typing import Final

import portable
from debian import make_package
from product import NAME, ROOT, this_product
from tree import copy_program

SUMS: Final = "SHA256SUMS"


def main(arguments: list[str]) -> None:
    """Make both, and the file with their sums."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--bundle", type=Path, default=ROOT / "dist" / NAME)
    parser.add_argument("--icons", type=Path, default=ROOT / "assets" / "icons" / "hicolor")
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    wish = parser.parse_args(arguments)
    product = this_product()
    wish.to.mkdir(parents=True, exist_ok=True)
    # On the disk of the result, as the program is moved there from the one into the other.
    with tempfile.TemporaryDirectory(dir=wish.to, prefix=".packages-") as work:
        folder = Path(work, product.portable)
        program = folder / portable.PROGRAM
        folder.mkdir()
        copy_program(wish.bundle, program)
        portable.lay_out(program, wish.icons, product, folder)
        archive = portable.pack(folder, product, wish.to)
        package = make_package(program, wish.icons, product, Path(work, "root"), wish.to)
    sums = "".join(f"{_sum_of(file)}  {file.name}\n" for file in sorted((archive, package)))
    (wish.to / SUMS).write_text(sums)
    for file in (package, archive):
        sys.stdout.write(f"{file} {file.stat().st_size / 1e6:.1f} MB\n")


def _sum_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
