"""The archive for whoever has no Debian or may install nothing: a folder with an `install.sh`."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

from needs import Needs, needs_of
from product import NAME, ROOT, SHARE, Product
from tree import copy_file, lay_out_shared, settle, write_file

PROGRAM: Final = "app"
"""The folder with the program."""

README: Final = """\
HiveMind Chatroom {version}, for Linux on {processor}

To install it for yourself, without administrator rights, open a terminal in
this folder and run

    ./install.sh

It says where the program is then, and how to take it away again. To try it
without installing it, run

    ./app/{name}
"""

_IN_CACHE: Final = {"x86_64": "x86-64", "aarch64": "AArch64"}
"""What ldconfig calls the processors that Linux calls so."""

_COMPRESSION: Final = "xz -9 --threads=2"
"""The number of threads is fixed: one thread makes other bytes than several."""


def lay_out(bundle: Path, icons: Path, product: Product, folder: Path) -> None:
    """Lay out the folder that the archive has, but for the program.

    Args:
        bundle: The folder with the program.
        icons: The folder `hicolor` with the icon in every size.
        product: What is packaged.
        folder: Where.
    """
    copy_file(SHARE.parent / "install.sh", folder / "install.sh")
    copy_file(ROOT / "LICENSE", folder / "LICENSE")
    write_file(folder / "needs", _needs(product, needs_of(bundle, bundle / NAME)))
    readme = README.format(version=product.version, processor=product.processor, name=NAME)
    write_file(folder / "README.txt", readme)
    lay_out_shared(folder / "share", product, icons)


def pack(folder: Path, product: Product, to: Path) -> Path:
    """Pack a folder, as it is named; return the archive.

    Args:
        folder: What is packed.
        product: What it is.
        to: The folder for the finished archive.
    """
    settle(folder, product.date)
    archive = to / f"{folder.name}.tar.xz"
    subprocess.run(  # noqa: S603 - a tool of the system's
        [
            "/usr/bin/tar",
            "--create",
            "--format=gnu",
            "--sort=name",
            "--owner=root:0",
            "--group=root:0",
            f"--use-compress-program={_COMPRESSION}",
            f"--file={archive}",
            f"--directory={folder.parent}",
            folder.name,
        ],
        check=True,
    )
    return archive


def _needs(product: Product, needs: Needs) -> str:
    """Return what install.sh looks for before it begins."""
    lines = [
        f"processor {product.processor}",
        f"cache {_IN_CACHE[product.processor]}",
        f"glibc {needs.glibc[0]}.{needs.glibc[1]}",
        *(f"library {name} {package}" for name, package in sorted(needs.libraries.items())),
    ]
    return "".join(f"{line}\n" for line in lines)
