"""What the host of a room meets, with a real room behind a real window."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import sys
from pathlib import Path

import pytest

from desktop.desktop import Desktop
from desktop.inside import Inside
from desktop.screen import Screen
from hivemind_chatroom.settings import PORT_DEFAULT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Qt shows no window elsewhere")

FLAGS = ("--host", "127.0.0.1", "--hub", "none", "--log-path", "stdout")
ROOM = "HiveMind Chatroom"


def test_the_first_start_welcomes_the_host_in_the_systems_language(tmp_path: Path) -> None:
    with Screen() as screen:
        desktop = Desktop(tmp_path, *FLAGS, "--port", "0", display=screen.display, is_real=True)
        desktop.environment["LANG"] = "pt_PT.UTF-8"
        inside = Inside(desktop)
        with desktop:
            screen.window(ROOM)
            with inside:
                assert inside.until("document.documentElement.lang === 'pt-PT'")
                assert inside.until("document.querySelector('h1, h2')?.innerText") == "Bem-vindo"
                assert inside.until("location.href").endswith("/")
            code, took_s = desktop.told(signal.SIGTERM)
    assert code == 0
    assert took_s < 3
    assert not [line for line in desktop.lines if "Traceback" in line]


def test_a_port_that_is_taken_is_passed_over_and_the_window_says_which_it_is(
    tmp_path: Path,
) -> None:
    with socket.socket() as other:
        with contextlib.suppress(OSError):  # somebody else has it: just as well
            other.bind(("127.0.0.1", PORT_DEFAULT))
            other.listen()
        desktop = Desktop(tmp_path, *FLAGS, is_real=True)
        desktop.environment["HIVEMIND_CHATROOM_SET_UP"] = "true"
        inside = Inside(desktop)
        with desktop, inside:
            (port,) = re.findall(r"serving on port (\d+)", desktop.says("serving on port"))
            assert int(port) != PORT_DEFAULT
            moved = f"Port {PORT_DEFAULT} is used by another program. I moved the room to {port}"
            assert inside.until(f"document.body.innerText.includes('{moved}')")
            assert inside.until(f"document.querySelector('.ways')?.innerText.includes(':{port}')")


def test_a_second_start_shows_the_window_of_the_first(tmp_path: Path) -> None:
    with Desktop(tmp_path, *FLAGS, "--port", "0", "--background", is_real=True) as first:
        first.says("has loaded the page")
        with Desktop(tmp_path, *FLAGS, "--port", "0", is_real=True) as second:
            assert second.ends() == 0
        assert second.lines == []
        assert first.process.poll() is None
        assert first.told(signal.SIGTERM)[0] == 0


def test_an_installer_closes_the_room_before_it_touches_the_program(tmp_path: Path) -> None:
    with Desktop(tmp_path, *FLAGS, "--port", "0", "--background", is_real=True) as first:
        first.says("has loaded the page")
        with Desktop(tmp_path, *FLAGS, "--quit", is_real=True) as second:
            assert second.ends() == 0
        assert second.lines == []
        assert first.ends() == 0
