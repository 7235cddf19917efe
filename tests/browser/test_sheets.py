"""The style sheets: nothing in them knows which way the reader's language is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hivemind_chatroom

PACKAGE = Path(hivemind_chatroom.__file__).parent
SHEETS = sorted(
    sheet for part in ("web", "operator") for sheet in PACKAGE.glob(f"{part}/static/css/*")
)

NAMES = [f"{sheet.parents[2].name}-{sheet.name}" for sheet in SHEETS]

PHYSICAL = re.compile(
    r"""^\s*(?:left|right|top|bottom|(?:min-|max-)?(?:width|height)
    |(?:margin|padding|border)-(?:left|right|top|bottom)[a-z-]*)\s*:""",
    re.VERBOSE | re.MULTILINE,
)
"""A property that is bound to a side or to an axis of the screen."""

NAMED = re.compile(r"(--[\w-]+): ([^;]*);")
COLOR = re.compile(r"#[0-9a-f]{3,8}\b|\brgb\(|\bhsl\(", re.IGNORECASE)


@pytest.mark.parametrize("sheet", SHEETS, ids=NAMES)
def test_a_sheet_uses_logical_properties_only(sheet: Path) -> None:
    assert PHYSICAL.findall(sheet.read_text()) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=NAMES)
def test_colours_have_names(sheet: Path) -> None:
    found = [line for line in sheet.read_text().splitlines() if COLOR.search(line)]
    assert sheet.name == "tokens.css" or found == []


def test_host_and_visitors_see_one_program() -> None:
    room, window = (
        NAMED.findall((PACKAGE / part / "static" / "css" / "tokens.css").read_text())
        for part in ("web", "operator")
    )
    shared = {name for name, _ in room} & {name for name, _ in window}
    assert {"--paper", "--honey", "--radius", "--space-4", "--target"} <= shared
    assert [each for each in window if each[0] in shared] == [
        each for each in room if each[0] in shared
    ]
