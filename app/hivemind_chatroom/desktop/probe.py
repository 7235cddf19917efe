"""Whether Windows and macOS can show a window; found out in a child process.

The imports are those that the window will need, and one that fails may take its process with it: so
only how the child has ended is looked at.
"""

from __future__ import annotations

import importlib
import logging
import subprocess
import sys
from typing import Any, Final

from hivemind_chatroom.children import NO_CONSOLE, Child, child_command

DEADLINE_S: Final = 10.0
"""How long the child may take to say whether it can; half a second is usual."""

_log = logging.getLogger(__name__)


class Probe:
    """Asks while others open the room."""

    def __init__(self, deadline_s: float = DEADLINE_S) -> None:
        """Ask right away."""
        self._deadline_s = deadline_s
        self._child = subprocess.Popen(  # noqa: S603 - our own program, no shell
            child_command(Child.PROBE),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            creationflags=NO_CONSOLE,
        )

    def found(self) -> bool:
        """Wait for the answer; return whether there can be a window."""
        try:
            _, said = self._child.communicate(timeout=self._deadline_s)
        except subprocess.TimeoutExpired:
            self.close()
            _log.info("no window: no answer within %g s", self._deadline_s)
            return False
        if self._child.returncode != 0:
            lines = [line for line in said.splitlines() if line.strip()]
            _log.info("no window: %s", lines[-1] if lines else "it ended")
        return self._child.returncode == 0

    def close(self) -> None:
        """End a child that nobody waits for any more."""
        self._child.kill()
        self._child.communicate()


def _can() -> bool:
    if sys.platform == "darwin":
        importlib.import_module("webview.platforms.cocoa")
        return True
    forms: Any = importlib.import_module("webview.platforms.winforms")
    return bool(forms.renderer == "edgechromium")  # the older ones can't show our pages


if __name__ == "__main__":
    sys.exit(not _can())
