from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hivemind_chatroom.desktop.notice import TITLE, apple_script, tell

WITHIN_S = 20

SENTENCE = 'code in the command line: not "s3cret", \\ or ü'


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Python is a shell script")
def test_the_sentence_is_in_no_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\ncat > {tmp_path}/said\n')
    python.chmod(0o755)
    started: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen[bytes]):
        def __init__(self, *command: Any, **how: Any) -> None:  # noqa: ANN401 - Popen's own
            super().__init__(*command, **how)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    tell(SENTENCE)
    (child,) = started
    assert child.wait(WITHIN_S) == 0
    assert (tmp_path / "said").read_text("utf-8") == SENTENCE
    assert "s3cret" not in (tmp_path / "arguments").read_text("utf-8")


def test_a_child_that_is_lost_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    gone.wait(WITHIN_S)
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: gone)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    tell(SENTENCE)


def test_a_quote_ends_no_text_of_an_apple_script() -> None:
    assert apple_script('a "b" \\') == f'display alert "{TITLE}" message "a \\"b\\" \\\\"'
