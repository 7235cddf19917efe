"""The files as they lie on a computer: the program, its menu entry, its icons, its documents."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from product import COMMANDS, NAME, SHARE, Product

METAINFO: Final = "io.github.jarbashivemind.chatroom.metainfo.xml"

_RELEASES: Final = '  <releases>\n    <release version="{version}" date="{date}"/>\n  </releases>\n'


def copy_program(bundle: Path, to: Path) -> None:
    """Copy what PyInstaller has made.

    Raises:
        SystemExit: It is not what the specification makes.
    """
    if missing := [command for command in COMMANDS if not os.access(bundle / command, os.X_OK)]:
        raise SystemExit(f"{bundle} has no {' and no '.join(missing)}; make the bundle first.")
    shutil.copytree(bundle, to, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))


def lay_out_shared(share: Path, product: Product, icons: Path) -> None:
    """Put into a `share` folder what desktops look for there.

    Args:
        share: `/usr/share` of the system, or `~/.local/share` of somebody.
        product: What is packaged.
        icons: The folder `hicolor` with the icon in every size.

    Raises:
        SystemExit: There are no icons.
    """
    copy_file(SHARE / f"{NAME}.desktop", share / "applications" / f"{NAME}.desktop")
    drawn = share / "icons" / "hicolor"
    found = [*icons.glob(f"*/apps/{NAME}.*")]
    if not found:
        raise SystemExit(f"{icons} has no icons; make them first.")
    for icon in found:
        copy_file(icon, drawn / icon.relative_to(icons))
    release = _RELEASES.format(version=product.version, date=product.day)
    text = (SHARE / METAINFO).read_text("utf-8").replace("</component>", f"{release}</component>")
    write_file(share / "metainfo" / METAINFO, text)
    manual = (SHARE / f"{NAME}.1").read_text("utf-8")
    for command in COMMANDS:
        write_packed(share / "man" / "man1" / f"{command}.1.gz", manual)


def settle(root: Path, date: int) -> None:
    """Give every file below a folder the mode and the date that it is to have everywhere.

    Args:
        root: The folder.
        date: In seconds since 1970.
    """
    for path in _below(root):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or _is_run(path) else 0o644)
        os.utime(path, (date, date), follow_symlinks=False)


def _is_run(path: Path) -> bool:
    is_library = ".so" in path.suffixes
    return bool(path.stat().st_mode & stat.S_IXUSR) and not is_library


def _below(root: Path) -> Iterator[Path]:
    """Yield what is in a folder, and the folder after it, as adding a file changes its date."""
    for folder, _, files in os.walk(root, topdown=False):
        yield from (Path(folder, name) for name in sorted(files))
        yield Path(folder)


def copy_file(source: Path, to: Path) -> None:
    """Copy a file, and make the folders that it is to be in."""
    _write(to, source.read_bytes())
    to.chmod(source.stat().st_mode)


def write_file(to: Path, text: str) -> None:
    """Write a file, and make the folders that it is to be in."""
    _write(to, text.encode())


def write_packed(to: Path, text: str) -> None:
    """Write a file compressed, and without a date in it."""
    _write(to, gzip.compress(text.encode(), mtime=0))


def _write(to: Path, content: bytes) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(content)
