"""Computers without Qt: GTK, then the browser."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.desktop import Desktop
from desktop.screen import Screen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="others have their own windows")

ROOM = "HiveMind Chatroom"

DEBIAN_GI = Path("/usr/lib/python3/dist-packages/gi")
"""Not among the packages of an environment, unless they are all let in."""

TAG = f"cpython-{sys.version_info.major}{sys.version_info.minor}-"


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with Screen() as screen:
        yield screen


def without(folder: Path, *packages: str) -> Path:
    """Return a folder of packages that can't be imported, whatever is installed."""
    for package in packages:
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").write_text("raise ImportError('there is none')")
    return folder


@pytest.mark.skipif(
    not any(DEBIAN_GI.glob(f"_gi.{TAG}*")), reason="Debian's GTK is for another Python"
)
def test_without_qt_the_window_is_made_by_gtk_and_has_the_same_manners(
    screen: Screen, tmp_path: Path
) -> None:
    desktop = Desktop(tmp_path / "data", "--log-path", "stdout", display=screen.display)
    packages = without(tmp_path / "packages", "PySide6")
    (packages / "gi").symlink_to(DEBIAN_GI)
    desktop.environment["PYTHONPATH"] = str(packages)
    with desktop:
        desktop.says("the window is made by gtk")
        desktop.hears("painted")
        window = screen.window(ROOM)
        screen.close(ROOM)
        desktop.hears("blur")
        screen.press("Return")  # "Keep the room running"
        desktop.hears("hidden")
        with Desktop(tmp_path / "data", display=screen.display) as second:
            assert second.ends() == 0
        desktop.hears("visible")
        assert screen.is_shown(window)
        assert desktop.told(signal.SIGTERM)[0] == 0


def test_without_any_window_the_page_opens_in_the_browser(screen: Screen, tmp_path: Path) -> None:
    desktop = Desktop(tmp_path / "data", "--log-path", "stdout", display=screen.display)
    desktop.environment["PYTHONPATH"] = str(without(tmp_path / "packages", "PySide6", "gi"))
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/opened\necho opened "$@"\n')
    browser.chmod(0o755)
    desktop.environment["BROWSER"] = f"{browser} %s"
    with desktop:
        token = desktop.hears("served")["url"].partition("#k=")[2]
        desktop.says("opened file://")
        desktop.says("Press Ctrl+C")
        with Desktop(tmp_path / "data", display=screen.display) as second:
            assert second.ends() == 0
        desktop.hears("show")
        assert desktop.told(signal.SIGTERM)[0] == 0
    opened = (tmp_path / "opened").read_text().splitlines()
    assert len(opened) == 2  # once at the start, once when it was shown again
    assert token not in "".join(opened)
    assert not (tmp_path / "data" / "open.html").exists()
