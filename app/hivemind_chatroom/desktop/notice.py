"""Why the room can't start, in a box of the desktop's: who double-clicks has no console.

A child process shows it, so that the program ends at once, and where there is no desktop only the
child is lost.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any, Final

TITLE: Final = "HiveMind Chatroom"

# A window of the console would flash up when a windowed program starts a child on Windows.
_NO_CONSOLE: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def tell(sentence: str) -> None:
    """Show a sentence, unless somebody reads it on a console; returns at once."""
    # A windowed program on Windows has no stream for errors at all.
    if sys.stderr is not None and sys.stderr.isatty():
        return
    subprocess.Popen(  # noqa: S603 - our own program, no shell
        [sys.executable, "-P", "-m", __name__, sentence],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=_NO_CONSOLE,
    )


def _show(sentence: str) -> None:
    if sys.platform == "win32":
        ctypes: Any = importlib.import_module("ctypes")
        ctypes.windll.user32.MessageBoxW(None, sentence, TITLE, 0x30)  # MB_ICONWARNING
    elif sys.platform == "darwin":
        script = "on run said\ndisplay alert (item 1 of said) message (item 2 of said)\nend run"
        subprocess.run(["/usr/bin/osascript", "-e", script, TITLE, sentence], check=False)  # noqa: S603 - no shell
    else:
        try:
            _show_by_qt(sentence)
        except ImportError:
            _show_by_gtk(sentence)


def _show_by_qt(sentence: str) -> None:
    widgets: Any = importlib.import_module("PySide6.QtWidgets")
    application = widgets.QApplication([])
    application.setApplicationName(TITLE)
    widgets.QMessageBox.warning(None, TITLE, sentence)


def _show_by_gtk(sentence: str) -> None:
    gi: Any = importlib.import_module("gi")
    gi.require_version("Gtk", "3.0")
    gtk: Any = importlib.import_module("gi.repository.Gtk")
    dialog = gtk.MessageDialog(
        title=TITLE,
        text=sentence,
        message_type=gtk.MessageType.WARNING,
        buttons=gtk.ButtonsType.CLOSE,
    )
    dialog.run()


if __name__ == "__main__":
    _show(sys.argv[1])
