"""Loads a page in Qt's browser and prints what its console says: python console.py URL."""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWidgets import QApplication

IS_DRAWN: Final = "document.querySelector('h1') !== null && !document.querySelector('.opening')"

LOOK_AGAIN_MS: Final = 50


class Page(QWebEnginePage):
    """A page that prints what it has to say, and ends the program once it is drawn."""

    def javaScriptConsoleMessage(  # noqa: N802 - Qt's name
        self, level: object, message: str, line: int, source: str
    ) -> None:
        print(level, message, f"{source}:{line}")  # noqa: T201 - for the test to read

    def look(self) -> None:
        """Ask whether it is drawn, until it is."""
        self.runJavaScript(IS_DRAWN, 0, self._seen)

    def _seen(self, is_drawn: object) -> None:
        if is_drawn:
            QApplication.quit()
        else:
            QTimer.singleShot(LOOK_AGAIN_MS, self.look)


def main(url: str) -> None:
    """Load it, and end when it is drawn."""
    app = QApplication([])
    page = Page()
    page.loadFinished.connect(page.look)
    page.setUrl(QUrl(url))
    app.exec()
    del page  # before its profile


if __name__ == "__main__":
    main(sys.argv[1])
