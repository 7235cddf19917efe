from __future__ import annotations

import contextlib
import sys

import pytest

from hivemind_chatroom.desktop.probe import Probe
from hivemind_chatroom.desktop.system import SystemWindow
from hivemind_chatroom.desktop.words import Opening
from hivemind_chatroom.program import told_to_stop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there they can show windows")


def test_a_system_without_its_own_windows_shows_none() -> None:
    with contextlib.closing(Probe()) as probe:
        assert not probe.found()


def test_a_child_that_does_not_answer_is_ended() -> None:
    with contextlib.closing(Probe(deadline_s=0.001)) as probe:
        assert not probe.found()


def test_where_the_system_has_no_window_the_page_is_shown_otherwise(opening: Opening) -> None:
    with told_to_stop() as stop, contextlib.closing(SystemWindow(stop)) as window:
        window.show()
        assert not window.run(opening)
