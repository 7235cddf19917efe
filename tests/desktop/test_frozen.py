from __future__ import annotations

import shlex
import signal
import sys
from pathlib import Path

import pytest

from desktop.desktop import Desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is started by a shell")

FROZEN = Path(__file__).with_name("frozen.py")


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return _build(tmp_path / "chatroom", "hivemind_chatroom.desktop")


def _build(program: Path, package: str) -> Path:
    """Make a program that knows none of Python's flags, as a frozen build does not."""
    start = shlex.join([sys.executable, str(FROZEN), package])
    program.write_text(f'#!/bin/sh\nexec {start} "$0" "$@"\n')
    program.chmod(0o755)
    return program


def test_a_frozen_build_has_its_window_and_its_own_hub(tmp_path: Path, build: Path) -> None:
    flags = ("--host", "127.0.0.1", "--port", "0", "--hub", "built-in", "--log-path", "stdout")
    with Desktop(tmp_path / "data", *flags, program=[str(build)]) as desktop:
        desktop.says("the window is made by qt")
        desktop.says("the hub is connected")
        assert desktop.told(signal.SIGTERM)[0] == 0


def test_a_frozen_build_without_a_window_has_its_own_hub_too(tmp_path: Path) -> None:
    build = _build(tmp_path / "flask-chatroom", "hivemind_chatroom")
    flags = ("--host", "127.0.0.1", "--port", "0", "--hub", "built-in", "--log-path", "stdout")
    with Desktop(tmp_path / "data", *flags, program=[str(build)]) as room:
        room.says("the hub is connected")
        assert room.told(signal.SIGTERM)[0] == 0


def test_a_frozen_build_says_in_a_line_why_it_cannot_start(tmp_path: Path, build: Path) -> None:
    desktop = Desktop(tmp_path / "data", "--hub", "mqtt", program=[str(build)])
    del desktop.environment["QT_QPA_PLATFORM"]  # nor is there a display for a box
    with desktop:
        assert desktop.ends() == 2
    assert len(desktop.lines) == 1
