"""The comments of scripts and style sheets, which are for readers and stay at home."""

from __future__ import annotations

import re
from typing import Final

_COMMENT: Final = re.compile(
    rb"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL
)
"""A comment with lines of its own. One beside code stays: to know it from a string or a regular
expression takes a parser, and these are few."""


def without_comments(source: bytes) -> bytes:
    """Return a script or a style sheet without the comments that have lines of their own.

    A third of what a phone would fetch is comments.

    Args:
        source: Formatted, so that no string over several lines looks like a comment.
    """
    return _COMMENT.sub(b"", source)
