"""What no window shows by itself: threads that would outlive it, wishes that come before it."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import webview

from hivemind_chatroom.desktop.closing import ClosingChoice
from hivemind_chatroom.desktop.kinds import Gui
from hivemind_chatroom.desktop.qt import QtToolkit
from hivemind_chatroom.desktop.sentences import Sentences
from hivemind_chatroom.desktop.window import OperatorWindow, Page
from hivemind_chatroom.program import told_to_stop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="others have their own windows")


def test_who_waits_for_a_page_that_is_gone_is_freed(tmp_path: Path) -> None:
    # as pywebview's BrowserView.evaluate_js has it while a script has not answered
    awaited = threading.Semaphore(0)
    view = SimpleNamespace(_js_results={"a script": {"semaphore": awaited, "result": ""}})
    page = Page("Room", "http://127.0.0.1:4711/#k=SECRET")
    with told_to_stop() as stop:
        owner = OperatorWindow(page, ClosingChoice(tmp_path / "window.json"), stop)
        toolkit = QtToolkit(owner, Sentences.in_language("en"))
        setattr(toolkit, "_window", view)  # noqa: B010 - what `settle` does with a real one
        toolkit.let_go()
    assert awaited.acquire(blocking=False)


class Hidden:
    """A toolkit whose window only notes that it is wished to the front."""

    has_tray = False

    def __init__(self) -> None:
        self.came = threading.Event()

    def settle(self, window: webview.Window) -> None:
        pass

    def to_front(self) -> None:
        self.came.set()

    def hide(self) -> None:
        pass

    def ask(self) -> None:
        pass

    def let_go(self) -> None:
        pass


def test_a_hidden_window_comes_if_that_was_wished_while_it_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolkit = Hidden()
    came: list[bool] = []

    def start(**_: object) -> None:
        owner.show()
        window = webview.windows.pop()
        assert window.hidden
        window.events.before_show.set()
        window.events.shown.set()
        came.append(toolkit.came.wait(20))

    monkeypatch.setattr(webview, "start", start)
    with told_to_stop() as stop:
        page = Page("Room", "http://127.0.0.1:4711/#k=SECRET")
        owner = OperatorWindow(page, ClosingChoice(tmp_path / "window.json"), stop)
        owner.run(Gui.QT, toolkit, is_background=True)
    assert came == [True]


def test_a_page_knows_its_own_addresses_and_tells_nobody_its_token() -> None:
    page = Page("Room", "http://127.0.0.1:4711/#k=SECRET")
    assert page.has("http://127.0.0.1:4711/static/x.js")
    for elsewhere in (
        "http://127.0.0.1:4712/",
        "https://127.0.0.1:4711/",
        "http://localhost:4711/",
        "http://127.0.0.1:4711@example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ):
        assert not page.has(elsewhere)
    assert "SECRET" not in repr(page)
