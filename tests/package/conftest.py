"""What the tests of packages share: a bundle that is none, and what is made of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from package.places import LINUX, NAME

RELEASED: Final = 1_700_000_000
"""When the stand-in is released, in seconds since 1970."""

BROUGHT: Final = "libuuid.so.1"
"""A library that the stand-in brings although Debian has it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the package that is to be installed (`make package-smoke`)."""
    parser.addoption("--deb", type=Path, help="install this Debian package in a bare system")


Build = Callable[[Path, Path], Path]


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder such as PyInstaller makes; its commands are `sleep`."""
    folder = tmp_path_factory.mktemp("bundle")
    inside = folder / "_internal"
    (inside / "hivemind_chatroom").mkdir(parents=True)
    (inside / "hivemind_chatroom" / "words.txt").write_text("stand-in")
    for command in (NAME, "hivemind-flask-chatroom"):
        shutil.copy2("/usr/bin/sleep", folder / command)
    shutil.copy2(library(BROUGHT), inside / BROUGHT)
    # linked to the one above
    shutil.copy2(library("libfdisk.so.1"), inside / "libours.so")
    return folder


@pytest.fixture(scope="session")
def icons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an icon in two sizes."""
    folder = tmp_path_factory.mktemp("icons")
    for size in ("48x48", "128x128"):
        icon = folder / size / "apps" / f"{NAME}.png"
        icon.parent.mkdir(parents=True)
        icon.write_bytes(b"an icon")
    return folder


@pytest.fixture(scope="session")
def build(icons: Path) -> Build:
    """Return what makes the packages of a bundle in a folder."""

    def build_one(bundle: Path, to: Path) -> Path:
        done = subprocess.run(
            [
                sys.executable,
                *(str(LINUX / "build.py"), "--bundle", str(bundle)),
                *("--icons", str(icons), "--to", str(to)),
            ],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOURCE_DATE_EPOCH": str(RELEASED)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return to

    return build_one


@pytest.fixture(scope="session")
def built(build: Build, stand_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with what was made of the stand-in."""
    if shutil.which("dpkg-deb") is None:
        pytest.skip("Debian's tools make the packages")
    return build(stand_in, tmp_path_factory.mktemp("dist"))


def library(name: str) -> Path:
    """Return where this system has a library."""
    listed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True)
    [found, *_] = [line for line in listed.stdout.splitlines() if line.split()[0] == name]
    return Path(found.split()[-1])
