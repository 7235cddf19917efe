"""The window of an installed program, and somebody with a mouse who sees what is in it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from PIL import ImageGrab

from desktop.screen import Screen
from lan.network import Host
from lan.talk import Talk
from package.places import ROOT

LOOKS_AT: Final = 9222
"""Where Chromium lets the window's page be looked into, in the network of its computer."""

PLACE: Final = """(() => {
  const all = [...document.querySelectorAll("button:enabled, label")];
  const found = all.find((each) => each.innerText.trim().startsWith(%s));
  if (!found || document.getAnimations().some((each) => each.playState === "running")) return null;
  const { x, y, width, height } = found.getBoundingClientRect();
  const at = [x + width / 2, y + height / 2];
  return found.contains(document.elementFromPoint(...at)) ? at : null;
})()"""
"""Where the mouse has to go for a button, once it rests and nothing covers it."""

HEADING: Final = 'document.querySelector("h1")?.innerText === %s'
AT_REST: Final = "document.getAnimations().every((each) => each.playState !== 'running')"
PAINTED: Final = """new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""
CODE: Final = 'document.querySelector(".switch .hint")?.innerText.match(/^[0-9]{6}/)?.[0]'


class Window:
    """The window, and somebody with a mouse who sees what is in it."""

    def __init__(self, screen: Screen, network: Host, pictures: Path) -> None:
        """Look for it.

        Args:
            screen: Where it is shown.
            network: Of the computer that it runs on.
            pictures: Where those of it are kept.
        """
        self._screen = screen
        self._pictures = pictures
        self._number = screen.window("HiveMind Chatroom")
        looking = (sys.executable, "-m", "package.looking", str(LOOKS_AT))
        ours = {"PYTHONPATH": str(ROOT / "tests")}
        self._page = Talk(network.begin(*looking, env=ours))
        self._page.wait(lambda line: line["what"] == "ready")

    def sees(self, expression: str) -> Any:  # noqa: ANN401 - whatever the page has
        """Wait until something is true of the page, and return it."""
        return self._page.ask(f"seen {' '.join(expression.split())}")["value"]

    def clicks(self, label: str) -> None:
        """Press the button that begins with these words, with the mouse."""
        across, down = self.sees(PLACE % json.dumps(label))
        self._screen.click(self._number, round(across), round(down))

    def is_pictured(self, name: str) -> None:
        """Keep a picture of it, for people to look at."""
        self.sees(AT_REST)
        self.sees(PAINTED)
        ImageGrab.grab(xdisplay=self._screen.display).save(self._pictures / f"{name}.png")

    def is_gone(self) -> None:
        """Wait until it is no more."""
        self._screen.is_gone(self._number)


def set_up(window: Window) -> str:
    """Take the steps to a room with the built-in assistant; return its code."""
    window.sees(HEADING % '"Welcome"')
    window.is_pictured("welcome")
    window.clicks("Let's go")
    window.clicks("Use the built-in assistant")
    window.clicks("Next")
    window.sees(HEADING % '"Your room"')
    code: str = window.sees(CODE)
    window.clicks("Next")
    window.sees(HEADING % '"Your room is open"')
    window.is_pictured("invitation")
    window.clicks("Done")
    return code
