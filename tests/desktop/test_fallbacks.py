"""Computers without Qt: GTK, then the browser."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from desktop.desktop import Desktop
from desktop.screen import Screen
from hivemind_chatroom.paths import settings_file
from hivemind_chatroom.program import EXIT_START_FAILED

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
        screen.comes(window)
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


def test_a_room_that_a_restore_leaves_closed_says_why_and_ends(tmp_path: Path) -> None:
    flags = ("--port", "0", "--hub", "none", "--host", "127.0.0.1")
    desktop = Desktop(tmp_path / "data", *flags, is_real=True)
    del desktop.environment["QT_QPA_PLATFORM"]  # without a display the address is printed
    packages = [str(without(tmp_path / "packages", "PySide6", "gi")), *sys.path]
    desktop.environment["PYTHONPATH"] = os.pathsep.join(packages)
    with desktop:
        desktop.says("Press Ctrl+C")
        url = desktop.says("Operator:").split()[-1]
        address, _, token = url.partition("/#k=")
        with httpx.Client(base_url=address, headers={"X-Operator-Token": token}) as web:
            backup = web.get("/api/backup").content
            settings_file().parent.mkdir(parents=True, exist_ok=True)
            settings_file().write_text("this is no TOML")
            headers = {"Content-Type": "application/zip"}
            assert web.post("/api/restore", content=backup, headers=headers).is_success
        assert desktop.ends() == EXIT_START_FAILED
        desktop.says("hivemind-chatroom: The settings file ")
