"""The window by GTK 3 and WebKit2GTK; it has no tray."""

from __future__ import annotations

import importlib
import logging
from typing import Any

import webview

from hivemind_chatroom.desktop.closing import OnClose
from hivemind_chatroom.desktop.crashes import Crashes
from hivemind_chatroom.desktop.sentences import Sentences
from hivemind_chatroom.desktop.window import OperatorWindow

_log = logging.getLogger(__name__)

_KEEP = 1
_STOP = 2
"""What the question's buttons answer; GTK's own answers are below zero."""


class GtkToolkit:
    """What pywebview leaves open in GTK; other threads reach it by GLib's idle calls."""

    def __init__(self, owner: OperatorWindow, sentences: Sentences) -> None:
        """Belong to `owner`, whose window is not made yet."""
        self._owner = owner
        self._page = owner.page
        self._sentences = sentences
        self._crashes = Crashes()
        self._question: Any = None
        # Debian's own packages, without annotations; pywebview asks for the right version of each.
        self._pywebviews: Any = importlib.import_module("webview.platforms.gtk")
        self._glib: Any = importlib.import_module("gi.repository.GLib")
        self._gtk: Any = importlib.import_module("gi.repository.Gtk")
        webview.settings["ALLOW_DOWNLOADS"] = True  # it asks where to

    @property
    def has_tray(self) -> bool:
        """GTK 3 has none that desktops of today show."""
        return False

    def settle(self, window: webview.Window) -> None:
        """Let the page come back after a crash, and keep it at home."""
        native: Any = window.native
        self._shown: Any = self._pywebviews.BrowserView.instances[window.uid]
        self._window = native
        self._view = native
        while not hasattr(self._view, "load_uri"):  # it stands in two frames
            self._view = self._view.get_child()
        self._view.connect("web-process-terminated", self._recover)
        self._view.connect("load-changed", self._keep_at_home)

    def to_front(self) -> None:
        """Show the window, before all others; any thread may call."""
        self._glib.idle_add(self._raise)

    def hide(self) -> None:
        """Put the window away."""
        self._window.hide()

    def ask(self) -> None:
        """Ask what closing shall mean."""
        if self._question is not None:
            self._question.present()
            return
        says, gtk = self._sentences, self._gtk
        dialog = gtk.MessageDialog(
            transient_for=self._window,
            modal=True,
            message_type=gtk.MessageType.QUESTION,
            text=says.question,
            secondary_text=says.start_hint,
        )
        dialog.add_button(says.cancel, gtk.ResponseType.CANCEL)
        dialog.add_button(says.stop, _STOP)
        dialog.add_button(says.keep, _KEEP)
        dialog.set_default_response(_KEEP)
        dialog.connect("response", self._answer)
        self._question = dialog
        dialog.show()

    def let_go(self) -> None:
        """Free the threads that wait for what the page would have answered to a script."""
        for awaited in tuple(self._shown.js_results.values()):
            awaited["semaphore"].release()

    def _answer(self, dialog: Any, response: int) -> None:  # noqa: ANN401 - GTK's own
        dialog.destroy()
        self._question = None
        self._owner.answered({_KEEP: OnClose.KEEP, _STOP: OnClose.STOP}.get(response, OnClose.ASK))

    def _raise(self) -> None:
        self._window.show_all()
        self._window.present()

    def _keep_at_home(self, view: Any, _: object) -> None:  # noqa: ANN401 - GTK's own
        if not self._page.has(view.get_uri() or self._page.url):
            view.stop_loading()
            view.load_uri(self._page.url)

    def _recover(self, view: Any, reason: Any) -> None:  # noqa: ANN401 - GTK's own
        is_reloaded = self._crashes.may_reload()
        then = "loaded again" if is_reloaded else "left as it is: it has crashed too often"
        _log.error("the page's process ended (%s); it is %s", reason.value_nick, then)
        if is_reloaded:  # from its first address: the one it has now lacks the token
            self._glib.idle_add(view.load_uri, self._page.url)
