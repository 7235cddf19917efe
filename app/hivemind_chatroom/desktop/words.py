"""What the program and the process of its window tell each other: a line of JSON each, by pipes.

The page's address has the operator's token in it, and every user of a computer can read the command
lines of all processes.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

from hivemind_chatroom.desktop.sentences import Sentences

ABLE: Final = "able"
"""The window's process can show a window, and waits for what it shall be."""
STOP: Final = "stop"
"""The room shall be closed."""
LOG: Final = "log"
"""Something for the log, which the program alone writes."""

SHOW: Final = "show"
"""The window shall come to the front. Before it comes an `Opening`, after it perhaps another."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a window shall be."""

    title: str
    url: str = field(repr=False)
    """Of the operator's page, with the token in its fragment."""
    sentences: Sentences
    """What is said outside of the page, in the operator's language."""
    memory: str
    """The file in which it is remembered what closing means."""
    is_background: bool
    """Whether the window is to stay away until it is asked for."""

    def line(self) -> bytes:
        """Return it as a line."""
        return _line(asdict(self))

    @classmethod
    def of_line(cls, line: bytes) -> Self:
        """Read the line that `line` returns."""
        said = json.loads(line)
        return cls(**{**said, "sentences": Sentences(**said["sentences"])})


def word(what: str, **more: object) -> bytes:
    """Return a word as a line."""
    return _line({"say": what, **more})


def read_word(line: bytes) -> tuple[str, dict[str, Any]]:
    """Return a word, and what was said with it.

    Raises:
        ValueError: The line is no word.
    """
    said = json.loads(line)
    if not isinstance(said, dict) or "say" not in said:
        raise ValueError("a line is no word")
    return said.pop("say"), said


def record(of: logging.LogRecord) -> bytes:
    """Return a record of the log as a line."""
    return word(LOG, name=of.name, level=of.levelno, text=of.getMessage())


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"
