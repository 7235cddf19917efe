"""The window: pywebview shows the operator's page, and the room outlives it or ends with it.

The page is a page like any other and is given nothing of Python's: no `js_api` object and no
exposed function, which any page that the window ever showed could call. What it needs of the
program it asks of the operator's API, with its token.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, Protocol
from urllib.parse import urlsplit

import webview

from hivemind_chatroom.desktop.closing import ClosingChoice, OnClose
from hivemind_chatroom.desktop.kinds import Gui
from hivemind_chatroom.errors import traced

SIZE: Final = (1120, 800)
"""Width and height of a new window, in pixels."""

MIN_SIZE: Final = (360, 480)

BACKGROUND: Final = "#f6f5f2"
"""The page's own, shown until it is painted."""

_PYWEBVIEWS: Final[Mapping[Gui, Literal["qt", "gtk"] | None]] = MappingProxyType(
    {Gui.QT: "qt", Gui.GTK: "gtk", Gui.NATIVE: None}
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """What a window shows."""

    title: str
    url: str = field(repr=False)
    """With the operator's token in its fragment."""

    @property
    def origin(self) -> str:
        """The only one that a window may show."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def has(self, url: str) -> bool:
        """Tell whether an address is one of the operator's page."""
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}" == self.origin


class End(Protocol):
    """The end of the program, as its window knows it."""

    def wait(self) -> None:
        """Return when it has come."""
        ...

    def tell(self) -> None:
        """Have it come; any thread may, and more than once."""
        ...

    def listen(self) -> None:
        """Heed the signals in our own way again, which libraries of windows have taken."""
        ...


class Toolkit(Protocol):
    """What a kind of window does in its own way; all on the GUI thread but `to_front`."""

    @property
    def has_tray(self) -> bool:
        """Whether there is a tray now."""
        ...

    def settle(self, window: webview.Window) -> None:
        """Take care of a window that was made and is not shown yet."""
        ...

    def to_front(self) -> None:
        """Show the window, before all others; any thread may call."""
        ...

    def hide(self) -> None:
        """Put the window away."""
        ...

    def ask(self) -> None:
        """Ask what closing shall mean, unless the question is there already; returns at once.

        The answer goes to `OperatorWindow.answered`.
        """
        ...

    def let_go(self) -> None:
        """Free the threads of pywebview's that wait for a page which is gone.

        Nobody else does, and the process would wait for them at its end; the loop is over by then.
        """
        ...


class OperatorWindow:
    """One window, from its opening until the room is to be closed."""

    def __init__(self, page: Page, choice: ClosingChoice, stop: End) -> None:
        """Make none yet.

        Args:
            page: What the window shows, and nothing else.
            choice: What closing it means.
            stop: Ends the window when told, and is told when the window is to be the end.
        """
        self.page = page
        self.choice = choice
        self.stop = stop
        self._is_leaving = threading.Event()
        self._lock = threading.Lock()
        self._is_settled = False
        self._is_wished = False
        self._toolkit: Toolkit | None = None

    def run(self, gui: Gui, toolkit: Toolkit, *, is_background: bool) -> None:
        """Open the window and return when the room is to be closed; the main thread only.

        Args:
            gui: What the window is made of.
            toolkit: Of that kind.
            is_background: Whether the window is to stay away until `show`.
        """
        self._toolkit = toolkit
        with self._lock:
            is_hidden = is_background and not self._is_wished
        window = webview.create_window(
            self.page.title,
            self.page.url,
            width=SIZE[0],
            height=SIZE[1],
            min_size=MIN_SIZE,
            hidden=is_hidden,
            background_color=BACKGROUND,
            text_select=True,
            zoomable=True,
        )
        assert window is not None  # noqa: S101 - only a handler of `initialized` could refuse it
        window.events.before_show += lambda: self._settle(window)
        window.events.shown += self._come_if_wished  # of a hidden window too, once it could show
        window.events.closing += self._closing
        window.events.loaded += lambda: _log.info("the window has loaded the page")
        watch = threading.Thread(
            target=self._leave_when_told, args=(window,), name="desktop-stop", daemon=True
        )
        watch.start()
        try:
            webview.start(gui=_PYWEBVIEWS[gui])
        finally:
            self._is_leaving.set()
            self.stop.tell()
            watch.join()
            if self._is_settled:
                toolkit.let_go()

    def show(self) -> None:
        """Bring the window to the front, as soon as there is one; any thread may call."""
        with self._lock:
            is_settled = self._is_settled
            self._is_wished = not is_settled
        if is_settled and self._toolkit is not None:
            self._toolkit.to_front()

    def answered(self, choice: OnClose) -> None:
        """Do what closing shall mean, and remember it; on the GUI thread."""
        if choice is not OnClose.ASK:
            self.choice.remember(choice)
        self._close(choice)

    def _settle(self, window: webview.Window) -> None:
        assert self._toolkit is not None  # noqa: S101 - `run` has set it
        try:
            self._toolkit.settle(window)
            with self._lock:
                self._is_settled = True
            self.stop.listen()  # pywebview has taken SIGINT, and would end its loop and no more
        except Exception as error:  # noqa: BLE001 - pywebview would print it, and its words
            _log.error("the window can't be settled: %s", traced(error))

    def _come_if_wished(self) -> None:
        """Do what `show` was asked for before there was a window."""
        with self._lock:
            is_wished, self._is_wished = self._is_wished, False
        if is_wished and self._is_settled and self._toolkit is not None:
            self._toolkit.to_front()

    def _closing(self) -> bool:
        """Tell pywebview whether the window may close; on the GUI thread, which must not wait."""
        if self._is_leaving.is_set():
            return True
        assert self._toolkit is not None  # noqa: S101 - `run` has set it
        meant = self.choice.on_close(has_tray=self._toolkit.has_tray)
        if meant is OnClose.ASK:
            self._toolkit.ask()
        else:
            self._close(meant)
        return False

    def _close(self, meant: OnClose) -> None:
        if meant is OnClose.STOP:
            self.stop.tell()
        elif meant is OnClose.KEEP and self._toolkit is not None:
            self._toolkit.hide()

    def _leave_when_told(self, window: webview.Window) -> None:
        self.stop.wait()
        if not self._is_leaving.is_set():
            self._is_leaving.set()
            window.destroy()
