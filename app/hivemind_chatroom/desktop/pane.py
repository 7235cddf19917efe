"""The process that has the window: `python -m hivemind_chatroom.desktop.pane KIND`.

It loads what windows are made of while the program still opens the room, and has Chromium's
processes running by the time that there is a page. It ends when its standard input closes, so also
with the program, however that ends.
"""

from __future__ import annotations

import importlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from hivemind_chatroom.desktop.able import make_gtk_ready, make_qt_ready
from hivemind_chatroom.desktop.kinds import Gui
from hivemind_chatroom.desktop.words import ABLE, STOP, Opening, record, word

STDIN, STDOUT, STDERR = range(3)

_LOGGER: Final = "hivemind_chatroom"


class Parent(logging.Handler):
    """The program, as its window knows it: told of the wish to stop and of what is to be logged."""

    def __init__(self, says: int) -> None:
        """Speak on the descriptor `says`."""
        super().__init__()
        self._says = says
        self._is_over = threading.Event()
        self._saying = threading.Lock()

    def emit(self, of: logging.LogRecord) -> None:
        """Hand a record of the log on."""
        self.say(record(of))

    def say(self, line: bytes) -> None:
        """Say a line; a program that has ended hears nothing."""
        with self._saying:  # a pipe may mix what threads write, where that is longer than PIPE_BUF
            try:
                os.write(self._says, line)  # whole: it is shorter than what a pipe takes at once
            except OSError:
                self._is_over.set()

    def hear(self, show: Callable[[], None]) -> None:
        """Show the window at each word of the program, until there come no more."""
        while sys.stdin.buffer.readline():
            show()
        self._is_over.set()

    def wait(self) -> None:
        """Return when the window is to go."""
        self._is_over.wait()

    def tell(self) -> None:
        """Say that the room is to be closed; any thread may, and more than once."""
        self.say(word(STOP))
        self._is_over.set()

    def listen(self) -> None:
        """Leave Ctrl+C to the program, which then closes our input."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def main(gui: Gui) -> None:
    """Have a window of a kind, from the program's word until its end.

    Args:
        gui: The kind.
    """
    parent = Parent(_take(STDOUT, STDERR))
    parent.listen()
    log = logging.getLogger(_LOGGER)
    log.addHandler(parent)
    log.setLevel(logging.DEBUG)  # the program's own log knows what to leave out
    log.propagate = False
    if not _READY[gui]():
        sys.exit("there is no display")
    _silence(STDOUT, STDERR)
    parent.say(word(ABLE))
    importlib.import_module("hivemind_chatroom.desktop.assembly")
    if gui is Gui.QT:
        importlib.import_module("hivemind_chatroom.desktop.qt")
        _warm_up()
    if line := sys.stdin.buffer.readline():
        _show(gui, Opening.of_line(line), parent)


def _show(gui: Gui, opening: Opening, parent: Parent) -> None:
    from hivemind_chatroom.desktop.assembly import window_of  # noqa: PLC0415 - able to be first

    window, toolkit = window_of(gui, opening, parent)
    hearing = threading.Thread(
        target=parent.hear, args=(window.show,), name="pane-parent", daemon=True
    )
    hearing.start()
    window.run(gui, toolkit, is_background=opening.is_background)


def _warm_up() -> None:
    """Let Chromium begin, which takes long, on an empty page until the program speaks."""
    core: Any = importlib.import_module("PySide6.QtCore")
    widgets: Any = importlib.import_module("PySide6.QtWebEngineWidgets")
    view = widgets.QWebEngineView()
    view.setAttribute(core.Qt.WidgetAttribute.WA_DontShowOnScreen)  # but load what draws it
    view.load(core.QUrl("about:blank"))
    view.show()
    speaks = core.QSocketNotifier(STDIN, core.QSocketNotifier.Type.Read)
    speaks.activated.connect(core.QCoreApplication.quit)
    core.QCoreApplication.exec()
    speaks.setEnabled(False)
    view.deleteLater()


def _take(descriptor: int, instead: int) -> int:
    """Return a descriptor under another number; what is written to the old one goes elsewhere."""
    taken = os.dup(descriptor)
    os.dup2(instead, descriptor)
    return taken


def _silence(*descriptors: int) -> None:
    """Send what is written to descriptors nowhere.

    The program reads them no more: a full pipe would hold up whoever writes, and a page's console,
    where the room's talk may be, is in them.
    """
    with Path(os.devnull).open("wb") as nowhere:
        for each in descriptors:
            os.dup2(nowhere.fileno(), each)


_READY: Final[Mapping[Gui, Callable[[], bool]]] = MappingProxyType(
    {Gui.QT: make_qt_ready, Gui.GTK: make_gtk_ready}
)

if __name__ == "__main__":
    main(Gui(sys.argv[1]))
