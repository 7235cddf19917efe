from __future__ import annotations

import configparser
import plistlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hivemind_chatroom.desktop.launch import own_command
from hivemind_chatroom.desktop.login import RunKey, desktop_entry, launch_agent, start_at_login
from hivemind_chatroom.errors import SettingInvalidError
from hivemind_chatroom.flags import room_flags
from hivemind_chatroom.paths import autostart_folder

COMMAND = ["/opt/room/hivemind-chatroom", "--background"]


def value_of(key: str, entry: bytes) -> str:
    parser = configparser.RawConfigParser()
    parser.read_string(entry.decode())
    return parser["Desktop Entry"][key]


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_it_is_off_until_it_is_switched_on_and_can_be_switched_off(
    tmp_path: Path, platform: str
) -> None:
    login = start_at_login(COMMAND, tmp_path / "autostart", platform)
    assert login.is_on() is False
    login.switch(on=True)
    assert login.is_on() is True
    login.switch(on=False)
    assert login.is_on() is False
    login.switch(on=False)
    assert list((tmp_path / "autostart").iterdir()) == []


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_desktops_settings_have_switched_off_is_off(tmp_path: Path, line: str) -> None:
    login = start_at_login(COMMAND, tmp_path / "autostart", "linux")
    login.switch(on=True)
    (file,) = (tmp_path / "autostart").iterdir()
    file.write_text(file.read_text() + line + "\n")
    assert login.is_on() is False


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingInvalidError, match="can't be written"):
        start_at_login(COMMAND, tmp_path / "file" / "inside", "linux").switch(on=True)


def test_an_autostart_file_quotes_what_a_desktop_would_read_otherwise() -> None:
    awkward = ["/opt/my room/chat", 'a"b', "100%", "$HOME", "back\\slash", "`id`"]
    line = value_of("Exec", desktop_entry(awkward))
    assert "100%%" in line  # one alone would begin a field code
    # what the specification has a desktop do: unescape the string, unquote, halve the percents
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', line.replace("\\\\", "\\"))
    assert [re.sub(r"\\(.)", r"\1", part).replace("%%", "%") for part in quoted] == awkward


def test_an_autostart_file_is_not_listened_to_once_the_program_is_gone() -> None:
    entry = desktop_entry(["/opt/my room/back\\slash", "--background"])
    assert value_of("TryExec", entry) == "/opt/my room/back\\\\slash"  # escaped, and not quoted


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="it is not installed")
def test_an_autostart_file_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "room.desktop"
    file.write_bytes(desktop_entry(COMMAND))
    subprocess.run(["desktop-file-validate", file], check=True)


def test_a_launch_agent_runs_the_command_at_login() -> None:
    agent = plistlib.loads(launch_agent(COMMAND))
    assert agent["ProgramArguments"] == COMMAND
    assert agent["RunAtLoad"] is True


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a registry")
def test_without_a_registry_there_is_nothing_to_switch(tmp_path: Path) -> None:
    login = start_at_login(COMMAND, tmp_path, "win32")
    assert isinstance(login, RunKey)
    assert login.is_on() is None
    with pytest.raises(SettingInvalidError):
        login.switch(on=True)


def test_it_starts_as_it_was_started_with_its_window_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/opt/room/bin/hivemind-chatroom"])
    flags = {"data_dir": "/srv/room", "hub": "none", "operator_port": "0", "port": None}
    command = own_command(flags)
    assert command == [
        "/opt/room/bin/hivemind-chatroom",
        "--data-dir=/srv/room",
        "--hub=none",
        "--operator-port=0",
        "--background",
    ]
    monkeypatch.setattr(sys, "argv", ["/opt/room/desktop/__main__.py"])
    assert own_command({}) == [sys.executable, "-m", "hivemind_chatroom.desktop", "--background"]


def test_it_finds_its_folders_from_wherever_a_login_starts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ana")
    asked = room_flags("room").parse_args(["--data-dir", "room", "--log-path", "~/logs"])
    command = own_command(vars(asked))
    assert f"--data-dir={tmp_path}/room" in command
    assert "--log-path=/home/ana/logs" in command
    assert "--log-path=stdout" in own_command({"log_path": "stdout"})


@pytest.mark.skipif(sys.platform != "linux", reason="others have no XDG folders")
def test_the_autostart_folder_is_the_desktops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert autostart_folder() == tmp_path / "autostart"
