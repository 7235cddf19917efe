from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hivemind_chatroom.desktop.closing import ClosingChoice, OnClose


def test_it_is_asked_first(tmp_path: Path) -> None:
    assert ClosingChoice(tmp_path / "window.json").on_close(has_tray=True) is OnClose.ASK


@pytest.mark.parametrize("choice", [OnClose.KEEP, OnClose.STOP])
def test_where_there_is_a_tray_the_answer_is_remembered(tmp_path: Path, choice: OnClose) -> None:
    file = tmp_path / "window.json"
    ClosingChoice(file).remember(choice)
    again = ClosingChoice(file)
    assert again.on_close(has_tray=True) is choice
    assert again.on_close(has_tray=False) is OnClose.ASK
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"on_close": "explode"}', "\x00"])
def test_a_file_that_says_nothing_is_no_answer(tmp_path: Path, content: str) -> None:
    file = tmp_path / "window.json"
    file.write_text(content)
    assert ClosingChoice(file).on_close(has_tray=True) is OnClose.ASK


def test_what_cannot_be_written_holds_until_the_end(tmp_path: Path) -> None:
    choice = ClosingChoice(tmp_path / "nowhere" / "window.json")
    choice.remember(OnClose.KEEP)
    assert choice.on_close(has_tray=True) is OnClose.KEEP
