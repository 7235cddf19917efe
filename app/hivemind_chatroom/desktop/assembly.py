"""Puts a window together; imported when it is known that there can be one."""

from __future__ import annotations

from pathlib import Path

from hivemind_chatroom.desktop.closing import ClosingChoice
from hivemind_chatroom.desktop.kinds import Gui
from hivemind_chatroom.desktop.sentences import Sentences
from hivemind_chatroom.desktop.window import End, OperatorWindow, Page, Toolkit
from hivemind_chatroom.desktop.words import Opening


def window_of(gui: Gui, opening: Opening, end: End) -> tuple[OperatorWindow, Toolkit]:
    """Return a window, and the toolkit it is made of.

    Args:
        gui: A kind that this computer can show.
        opening: What the window shall be.
        end: Told when the room shall be closed.
    """
    page = Page(opening.title, opening.url)
    window = OperatorWindow(page, ClosingChoice(Path(opening.memory)), end)
    return window, _toolkit(gui, window, opening.sentences)


def _toolkit(gui: Gui, window: OperatorWindow, sentences: Sentences) -> Toolkit:
    # Each of them imports libraries that only its own kind of window has.
    match gui:
        case Gui.QT:
            from hivemind_chatroom.desktop.qt import QtToolkit  # noqa: PLC0415 - as said above

            return QtToolkit(window, sentences)
        case Gui.GTK:
            from hivemind_chatroom.desktop.gtk import GtkToolkit  # noqa: PLC0415 - as said above

            return GtkToolkit(window, sentences)
        case Gui.NATIVE:
            from hivemind_chatroom.desktop.native import NativeToolkit  # noqa: PLC0415 - as above

            return NativeToolkit(window, sentences)
