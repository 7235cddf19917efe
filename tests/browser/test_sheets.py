"""The style sheets: nothing in them knows which way the reader's language is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hivemind_chatroom

SHEETS = sorted((Path(hivemind_chatroom.__file__).parent / "web" / "static").rglob("*.css"))

PHYSICAL = re.compile(
    r"""^\s*(?:left|right|top|bottom|(?:min-|max-)?(?:width|height)
    |(?:margin|padding|border)-(?:left|right|top|bottom)[a-z-]*)\s*:""",
    re.VERBOSE | re.MULTILINE,
)
"""A property that is bound to a side or to an axis of the screen."""

COLOR = re.compile(r"#[0-9a-f]{3,8}\b|\brgb\(|\bhsl\(", re.IGNORECASE)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_uses_logical_properties_only(sheet: Path) -> None:
    assert PHYSICAL.findall(sheet.read_text()) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_colours_have_names(sheet: Path) -> None:
    found = [line for line in sheet.read_text().splitlines() if COLOR.search(line)]
    assert sheet.name == "tokens.css" or found == []
