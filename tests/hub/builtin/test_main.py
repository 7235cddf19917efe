from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from hivemind_chatroom.hub.builtin.address import BuiltinAddress

PATIENCE_S = 15.0


def test_the_program_says_one_line_and_ends_with_its_input(folder: Path) -> None:
    program = [sys.executable, "-P", "-m", "hivemind_chatroom.hub.builtin", str(folder)]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        address = BuiltinAddress.from_line(child.stdout.readline())
        said, complained = child.communicate(timeout=PATIENCE_S)

    assert address.port
    assert (child.returncode, said, complained) == (0, b"", b"")


def test_the_program_ends_without_an_input_before_it_is_up(folder: Path) -> None:
    program = [sys.executable, "-P", "-m", "hivemind_chatroom.hub.builtin", str(folder)]

    ended = subprocess.run(
        program, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_S, check=True
    )

    assert ended.stdout == b""
