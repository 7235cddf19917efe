"""Which kind of window this computer can show; found out in a child process.

Without a display Qt aborts the process that asks, and GTK exits: nothing that could be caught. So a
child asks, by the same imports that the window will need, and only how it ended is looked at.
"""

from __future__ import annotations

import importlib
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from hivemind_chatroom.desktop.child import NO_CONSOLE, child_command

DEADLINE_S: Final = 10.0
"""How long a child may take to say whether it can; 0.2 to 0.4 s are usual."""

_log = logging.getLogger(__name__)


class Gui(StrEnum):
    """What windows are made of."""

    QT = "qt"
    """PySide6 with QtWebEngine."""
    GTK = "gtk"
    """GTK 3 with WebKit2GTK."""
    NATIVE = "native"
    """WebView2 on Windows, WKWebView on macOS."""


def kinds_of(platform: str = sys.platform) -> tuple[Gui, ...]:
    """Return the kinds of windows that a platform may have, the best first."""
    return (Gui.NATIVE,) if platform in {"win32", "darwin"} else (Gui.QT, Gui.GTK)


class Probe:
    """Asks for one kind after the other; the first is asked for while others start the room."""

    def __init__(self, kinds: tuple[Gui, ...], deadline_s: float = DEADLINE_S) -> None:
        """Ask for the first of `kinds` right away."""
        self._kinds = kinds
        self._deadline_s = deadline_s
        self._first = _ask(kinds[0])

    def found(self) -> Gui | None:
        """Return the first kind that this computer can show; None when there is none."""
        for kind in self._kinds:
            child = self._first if kind is self._kinds[0] else _ask(kind)
            if self._can(kind, child):
                return kind
        return None

    def close(self) -> None:
        """End a child that nobody waits for any more."""
        self._first.kill()
        self._first.communicate()

    def _can(self, kind: Gui, child: subprocess.Popen[str]) -> bool:
        try:
            _, said = child.communicate(timeout=self._deadline_s)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            _log.info("no window by %s: no answer within %g s", kind, self._deadline_s)
            return False
        if child.returncode != 0:
            lines = [line for line in said.splitlines() if line.strip()]
            _log.info("no window by %s: %s", kind, lines[-1] if lines else "it ended")
        return child.returncode == 0


def _ask(kind: Gui) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program, no shell
        child_command(__name__, kind),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        creationflags=NO_CONSOLE,
    )


def _try_qt() -> bool:
    importlib.import_module("webview")
    importlib.import_module("qtpy")
    importlib.import_module("PySide6.QtWebEngineWidgets")
    widgets = importlib.import_module("PySide6.QtWidgets")
    return bool(widgets.QApplication([]))


def _try_gtk() -> bool:
    importlib.import_module("webview.platforms.gtk")
    gtk: Any = importlib.import_module("gi.repository.Gtk")
    return bool(gtk.init_check(None)[0])


def _try_native() -> bool:
    if sys.platform == "darwin":
        importlib.import_module("webview.platforms.cocoa")
        return True
    forms: Any = importlib.import_module("webview.platforms.winforms")
    return bool(forms.renderer == "edgechromium")  # the older ones can't show our pages


_TRIES: Final[Mapping[str, Callable[[], bool]]] = MappingProxyType(
    {Gui.QT: _try_qt, Gui.GTK: _try_gtk, Gui.NATIVE: _try_native}
)

if __name__ == "__main__":
    sys.exit(not _TRIES[sys.argv[1]]())
