"""The kinds of windows there are."""

from __future__ import annotations

import sys
from enum import StrEnum


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
