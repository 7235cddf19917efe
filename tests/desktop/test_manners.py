"""How the window behaves on a screen: it asks, hides, comes back, saves and prints."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtPdf import QPdfDocument

from desktop.desktop import WITHIN_S, Desktop
from desktop.screen import Screen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is there on Linux alone")

ROOM = "HiveMind Chatroom"


def printed(file: Path) -> QPdfDocument:
    """Return a PDF once all of it is written, which nobody tells."""
    deadline = time.monotonic() + WITHIN_S
    while not (file.exists() and file.read_bytes().rstrip().endswith(b"%%EOF")):
        assert time.monotonic() < deadline, "nothing is printed"
    pdf = QPdfDocument()
    pdf.load(str(file))
    return pdf


def is_paper(colour: QColor) -> bool:
    """Tell whether nothing is printed there."""
    return colour.alpha() == 0 or colour == QColor("white")


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with Screen() as screen:
        yield screen


@pytest.fixture
def desktop(screen: Screen, tmp_path: Path) -> Iterator[Desktop]:
    """Yield a program of this test's own."""
    with opened(screen, tmp_path) as desktop:
        yield desktop


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Screen, Desktop]]:
    """Yield a screen with a program whose window each test leaves as it found it."""
    with Screen() as screen, opened(screen, tmp_path_factory.mktemp("shared")) as desktop:
        yield screen, desktop


@contextlib.contextmanager
def opened(screen: Screen, home: Path) -> Iterator[Desktop]:
    (home / "Downloads").mkdir()
    desktop = Desktop(home / "data", display=screen.display)
    desktop.environment["HOME"] = str(home)
    with desktop:
        desktop.hears("painted")
        yield desktop


def test_the_whole_window_is_on_the_screen(shared: tuple[Screen, Desktop]) -> None:
    screen, _ = shared
    left, top, width, height = screen.place(screen.window(ROOM))
    assert left >= 0
    assert top >= 20  # its title is above
    assert left + width <= 1280
    assert top + height <= 800


def test_what_the_page_draws_is_seen(shared: tuple[Screen, Desktop]) -> None:
    screen, _ = shared
    left, top, width, height = screen.place(screen.window(ROOM))
    middle = left + width // 2, top + height // 2
    assert screen.comes_to_show((0x8A, 0x4B, 0x00), middle)


def test_who_thinks_better_of_closing_keeps_the_window(shared: tuple[Screen, Desktop]) -> None:
    screen, desktop = shared
    window = screen.window(ROOM)
    screen.close(ROOM)
    desktop.hears("blur")
    screen.press("Escape")
    desktop.hears("focus")
    screen.comes(window)


def test_closing_asks_and_a_room_that_is_kept_is_shown_again_by_a_second_start(
    screen: Screen, desktop: Desktop, tmp_path: Path
) -> None:
    window = screen.window(ROOM)
    screen.close(ROOM)
    desktop.hears("blur")
    screen.press("Return")  # "Keep the room running"
    desktop.hears("hidden")
    screen.goes(window)
    assert desktop.process.poll() is None
    with Desktop(tmp_path / "data", display=screen.display) as second:
        assert second.ends() == 0
    desktop.hears("visible")
    screen.comes(window)
    screen.is_given_keys(ROOM)


def test_closing_may_stop_the_room(screen: Screen, desktop: Desktop) -> None:
    screen.window(ROOM)
    screen.close(ROOM)
    desktop.hears("blur")
    screen.press("Tab", "space")  # "Stop the room"
    assert desktop.ends() == 0
    desktop.hears("stopped")


def test_a_signal_ends_a_window_that_asks(screen: Screen, desktop: Desktop) -> None:
    screen.window(ROOM)
    screen.close(ROOM)
    desktop.hears("blur")
    code, took_s = desktop.told(signal.SIGTERM)
    assert code == 0
    assert took_s < 3


def test_in_the_background_nothing_is_shown_until_it_is_asked_for(
    screen: Screen, tmp_path: Path
) -> None:
    with Desktop(tmp_path, "--background", display=screen.display) as desktop:
        desktop.hears("ready")
        assert screen.windows(ROOM) == []
        with Desktop(tmp_path, display=screen.display) as second:
            assert second.ends() == 0
        screen.window(ROOM)


def test_why_the_room_cannot_start_is_said_in_a_box(screen: Screen, tmp_path: Path) -> None:
    with Desktop(tmp_path, "--hub", "mqtt", display=screen.display) as desktop:
        assert desktop.ends() == 2
        box = screen.window(ROOM)
        assert len(desktop.lines) == 1
    screen.press("Return")
    screen.is_gone(box)


def test_the_page_can_copy_save_and_print(screen: Screen, desktop: Desktop, tmp_path: Path) -> None:
    pane = desktop.pane()
    screen.window(ROOM)
    screen.press("Tab", "space")
    assert desktop.hears("copied")["done"] is True
    screen.press("Tab", "Return")
    dialog = screen.window("Save as")
    screen.press("Escape")
    cancelled = desktop.hears("download")
    assert (cancelled["name"], cancelled["outcome"]) == ("room.txt", "cancelled")
    screen.is_gone(dialog)
    screen.is_given_keys(ROOM)
    screen.press("Return")
    screen.window("Save as")
    screen.press("Return")
    assert desktop.hears("download", times=2)["outcome"] == "saved"
    screen.window(ROOM)
    assert (tmp_path / "Downloads" / "room.txt").read_text() == "the room"
    screen.press("Tab", "Tab", "space")
    dialog = screen.window("Print")
    screen.press("alt+p")
    screen.is_gone(dialog)
    pdf = printed(tmp_path / "print.pdf")
    assert "The stand-in's page" in pdf.getAllText(0).text()
    assert is_paper(pdf.render(0, QSize(210, 297)).pixelColor(1, 1))
    screen.close(ROOM)
    desktop.hears("blur", times=4)  # each dialog takes the keys, the question too
    assert desktop.pane() == pane  # or it would have crashed, and been opened again


def test_where_there_is_a_tray_closing_asks_once_and_the_tray_shows_the_window(
    tmp_path: Path,
) -> None:
    with Screen() as screen:
        screen.add_tray()
        with Desktop(tmp_path, display=screen.display) as desktop:
            desktop.hears("painted")
            window = screen.window(ROOM)
            screen.close(ROOM)
            desktop.hears("blur")
            screen.press("Return")
            desktop.hears("hidden")
            screen.click_tray()
            desktop.hears("visible")
            screen.comes(window)
            screen.close(ROOM)
            desktop.hears("hidden", times=2)
            screen.goes(window)
            assert json.loads((tmp_path / "window.json").read_text()) == {"on_close": "keep"}
