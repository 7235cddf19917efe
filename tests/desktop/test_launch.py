from __future__ import annotations

import re
from pathlib import Path

import pytest

from desktop.desktop import Desktop
from hivemind_chatroom.desktop.launch import _Shown, main
from hivemind_chatroom.flags import room_flags
from hivemind_chatroom.program import told_to_stop

ROOT = Path(__file__).parents[2]


def flags_of(text: str) -> set[str]:
    return set(re.findall(r"--[a-z-]+", text))


def test_the_hosts_guide_has_every_flag_that_the_other_command_lacks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    further = flags_of(capsys.readouterr().out) - flags_of(room_flags("room").format_help())
    guide = (ROOT / "docs" / "operator.md").read_text("utf-8")
    assert further
    assert set(re.findall(r"^\| `(--[a-z-]+)`", guide, re.MULTILINE)) == further


def test_a_wish_to_show_the_page_waits_until_something_can() -> None:
    shows: list[str] = []
    with told_to_stop() as stop:
        shown = _Shown(stop)
        shown.show()
        shown.becomes(lambda: shows.append("early"))
        assert shows == ["early"]
        shown.show()
        assert shows == ["early"] * 2


def test_nothing_shows_the_page_unasked() -> None:
    shows: list[str] = []
    with told_to_stop() as stop:
        _Shown(stop).becomes(lambda: shows.append("unasked"))
    assert shows == []


def test_a_start_that_cannot_be_done_is_said_in_one_line(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, "--hub", "mqtt", is_real=True)
    del desktop.environment["QT_QPA_PLATFORM"]  # nor is there a display for a box
    with desktop:
        assert desktop.ends() == 2
    assert len(desktop.lines) == 1
    assert desktop.lines[0].startswith("hivemind-chatroom: hub in the command line")
