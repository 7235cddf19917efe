"""A screen of its own with a window manager, and somebody at the mouse."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Self

from PIL import ImageGrab

WITHIN_S = 20

SIZE = "1280x800x24"

TRAY = "_NET_SYSTEM_TRAY_S0"
"""What the tray of a screen owns (System Tray Protocol, freedesktop.org)."""


class Screen:
    """An X server, openbox, and a tray if one is wanted."""

    def __init__(self, *flags: str) -> None:
        """Prepare it.

        Args:
            flags: Further ones of Xvfb.
        """
        self._flags = flags
        self._programs: list[subprocess.Popen[bytes]] = []
        self.display = ""

    def __enter__(self) -> Self:
        reads, writes = os.pipe()
        with os.fdopen(reads, "rb") as number, os.fdopen(writes, "wb"):
            self._run(
                "Xvfb", "-displayfd", str(writes), "-screen", "0", SIZE, "-nolisten", "tcp",
                "-noreset",  # or it cuts off who is coming while the last one leaves
                *self._flags, keep=writes,
            )  # fmt: skip
            ready, _, _ = select.select([number], [], [], WITHIN_S)
            assert ready, "Xvfb does not start"
            self.display = f":{number.readline().decode().strip()}"
        self._run("openbox", "--sm-disable")
        asked = ("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
        self._wait(lambda: "window id" in self._ask(*asked), "openbox does not come")
        return self

    def __exit__(self, *_: object) -> None:
        for program in reversed(self._programs):
            program.terminate()
            program.wait()

    def add_tray(self) -> None:
        """Let the desktop have a tray from now on; it is seen once there is an icon in it."""
        tray = self._run("trayer", "--edge", "bottom", "--align", "right", "--expand", "true")
        with _selections(self.display) as is_owned:
            self._wait(lambda: tray.poll() is not None or is_owned(TRAY), "trayer does not come")
        assert tray.poll() is None, f"trayer has ended ({tray.returncode})"

    def window(self, title: str) -> str:
        """Wait for a window that can be seen; return its number."""
        return self._found("--name", f"^{title}$")

    def windows(self, title: str) -> list[str]:
        """Return the windows that can be seen now."""
        command = ("xdotool", "search", "--onlyvisible", "--name", f"^{title}$")
        return self._ask(*command, may_fail=True).split()

    def place(self, window: str) -> tuple[int, int, int, int]:
        """Return where a window is: left, top, width and height without its frame."""
        told = self._ask("xwininfo", "-id", window)
        left, top, width, height = (
            int(told.split(f"{what}:")[1].split()[0])
            for what in ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
        )
        return left, top, width, height

    def comes(self, window: str) -> None:
        """Wait until a window can be seen, which its page is told before."""
        self._wait(lambda: self._is_shown(window), "it does not come")

    def goes(self, window: str) -> None:
        """Wait until a window can't be seen, which its page is told before."""
        self._wait(lambda: not self._is_shown(window), "it stays")

    def is_gone(self, window: str) -> None:
        """Wait until a window is closed for good."""
        self._wait(lambda: not self._ask("xwininfo", "-id", window, may_fail=True), "it stays")

    def is_given_keys(self, title: str) -> None:
        """Wait until a window has the keyboard."""
        asked = ("xdotool", "getactivewindow", "getwindowname")  # it fails while there is none
        self._wait(lambda: self._ask(*asked, may_fail=True).strip() == title, "another has them")

    def close(self, title: str) -> None:
        """Close a window as its cross does."""
        self._ask("wmctrl", "-F", "-c", title)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self._ask("xdotool", "key", *keys)

    def click(self, window: str, across: int, down: int) -> None:
        """Click into a window, so many pixels from its upper left corner."""
        place = ("--window", window, str(across), str(down))
        self._ask("xdotool", "mousemove", "--sync", *place, "click", "1")

    def clear(self) -> None:
        """Take the pointer out of the way."""
        self._ask("xdotool", "mousemove", "0", "0")

    def comes_to_show(self, colour: tuple[int, int, int], at: tuple[int, int]) -> bool:
        """Wait until a point of the screen has a colour: what is drawn tells nobody."""
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            if ImageGrab.grab(xdisplay=self.display).convert("RGB").getpixel(at) == colour:
                return True
        return False

    def click_tray(self) -> None:
        """Click the one icon in the tray."""
        tray = self._found("--class", "trayer")
        left, top, width, height = self.place(tray)
        icon = str(left + width - height // 2), str(top + height // 2)
        self._ask("xdotool", "mousemove", *icon, "click", "1")

    def _found(self, *what: str) -> str:
        command = ("xdotool", "search", "--sync", "--onlyvisible", *what)
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            # it gives up when a window that it looks at is closed meanwhile
            if found := self._ask(*command, may_fail=True).split():
                return found[-1]
        raise AssertionError(f"there is no window by {what}")

    def _is_shown(self, window: str) -> bool:
        return "IsViewable" in self._ask("xwininfo", "-id", window)

    def _wait(self, is_so: Callable[[], bool], otherwise: str) -> None:
        """Ask the screen until it is so: nobody tells us."""
        deadline = time.monotonic() + WITHIN_S
        while not is_so():
            assert time.monotonic() < deadline, otherwise

    def _ask(self, *command: str, may_fail: bool = False) -> str:
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=WITHIN_S,
            check=not may_fail,
        )  # fmt: skip
        return done.stdout

    def _run(self, *command: str, keep: int | None = None) -> subprocess.Popen[bytes]:
        program = subprocess.Popen(
            command,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=() if keep is None else (keep,),
        )
        self._programs.append(program)
        return program

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display}


@contextlib.contextmanager
def _selections(display: str) -> Iterator[Callable[[str], bool]]:
    """Yield what tells whether a selection of a screen has an owner, which no program prints."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = x11.XGetSelectionOwner.restype = ctypes.c_ulong
    opened = x11.XOpenDisplay(display.encode())
    assert opened, f"there is no screen {display}"
    to = ctypes.c_void_p(opened)

    def is_owned(name: str) -> bool:
        atom = x11.XInternAtom(to, name.encode(), False)  # noqa: FBT003 - C's own
        return bool(x11.XGetSelectionOwner(to, ctypes.c_ulong(atom)))

    try:
        yield is_owned
    finally:
        x11.XCloseDisplay(to)
