"""The operator's page in the default browser, where no window can be had."""

from __future__ import annotations

import html
import logging
import os
import sys
import webbrowser
from pathlib import Path
from typing import Final

from hivemind_chatroom.children import systems_own_libraries
from hivemind_chatroom.paths import open_private

_DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY")

_log = logging.getLogger(__name__)


class BrowserPage:
    """Opens the page by a private file that leads to it.

    The address has the operator's token in it, and every user of a computer can read the command
    lines of all processes, a browser's too.
    """

    def __init__(self, folder: Path, url: str) -> None:
        """Prepare to open `url` by a file in `folder`."""
        self._file = folder / "open.html"
        self._url = url

    def open(self) -> bool:
        """Open it; return whether there is a browser. Any thread may call."""
        if not _has_display():
            # what could be found now is a browser for the console, and takes it
            _log.info("there is no display to open the operator's page on")
            return False
        address = html.escape(self._url)
        with open(self._file, "w", encoding="utf-8", opener=open_private) as file:
            file.write(f'<!DOCTYPE html><meta http-equiv="refresh" content="0;url={address}">')
        try:
            with systems_own_libraries():
                return webbrowser.open(self._file.as_uri())
        except webbrowser.Error:
            _log.info("there is no browser")
            return False

    def close(self) -> None:
        """Remove the file."""
        self._file.unlink(missing_ok=True)


def _has_display() -> bool:
    return sys.platform in {"win32", "darwin"} or any(map(os.environ.get, _DISPLAYS))
