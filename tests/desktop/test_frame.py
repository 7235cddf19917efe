"""What the program does about a window's process that can't be, or ends."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from pathlib import Path
from typing import IO

import pytest

from hivemind_chatroom.desktop import frame as frames
from hivemind_chatroom.desktop.crashes import RELOADS
from hivemind_chatroom.desktop.frame import Frame
from hivemind_chatroom.desktop.kinds import Gui
from hivemind_chatroom.desktop.words import Opening
from hivemind_chatroom.program import told_to_stop

WITHIN_S = 20

ABLE = 'import sys; print(\'{"say": "able"}\', flush=True); '
CRASHES = ABLE + "sys.stdin.readline(); sys.exit(3)"
ENDS_THE_ROOM = ABLE + 'sys.stdin.readline(); print(\'{"say": "stop"}\')'
HANGS = ABLE + "import signal; signal.pause()"


def says(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every pane be a process that runs a script of one line."""
    monkeypatch.setattr(frames, "child_command", lambda *_: [sys.executable, "-c", script])


class SlowPipe:
    """The input of a process, which takes as long to be written to as a test says."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self.is_written_to = threading.Event()
        self.may_go_on = threading.Event()

    def write(self, line: bytes) -> int:
        self.is_written_to.set()
        assert self.may_go_on.wait(WITHIN_S)
        return self._pipe.write(line)

    def close(self) -> None:
        self._pipe.close()

    @property
    def closed(self) -> bool:
        return self._pipe.closed


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "hivemind_chatroom")
    return caplog


def test_without_a_display_no_kind_of_window_can_be(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with told_to_stop() as stop, contextlib.closing(Frame((Gui.QT, Gui.GTK), stop)) as frame:
        assert not frame.run(opening)
    tried = [line.split(":")[0] for line in log.messages if line.startswith("no window")]
    assert tried == ["no window by qt", "no window by gtk"]


def test_a_process_that_says_nothing_is_ended(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    says("import signal; signal.pause()", monkeypatch)
    with told_to_stop() as stop:
        frame = Frame((Gui.QT,), stop, able_within_s=0.01)
        assert not frame.run(opening)
        frame.close()


def test_a_window_that_crashes_too_often_is_left_closed(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    says(CRASHES, monkeypatch)
    with told_to_stop() as stop, contextlib.closing(Frame((Gui.QT,), stop)) as frame:
        assert not frame.run(opening)
    again = "the window's process ended (3); it is opened again"
    assert log.messages.count(again) == RELOADS
    assert log.messages[-1].endswith("it is left closed: it has crashed too often")


def test_a_window_can_end_the_room(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    says(ENDS_THE_ROOM, monkeypatch)
    with told_to_stop() as stop, contextlib.closing(Frame((Gui.QT,), stop)) as frame:
        assert frame.run(opening)
        assert stop.is_told()
    assert log.messages == ["the window is made by qt"]


def test_a_line_that_is_no_word_ends_nothing(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    says('print(\'{"say": "lo{"say": "log"\', flush=True); ' + ENDS_THE_ROOM, monkeypatch)
    with told_to_stop() as stop, contextlib.closing(Frame((Gui.QT,), stop)) as frame:
        assert frame.run(opening)
    assert log.messages == [
        "the window's process said what is no word: 24 bytes",
        "the window is made by qt",
    ]


def test_a_window_is_not_let_go_while_something_is_said_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    says("import sys; sys.stdin.read()", monkeypatch)
    with told_to_stop() as stop, contextlib.closing(Frame((Gui.QT,), stop)) as frame:
        process = frame._pane._process  # noqa: SLF001 - the race is for its very input
        assert process.stdin is not None
        stdin = SlowPipe(process.stdin)
        monkeypatch.setattr(process, "stdin", stdin)
        saying = threading.Thread(target=frame._pane.say, args=(b"\n",))  # noqa: SLF001 - as above
        saying.start()
        assert stdin.is_written_to.wait(WITHIN_S)
        leaving = threading.Thread(target=frame.leave)
        leaving.start()
        leaving.join(0.1)
        has_left = stdin.closed
        stdin.may_go_on.set()
        leaving.join(WITHIN_S)
        saying.join(WITHIN_S)
        assert (has_left, stdin.closed) == (False, True)


def test_the_end_is_heard_while_the_window_is_not_there_yet(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    says("import signal; signal.pause()", monkeypatch)
    with told_to_stop() as stop, contextlib.closing(Frame((Gui.QT, Gui.GTK), stop)) as frame:
        threading.Timer(0.05, stop.tell).start()
        assert frame.run(opening)
    assert log.messages == []


def test_a_window_that_hangs_is_ended_by_force(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(HANGS, monkeypatch)
    monkeypatch.setattr(frames, "LEAVES_WITHIN_S", 0.05)
    with told_to_stop() as stop:
        frame = Frame((Gui.QT,), stop)
        stop.tell()
        assert frame.run(opening)
        frame.leave()
        frame.close()
        frame.close()


def test_a_window_comes_if_that_was_wished_before_it_was_there(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    heard = tmp_path / "heard"
    script = f"open({str(heard)!r}, 'w').write(sys.stdin.readline()); "
    says(ABLE + script + 'print(\'{"say": "stop"}\')', monkeypatch)
    with told_to_stop() as stop, contextlib.closing(Frame((Gui.QT,), stop)) as frame:
        frame.show()
        assert frame.run(opening)
    assert not Opening.of_line(heard.read_bytes()).is_background
    assert opening.is_background
