"""Comments stay at home, and nothing else does."""

from __future__ import annotations

import pytest

from hivemind_chatroom.web.comments import without_comments


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("/** A module. */\n\nlet a;\n", "\nlet a;\n"),
        ("  /**\n   * Says it.\n   *\n   * @param {A} a\n   */\n  say(a) {}\n", "  say(a) {}\n"),
        ("a {}\n\n/* Why. */\nb {}\n", "a {}\n\nb {}\n"),
        ("  // Why.\n  go();\n", "  go();\n"),
    ],
)
def test_a_comment_with_lines_of_its_own_is_left_out(source: str, sent: str) -> None:
    assert without_comments(source.encode()) == sent.encode()


@pytest.mark.parametrize(
    "source",
    [
        "  /** @type {A} */ (b),\n  c,\n  /** @type {D} */ (e),\n",
        "let a = 1; // one\n",
        'const address = "http://room.local";\n',
        "const pattern = /https?:\\/\\/[^/*]+/;\n",
        "a { /* why */\n  b: c;\n}\n",
    ],
)
def test_what_stands_beside_code_stays(source: str) -> None:
    assert without_comments(source.encode()) == source.encode()
