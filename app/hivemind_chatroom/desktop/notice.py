"""Why the room can't start, in a box of the desktop's: who double-clicks has no console.

A child process shows it, so that the program ends at once, and where there is no desktop only the
child is lost. The sentence may quote a secret, such as a join code that is refused, so it comes by
a pipe: every user of a computer can read the command lines of all processes.
"""

from __future__ import annotations

import contextlib
import importlib
import subprocess
import sys
from typing import Any, Final

from hivemind_chatroom.children import NO_CONSOLE, Child, child_command

TITLE: Final = "HiveMind Chatroom"


def tell(sentence: str) -> None:
    """Show a sentence, unless somebody reads it on a console; returns at once."""
    # A windowed program on Windows has no stream for errors at all.
    if sys.stderr is not None and sys.stderr.isatty():
        return
    child = subprocess.Popen(  # noqa: S603 - our own program, no shell
        child_command(Child.NOTICE),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=NO_CONSOLE,
    )
    assert child.stdin is not None  # noqa: S101 - it is a pipe, see above
    with contextlib.suppress(OSError), child.stdin as pipe:  # a child that is lost reads nothing
        pipe.write(sentence.encode())


def apple_script(sentence: str) -> str:
    """Return what shows a sentence on macOS (AppleScript Language Guide, "Text")."""
    title, text = (
        '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"' for said in (TITLE, sentence)
    )
    return f"display alert {title} message {text}"


def _show(sentence: str) -> None:
    if sys.platform == "win32":
        ctypes: Any = importlib.import_module("ctypes")
        ctypes.windll.user32.MessageBoxW(None, sentence, TITLE, 0x30)  # MB_ICONWARNING
    elif sys.platform == "darwin":
        script = apple_script(sentence).encode()
        subprocess.run(["/usr/bin/osascript", "-"], input=script, check=False)
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
    _show(sys.stdin.buffer.read().decode())
