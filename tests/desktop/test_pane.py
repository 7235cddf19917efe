"""What becomes of what is written in the process that has the window."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO

import pytest

from hivemind_chatroom.desktop.words import ABLE, STOP, Opening, read_word

WITHIN_S = 20

TALKATIVE = """
import os, sys
from hivemind_chatroom.desktop import pane
from hivemind_chatroom.desktop.kinds import Gui
from hivemind_chatroom.desktop.words import STOP, word

def show(gui, opening, parent):
    for descriptor in (1, 2):
        os.write(descriptor, b"what a library says" * 20_000)
    parent.say(word(STOP))
    sys.stdin.buffer.read()

pane._READY = {Gui.GTK: lambda: True}
pane._show = show
pane.main(Gui.GTK)
"""


@pytest.fixture
def talkative() -> Iterator[subprocess.Popen[bytes]]:
    """Return a window's process whose libraries say more than a pipe holds."""
    command = [sys.executable, "-c", TALKATIVE]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        too_late = threading.Timer(WITHIN_S, process.kill)
        too_late.start()
        yield process
        too_late.cancel()
        process.kill()


def pipe_of(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def test_nothing_that_libraries_write_holds_the_window_up(
    opening: Opening, talkative: subprocess.Popen[bytes]
) -> None:
    stdin, stdout = pipe_of(talkative.stdin), pipe_of(talkative.stdout)
    stdin.write(opening.line())
    stdin.flush()
    assert [read_word(stdout.readline()) for _ in range(2)] == [(ABLE, {}), (STOP, {})]
    assert pipe_of(talkative.stderr).read() == b""
    assert talkative.poll() is None  # so nothing of it still leads to the program
    stdin.close()
    assert talkative.wait(WITHIN_S) == 0
