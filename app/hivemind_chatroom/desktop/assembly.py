"""Puts a window together; imported when it is known that there can be one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hivemind_chatroom.desktop.closing import ClosingChoice
from hivemind_chatroom.desktop.probe import Gui
from hivemind_chatroom.desktop.sentences import Sentences
from hivemind_chatroom.desktop.window import OperatorWindow, Page, Toolkit
from hivemind_chatroom.program import Stop
from hivemind_chatroom.settings import Settings

if TYPE_CHECKING:
    from hivemind_chatroom.chatroom import Chatroom


def window_of(
    gui: Gui, chatroom: Chatroom, settings: Settings, folder: Path, stop: Stop
) -> tuple[OperatorWindow, Toolkit]:
    """Return a window for a room that has started, and the toolkit it is made of.

    Args:
        gui: A kind that this computer can show.
        chatroom: Whose operator's page is shown.
        settings: Which language the operator speaks.
        folder: Where it is remembered what closing means.
        stop: Told when the room shall be closed.
    """
    page = Page(chatroom.name, chatroom.operator_url)
    window = OperatorWindow(page, ClosingChoice(folder / "window.json"), stop)
    return window, _toolkit(gui, window, Sentences.in_language(settings.language))


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
