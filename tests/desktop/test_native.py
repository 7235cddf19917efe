from __future__ import annotations

import queue
from pathlib import Path
from typing import Any

import pytest

from hivemind_chatroom.desktop.closing import ClosingChoice, OnClose
from hivemind_chatroom.desktop.native import NativeToolkit
from hivemind_chatroom.desktop.sentences import Sentences
from hivemind_chatroom.desktop.window import OperatorWindow, Page
from hivemind_chatroom.program import told_to_stop

WITHIN_S = 20


class Asked(OperatorWindow):
    """A window that only hears what was answered."""

    def __init__(self, file: Path) -> None:
        with told_to_stop() as stop:
            super().__init__(Page("Room", "http://127.0.0.1:1/#k=k"), ClosingChoice(file), stop)
        self.answers: queue.SimpleQueue[OnClose] = queue.SimpleQueue()

    def answered(self, choice: OnClose) -> None:
        self.answers.put(choice)


class SystemsWindow:
    """What pywebview makes, whose dialog is answered by one of its two buttons."""

    def __init__(self, *, is_ok: bool) -> None:
        self._is_ok = is_ok

    def create_confirmation_dialog(self, *_: str) -> bool:
        return self._is_ok


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path / "window.json")


@pytest.mark.parametrize(("is_ok", "meant"), [(True, OnClose.KEEP), (False, OnClose.ASK)])
def test_the_systems_cancel_closes_nothing(asked: Asked, *, is_ok: bool, meant: OnClose) -> None:
    toolkit = NativeToolkit(asked, Sentences.in_language("en"))
    window: Any = SystemsWindow(is_ok=is_ok)
    toolkit.settle(window)
    for _ in range(2):  # the question may be asked again
        toolkit.ask()
        assert asked.answers.get(timeout=WITHIN_S) is meant
