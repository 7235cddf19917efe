"""The window by what the system brings: WebView2 on Windows, WKWebView on macOS.

Only what pywebview does alike on both; printing, saving and coming back after a crash are the
system's own there.
"""

from __future__ import annotations

import threading

import webview

from hivemind_chatroom.desktop.closing import OnClose
from hivemind_chatroom.desktop.sentences import Sentences
from hivemind_chatroom.desktop.window import OperatorWindow


class NativeToolkit:
    """Asks by pywebview's own dialog, whose two buttons are the system's: OK and Cancel.

    OK lets the room run on and Cancel leaves all as it is; the room is stopped by its page.
    """

    def __init__(self, owner: OperatorWindow, sentences: Sentences) -> None:
        """Belong to `owner`, whose window is not made yet."""
        self._owner = owner
        self._sentences = sentences
        self._is_asking = threading.Lock()
        self._window: webview.Window | None = None
        webview.settings["ALLOW_DOWNLOADS"] = True

    @property
    def has_tray(self) -> bool:
        """There is none that pywebview could use."""
        return False

    def settle(self, window: webview.Window) -> None:
        """Know the window."""
        self._window = window

    def to_front(self) -> None:
        """Show the window, before all others; any thread may call."""
        if self._window is not None:
            self._window.show()
            self._window.restore()

    def hide(self) -> None:
        """Put the window away; not on the GUI thread, which pywebview would wait for."""
        if self._window is not None:
            threading.Thread(target=self._window.hide, name="desktop-hide", daemon=True).start()

    def ask(self) -> None:
        """Ask what closing shall mean."""
        if self._is_asking.acquire(blocking=False):
            threading.Thread(target=self._ask, name="desktop-question", daemon=True).start()

    def let_go(self) -> None:
        """Do nothing: what waits here is not known."""

    def _ask(self) -> None:
        assert self._window is not None  # noqa: S101 - a window that closes was settled
        question = f"{self._sentences.question}\n{self._sentences.start_hint}"
        try:
            is_kept = self._window.create_confirmation_dialog(self._owner.page.title, question)
        finally:
            self._is_asking.release()
        self._owner.answered(OnClose.KEEP if is_kept else OnClose.ASK)
