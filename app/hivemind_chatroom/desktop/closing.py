"""What closing the window means: asked once, and remembered where there is a tray."""

from __future__ import annotations

import contextlib
import json
from enum import StrEnum
from pathlib import Path

from hivemind_chatroom.paths import open_private


class OnClose(StrEnum):
    """What happens when somebody closes the window."""

    ASK = "ask"
    KEEP = "keep"
    """The room keeps running, its window away."""
    STOP = "stop"
    """The room is closed too."""


class ClosingChoice:
    """What was answered when the window was first closed; kept in a file of its own."""

    def __init__(self, file: Path) -> None:
        """Remember in `file`."""
        self._file = file
        self._kept = _read(file)

    def on_close(self, *, has_tray: bool) -> OnClose:
        """Tell what closing the window means now.

        Args:
            has_tray: Whether the desktop has a tray. Without one the question is the only place
                where a window can close the room, so it is asked each time.
        """
        return self._kept if has_tray else OnClose.ASK

    def remember(self, choice: OnClose) -> None:
        """Mean this from now on; a disk that takes nothing is asked for again at the next start."""
        self._kept = choice
        with (
            contextlib.suppress(OSError),
            open(self._file, "w", encoding="utf-8", opener=open_private) as file,
        ):
            json.dump({"on_close": choice}, file)


def _read(file: Path) -> OnClose:
    try:
        return OnClose(json.loads(file.read_text("utf-8"))["on_close"])
    except (OSError, ValueError, KeyError, TypeError):
        return OnClose.ASK
