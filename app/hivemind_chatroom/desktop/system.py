"""A window by what the system brings, in the program's own process.

On macOS what was double-clicked has to have the window: the Dock would call it unresponsive.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from hivemind_chatroom.desktop.kinds import Gui
from hivemind_chatroom.desktop.probe import Probe
from hivemind_chatroom.desktop.words import Opening
from hivemind_chatroom.program import Stop

if TYPE_CHECKING:
    from hivemind_chatroom.desktop.window import OperatorWindow


class SystemWindow:
    """A window of WebView2's or WKWebView's, if there can be one."""

    def __init__(self, stop: Stop) -> None:
        """Begin to find out."""
        self._stop = stop
        self._probe = Probe()
        self._lock = threading.Lock()
        self._window: OperatorWindow | None = None
        self._is_wished = False

    @property
    def kind(self) -> Gui | None:
        """What the window is made of."""
        return Gui.NATIVE

    def run(self, opening: Opening) -> bool:
        """Show the page until the program is to end; on the main thread.

        Args:
            opening: What the window shall be.

        Returns:
            Whether there was a window.
        """
        if not self._probe.found():
            return False
        from hivemind_chatroom.desktop.assembly import window_of  # noqa: PLC0415 - known just now

        window, toolkit = window_of(Gui.NATIVE, opening, self._stop)
        with self._lock:
            self._window = window
            is_hidden = opening.is_background and not self._is_wished
        window.run(Gui.NATIVE, toolkit, is_background=is_hidden)
        return True

    def show(self) -> None:
        """Bring the window to the front, as soon as there is one; any thread may call."""
        with self._lock:
            self._is_wished = True
            window = self._window
        if window is not None:
            window.show()

    def leave(self) -> None:
        """Do nothing: who told the end has had the window closed."""

    def close(self) -> None:
        """End what nobody waits for any more."""
        self._probe.close()
