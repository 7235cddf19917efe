import stat
from pathlib import Path

import pytest

from hivemind_chatroom.errors import FolderUnusableError
from hivemind_chatroom.paths import log_folder, open_private, private_folder


def test_a_private_folder_is_closed_to_other_users(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "room")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_a_file_is_refused_with_its_name(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(FolderUnusableError, match=str(blocked)):
        private_folder(blocked)


def test_a_folder_inside_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnusableError):
        private_folder(tmp_path / "file" / "room")


def test_logs_go_where_upstream_puts_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert log_folder() == tmp_path / "hivemind"


def test_a_private_file_is_its_users_alone(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    with open(file, "w", encoding="utf-8", opener=open_private) as opened:
        opened.write("secret")
    assert file.read_text("utf-8") == "secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
