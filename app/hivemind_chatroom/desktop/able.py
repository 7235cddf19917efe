"""Makes ready whatever a kind of window needs; where that can't be, the process may end by it.

Without a display Qt aborts the process that asks, and GTK exits: nothing that could be caught. So
only a process asks that is there for nothing else.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
from pathlib import Path
from typing import Any, Final

PROGRAM: Final = "hivemind-chatroom"
"""By which desktops know whose window it is; it is the name of our menu entry, too."""

_GPUS: Final = Path("/dev/dri")
_BACKEND: Final = "QT_QUICK_BACKEND"
_SANDBOX: Final = "QTWEBENGINE_DISABLE_SANDBOX"

_log = logging.getLogger(__name__)


def make_qt_ready() -> bool:
    """Load Qt and connect to the display; return whether there can be a window."""
    prepare_qt()
    importlib.import_module("webview.platforms.qt")
    widgets: Any = importlib.import_module("PySide6.QtWidgets")
    return bool(widgets.QApplication([PROGRAM]))


def make_gtk_ready() -> bool:
    """Load GTK and connect to the display; return whether there can be a window."""
    importlib.import_module("webview.platforms.gtk")
    gtk: Any = importlib.import_module("gi.repository.Gtk")
    return bool(gtk.init_check(None)[0])


def prepare_qt(gpus: Path = _GPUS) -> None:
    """Set what QtWebEngine and QtPy read of the environment.

    Args:
        gpus: The folder in which Linux shows what draws.
    """
    os.environ["QT_API"] = "pyside6"
    if sys.platform == "linux" and not any(gpus.glob("render*")):
        # OpenGL would be computed, and half a second of that comes before the first picture.
        os.environ.setdefault(_BACKEND, "software")
    if sys.platform == "linux" and os.geteuid() == 0 and _SANDBOX not in os.environ:
        os.environ[_SANDBOX] = "1"
        _log.warning("the window runs without Chromium's sandbox, which root can't have")
