from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tree_sitter", reason="the group `check` brings it")

import check_installers

GOOD_SCRIPT = "[Setup]\nAppName=x\n\n[Code]\nprocedure Close;\nbegin\n  Log('{#Name}');\nend;\n"
GOOD_SHELL = "if ($true) { Write-Host 'yes' }\n"


def said(file: Path, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    file.write_text(text, "utf-8-sig")
    count = check_installers.main([str(file)])
    told = capsys.readouterr().out
    assert count == len(told.splitlines())
    return told


def test_what_can_be_read_is_passed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(tmp_path / "a.iss", GOOD_SCRIPT, capsys) == ""
    assert said(tmp_path / "a.ps1", GOOD_SHELL, capsys) == ""


def test_what_can_not_be_read_is_said_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = GOOD_SCRIPT.replace("Log('{#Name}');", "if then Log('x');")
    assert f"{tmp_path / 'a.iss'}:7: not understood" in said(tmp_path / "a.iss", broken, capsys)
    broken = GOOD_SHELL.replace("}", "")
    assert f"{tmp_path / 'a.ps1'}:1: not understood" in said(tmp_path / "a.ps1", broken, capsys)
