"""A self-test ends and reports, whatever hangs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hivemind_chatroom.diagnostics.selftest import Verdict, well
from hivemind_chatroom.errors import ReportUnwritableError
from hivemind_chatroom.trial.checks import Sight
from hivemind_chatroom.trial.run import try_out

WITHIN_S = 60.0
"""Thrice what a self-test promises to take, beside other tests."""

HANGS = """
import sys, threading
from hivemind_chatroom.trial import checks
from hivemind_chatroom.trial.run import try_out

checks.SEEN_WITHIN_S = 0.5  # the check has two seconds more
sys.exit(try_out(None, lambda _: threading.Event().wait()))
"""


INTERRUPTED = """
import signal, sys, threading
from hivemind_chatroom.trial.run import try_out

def see(_):
    signal.raise_signal(signal.Signals[sys.argv[1]])
    threading.Event().wait()

sys.exit(try_out(None, see))
"""

HANGS_AT_THE_END = f"""
import threading
from hivemind_chatroom.trial import checks

checks.SEEN_WITHIN_S = 0.5
checks.Trial.give_up = lambda self: threading.Event().wait()
{INTERRUPTED}
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("script", [INTERRUPTED, HANGS_AT_THE_END], ids=["ends", "hangs"])
def test_who_has_enough_of_it_leaves_nothing_behind(tmp_path: Path, script: str, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script, name],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.glob("hivemind-chatroom-self-test-*")) == []


def test_a_window_that_hangs_keeps_nobody() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGS],
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    report = json.loads(done.stdout)
    found = {check["name"]: check["code"] for check in report["checks"]}
    assert done.returncode == 1
    assert found["window"] == "timed_out"
    assert found["stop"] == ""


def test_a_report_has_no_secret_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    keys: list[str] = []

    def see(sight: Sight) -> Verdict:
        keys.append(sight.url.partition("#k=")[2])
        return well("It is seen.")

    file = tmp_path / "report.json"
    assert try_out(file, see) == 0
    text = file.read_text("utf-8")
    assert json.loads(text)["ok"] is True
    assert keys
    assert keys[0] not in text
    assert list(tmp_path.glob("hivemind-chatroom-self-test-*")) == []


@pytest.mark.parametrize("place", ["none/report.json", "."])
def test_nothing_is_tried_where_the_report_can_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **_: pytest.fail("It is tried."))
    with pytest.raises(ReportUnwritableError, match=r"^The report can't be written to /.*: "):
        try_out(tmp_path / place, None)
