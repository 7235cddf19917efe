from __future__ import annotations

import html
import os
import re
import stat
import sys
import webbrowser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from hivemind_chatroom.desktop.browser import BrowserPage

URL = "http://127.0.0.1:4711/#k=SECRET"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="others always have a display")


def test_the_token_is_in_a_private_file_and_not_in_a_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def browser(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setattr(webbrowser, "open", browser)
    page = BrowserPage(tmp_path / "a folder", URL)
    (tmp_path / "a folder").mkdir()
    assert page.open() is True
    (url,) = opened
    file = Path(unquote(urlsplit(url).path))
    assert "SECRET" not in url
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    leads_to = re.search('content="0;url=([^"]+)"', file.read_text())
    assert leads_to
    assert html.unescape(leads_to[1]) == URL
    page.close()
    assert not file.exists()


def test_without_a_display_no_browser_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(webbrowser, "open", lambda _: os.abort())
    page = BrowserPage(tmp_path, URL)
    assert page.open() is False
    page.close()


def test_a_computer_without_a_browser_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_browser(_: str) -> bool:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setattr(webbrowser, "open", no_browser)
    assert BrowserPage(tmp_path, URL).open() is False
