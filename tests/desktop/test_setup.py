"""From a double-click to a working room, counted: a real window, a real room, a real hub."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from desktop.desktop import Desktop
from desktop.inside import Inside
from e2e.guest import Guest
from e2e.hubs import UTTERANCE, RealHub

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Qt shows no window elsewhere")

CLICKS_MAX: Final = 6
PASTES_MAX: Final = 2

FLAGS: Final = ("--host", "127.0.0.1", "--port", "0", "--log-path", "stdout")

HEADING: Final = "document.querySelector('h1')?.innerText === '%s'"
HEAD: Final = "document.querySelector('.head')?.innerText.includes('%s')"
FIVE_GREEN: Final = "document.querySelectorAll('.check-ok').length === 5"
CODE: Final = "document.querySelector('.switch .hint')?.innerText.match(/^[0-9]{6}/)?.[0]"


class Host:
    """Somebody who has double-clicked, and counts what else they do."""

    def __init__(self, window: Inside) -> None:
        self._window = window
        self.clicks = 0
        self.pastes = 0

    def clicks_on(self, button: str) -> None:
        self._window.click(button)
        self.clicks += 1

    def pastes_into(self, field: str, text: str) -> None:
        """Paste where the focus is: were it elsewhere, that would be a click too."""
        self._window.paste(text, field)
        self.pastes += 1

    def sees(self, expression: str) -> Any:  # noqa: ANN401 - whatever the page says
        return self._window.until(expression)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RealHub]:
    hub = RealHub(tmp_path / "hub").start()
    yield hub
    hub.stop()


def set_up(host: Host, address: str, printed: str) -> str:
    """Take the five steps; return the code of the room."""
    host.clicks_on("Let's go")
    host.pastes_into("Address of the hub", address)
    host.clicks_on("Next")
    host.pastes_into("Paste here", printed)
    host.clicks_on("Test")
    host.sees(FIVE_GREEN)
    host.clicks_on("Next")
    host.sees(HEADING % "Your room")
    code: str = host.sees(CODE)
    host.clicks_on("Next")
    host.sees(HEADING % "Your room is open")
    host.clicks_on("Done")
    host.sees(HEAD % "Assistant connected")
    return code


def test_from_a_double_click_to_a_room_with_a_real_hub_in_six_clicks_and_two_pastes(
    tmp_path: Path, hub: RealHub
) -> None:
    printed = hub.print_client(UTTERANCE)
    desktop = Desktop(tmp_path / "room", *FLAGS, is_real=True)
    inside = Inside(desktop)
    with desktop, inside:
        host = Host(inside)
        code = set_up(host, f"127.0.0.1:{hub.port}", printed)
        assert host.clicks <= CLICKS_MAX
        assert host.pastes <= PASTES_MAX

        port = desktop.says("serving on port").split()[-1]
        with Guest(f"http://127.0.0.1:{port}") as ana:
            question = ana.join("Ana", "en", code).says("what time is it?")
            answer = ana.hears("message", partial(answers, question))
            assert answer["text"] == "echo what time is it?"
            assert hub.heard()[-1] == "what time is it?"
        host.sees("document.querySelector('.happenings')?.innerText.includes('Ana was answered')")


def answers(question: dict[str, Any], message: dict[str, Any]) -> bool:
    return bool(message["in_reply_to"] == question["id"])
