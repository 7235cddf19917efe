"""The self-test of the command, as somebody starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop.desktop import Desktop
from hivemind_chatroom.desktop.sight import has_display

WITHIN_S = 60.0
"""Thrice what a self-test promises to take, whatever happens: here it runs beside other tests."""

VARIABLES = ("CONFIG", "DATA", "STATE", "CACHE")


def self_tested(home: Path, *flags: str, module: str, **more: str) -> tuple[int, str]:
    """Return the exit code of a self-test with a home of its own, and what it prints."""
    environment = {key: value for key, value in os.environ.items() if key not in more}
    environment.pop("DISPLAY", None)
    environment |= {f"XDG_{each}_HOME": str(home / each.lower()) for each in VARIABLES}
    environment |= {"HOME": str(home), "TMPDIR": str(home / "tmp"), **more}
    (home / "tmp").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", module, *flags],
        env=environment, capture_output=True, text=True, timeout=WITHIN_S, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def checks_of(report: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["result"] for check in report["checks"]}


@pytest.mark.skipif(sys.platform != "linux", reason="the window is shown to nobody")
def test_an_installed_copy_finds_itself_well_while_a_room_runs(tmp_path: Path) -> None:
    data = tmp_path / "data" / "hivemind-chatroom"
    flags = ("--host", "127.0.0.1", "--port", "0", "--hub", "none", "--log-path", "stdout")
    with Desktop(data, *flags, is_real=True) as running:
        running.says("the room is served")
        before = {file: file.stat().st_mtime_ns for file in data.iterdir()}
        code, said = self_tested(
            tmp_path,
            "--self-test",
            module="hivemind_chatroom.desktop",
            QT_QPA_PLATFORM="offscreen",
        )
        assert {file: file.stat().st_mtime_ns for file in data.iterdir()}.keys() == before.keys()
        assert (data / "instance.json").stat().st_mtime_ns == before[data / "instance.json"]
    report = json.loads(said)
    assert code == 0, report
    assert report["ok"] is True
    # A computer without a network is well, too.
    assert checks_of(report).pop("lan") in {"ok", "skipped"}
    named = ["store", "server", "hub", "answer", "lan", "window", "stop"]
    assert list(checks_of(report)) == named
    assert {result for name, result in checks_of(report).items() if name != "lan"} == {"ok"}
    assert "Qt" in report["checks"][5]["says"]
    assert list((tmp_path / "tmp").glob("hivemind-chatroom-self-test-*")) == []
    assert not (tmp_path / "config" / "hivemind-chatroom").exists()


def test_a_command_without_a_window_says_so_and_may_write_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    code, said = self_tested(tmp_path, f"--self-test={file}", module="hivemind_chatroom")
    report = json.loads(file.read_text("utf-8"))
    assert (code, said) == (0, "")
    assert checks_of(report)["window"] == "skipped"


def test_a_window_that_can_not_be_had_is_a_failure(tmp_path: Path) -> None:
    code, said = self_tested(
        tmp_path, "--self-test", module="hivemind_chatroom.desktop", QT_QPA_PLATFORM="none-such"
    )
    report = json.loads(said)
    assert code == 1
    (window,) = [check for check in report["checks"] if check["name"] == "window"]
    assert (window["result"], window["code"]) == ("failed", "no_window")
    assert checks_of(report)["stop"] == "ok"


def test_only_linux_may_have_no_display() -> None:
    assert not has_display({}, "linux")
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert has_display({}, "win32")
