import logging
import stat
from pathlib import Path

import pytest

from hivemind_chatroom.diagnostics.logs import Logs
from hivemind_chatroom.errors import FolderUnusableError


def test_the_log_file_is_its_users_alone_and_holds_only_our_words(tmp_path: Path) -> None:
    logs = Logs("INFO", tmp_path / "logs")
    logs.start()
    try:
        logging.getLogger("hivemind_chatroom.web").info("a member joined")
        logging.getLogger("hivemind_chatroom.web").debug("too fine")
        logging.getLogger("some.library").error("turn on the oven")
    finally:
        logs.stop()
    file = tmp_path / "logs" / "flask-chat.log"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = file.read_text()
    assert "a member joined" in written
    assert "too fine" not in written
    assert "oven" not in written


def test_the_console_is_used_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    logs = Logs("DEBUG", None)
    logs.start()
    try:
        logging.getLogger("hivemind_chatroom").debug("hello")
    finally:
        logs.stop()
    assert "hello" in capsys.readouterr().out


def test_a_log_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnusableError):
        Logs("INFO", tmp_path / "file").start()
