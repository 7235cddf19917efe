"""The settings file, as somebody has written it and as the page changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hivemind_chatroom.errors import SettingInvalidError, StorageFullError
from hivemind_chatroom.operator.settings_file import write_settings

WRITTEN_BY_HAND = """\
# Our room
port = 8985   # the router knows this one

keep_days = 30 # a month
hosts = [
  "room.lan",  # the router's name
]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "settings.toml"


def test_comments_and_order_stay(file: Path) -> None:
    file.write_text(WRITTEN_BY_HAND)
    write_settings(file, {"keep_days": 7, "room_name": "Küche"})
    changed = WRITTEN_BY_HAND.replace("keep_days = 30 #", "keep_days = 7 #")
    assert file.read_text("utf-8") == changed + 'room_name = "Küche"\n'


def test_nothing_else_is_left_in_the_folder(file: Path) -> None:
    write_settings(file, {"paused": True})
    write_settings(file, {"paused": False})
    assert [*file.parent.iterdir()] == [file]
    assert file.read_text() == "paused = false\n"


def test_a_link_to_a_file_elsewhere_stays_one(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "dotfiles"
    elsewhere.mkdir()
    (elsewhere / "room.toml").write_text("port = 1\n")
    file.symlink_to(elsewhere / "room.toml")
    write_settings(file, {"port": 2})
    assert file.is_symlink()
    assert (elsewhere / "room.toml").read_text() == "port = 2\n"


def test_a_file_that_is_none_of_ours_is_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingInvalidError):
        write_settings(file, {"port": 2})
    assert file.read_bytes() == b"\xff\xfe"


def test_what_cannot_be_put_in_its_place_leaves_the_old_file_and_no_other(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("port = 1\n")

    def full(_file: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageFullError, match="No space left"):
        write_settings(file, {"port": 2})
    assert file.read_text() == "port = 1\n"
    assert [*file.parent.iterdir()] == [file]
