"""What the browser of the window says about the host's page: nothing."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from browser.household import FULL
from browser.program import Program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Qt shows no window elsewhere")

READER: Final = Path(__file__).with_name("console.py")
DEADLINE_S: Final = 60
OFFSCREEN: Final = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"}


@pytest.mark.parametrize("is_set_up", [False, True], ids=["first steps", "dashboard"])
def test_the_console_of_the_window_is_empty(*, is_set_up: bool) -> None:
    program = Program(**FULL)
    program.start()
    with contextlib.ExitStack() as leaving:
        leaving.callback(program.stop)
        if not is_set_up:
            program.forget_setup()
        read = subprocess.run(
            [sys.executable, READER, program.url],
            env={**os.environ, **OFFSCREEN},
            check=True,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
        )
    assert read.stdout == ""
