from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from hivemind_chatroom.desktop.first_code import with_code
from hivemind_chatroom.settings import ENVIRONMENT_PREFIX, Origin


def code_of(origin: Origin) -> str:
    return with_code(origin.settings(), origin).code


def test_a_new_room_gets_a_code_and_has_the_same_one_tomorrow(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "settings.toml")
    first = code_of(origin)
    assert len(first) == 6
    assert first.isdigit()
    assert code_of(origin) == first
    assert origin.settings().code == first
    assert stat.S_IMODE(origin.file.stat().st_mode) == 0o600


@pytest.mark.parametrize("said", ['code = "none"', "code = 4711", "set_up = true"])
def test_what_the_host_has_decided_stays(tmp_path: Path, said: str) -> None:
    origin = Origin(tmp_path / "settings.toml")
    origin.file.write_text(said)
    assert code_of(origin) == origin.settings().code
    assert origin.file.read_text() == said


@pytest.mark.parametrize("code", ["none", "4711", "auto"])
def test_what_a_flag_or_a_variable_says_holds_for_this_start_alone(
    tmp_path: Path, code: str
) -> None:
    file = tmp_path / "settings.toml"
    assert code_of(Origin(file, {}, {"code": code})) == code
    assert code_of(Origin(file, {f"{ENVIRONMENT_PREFIX}CODE": code})) == code
    assert not file.exists()


def test_a_code_that_cannot_be_written_down_holds_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.mkstemp", full)
    code = code_of(Origin(tmp_path / "settings.toml"))
    assert code.isdigit()
    assert "storage_full" in caplog.text
    assert code not in caplog.text
