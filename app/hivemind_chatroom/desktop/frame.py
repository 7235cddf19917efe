"""The program's side of a window that has a process of its own.

Such a window begins while the room is still being opened, and it can't take the room with it: Qt
aborts its process where there is no display, and browsers crash.
"""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import subprocess
import threading
import time
from dataclasses import replace
from typing import IO, Final

from hivemind_chatroom.children import NO_CONSOLE, Child, child_command
from hivemind_chatroom.desktop.crashes import Crashes
from hivemind_chatroom.desktop.kinds import Gui
from hivemind_chatroom.desktop.words import ABLE, LOG, SHOW, STOP, Opening, read_word, word
from hivemind_chatroom.program import Stop

ABLE_WITHIN_S: Final = 10.0
"""How long a process may take to say that it can show a window, in seconds; 0.5 are usual."""

_CRASHED_S: Final = 1.0
"""How long the system may take to say how a process has ended, in seconds."""

LEAVES_WITHIN_S: Final = 1.5
"""How long a window may take to go, in seconds; a tenth of one is usual."""

_READ_BYTES: Final = 65_536

_log = logging.getLogger(__name__)


class Frame:
    """Holds a window of the first kind that can be shown, and another one when that crashes."""

    def __init__(
        self, kinds: tuple[Gui, ...], stop: Stop, able_within_s: float = ABLE_WITHIN_S
    ) -> None:
        """Begin with the first of `kinds` right away.

        Args:
            kinds: The best first.
            stop: The end of the program; told when the window is to be that.
            able_within_s: How long to wait for each kind, in seconds.
        """
        self._kinds = kinds
        self._stop = stop
        self._able_within_s = able_within_s
        self._lock = threading.Lock()
        """Held while something is said to the window, and while it is replaced."""
        self._is_open = False
        self._is_wished = False
        self._pane = _Pane(kinds[0])

    @property
    def kind(self) -> Gui | None:
        """What the window is made of; None once there can be none."""
        return next(iter(self._kinds), None)

    def run(self, opening: Opening) -> bool:
        """Show the page until the program is to end; on the main thread.

        Args:
            opening: What the window shall be.

        Returns:
            Whether it is to end; False where there can be no window, or none any more.
        """
        crashes = Crashes()
        while self._is_able():
            self._open(opening)
            while (said := self._pane.hear(self._stop)) is not None:
                if said == STOP:
                    self._stop.tell()
            if self._stop.is_told():
                break
            again = crashes.may_reload()
            then = "opened again" if again else "left closed: it has crashed too often"
            _log.error(
                "the window's process ended (%s); it is %s", self._pane.end(_CRASHED_S), then
            )
            if not again:
                break
        return self._stop.is_told()

    def show(self) -> None:
        """Bring the window to the front, as soon as there is one; any thread may call."""
        with self._lock:
            self._is_wished = True
            if self._is_open:
                self._pane.say(word(SHOW))

    def leave(self) -> None:
        """Let the window go; returns at once."""
        self._pane.leave()

    def close(self) -> None:
        """End the window's process, if it has not gone by itself."""
        self._pane.end(LEAVES_WITHIN_S if self._is_open else 0)

    def _is_able(self) -> bool:
        """Have a process that can show a window; return whether there can be one."""
        while self._kinds:
            if self._pane.is_over:
                with self._lock:
                    self._is_open = False
                    self._pane = _Pane(self._kinds[0])
            if self._pane.hear(self._stop, self._able_within_s) == ABLE:
                _log.info("the window is made by %s", self._kinds[0])
                return True
            if self._stop.is_told():
                break
            self._pane.end(0)
            _log.info("no window by %s: %s", self._kinds[0], self._pane.last_words)
            self._kinds = self._kinds[1:]
        return False

    def _open(self, opening: Opening) -> None:
        with self._lock:
            is_hidden = opening.is_background and not self._is_wished
            self._pane.say(replace(opening, is_background=is_hidden).line())
            self._is_open = True


class _Pane:
    """One process that has the window."""

    def __init__(self, kind: Gui) -> None:
        """Start it."""
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            child_command(Child.WINDOW, kind),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            creationflags=NO_CONSOLE,
        )
        self._heard = b""
        self._speaking = threading.Lock()
        """Held while its input is written to or closed: the number of a closed one may be another
        file's by the time that somebody writes to it."""
        self.last_words = ""
        """What an ended process has said last beside its words to us."""

    @property
    def is_over(self) -> bool:
        """Whether it was ended."""
        return self._process.returncode is not None

    def say(self, line: bytes) -> None:
        """Say a line; a process that has ended, or is to, hears nothing."""
        with self._speaking, contextlib.suppress(OSError, ValueError):
            _pipe(self._process.stdin).write(line)

    def hear(self, stop: Stop, within_s: float | None = None) -> str | None:
        """Wait for a word that is not for the log.

        Returns:
            None when the stop was told, when the process has ended, and when the time is over.
        """
        deadline = None if within_s is None else time.monotonic() + within_s
        stdout = _pipe(self._process.stdout)
        with selectors.DefaultSelector() as either:
            either.register(stop, selectors.EVENT_READ)
            either.register(stdout, selectors.EVENT_READ)
            while True:
                if (said := self._next_word()) is not None:
                    return said
                left_s = None if deadline is None else max(0, deadline - time.monotonic())
                ready = [key.fileobj for key, _ in either.select(left_s)]
                if stop in ready or not ready:
                    return None
                got = os.read(stdout.fileno(), _READ_BYTES)
                if not got:
                    return None
                self._heard += got

    def leave(self) -> None:
        """Close its input, which it ends with."""
        with self._speaking:
            _pipe(self._process.stdin).close()

    def end(self, within_s: float) -> int:
        """End it, by force if it takes longer than so many seconds; return its exit code."""
        if not self.is_over:
            self.leave()
            try:
                self._process.wait(within_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            with _pipe(self._process.stdout), _pipe(self._process.stderr) as stderr:
                os.set_blocking(stderr.fileno(), False)  # a child of its own may hold it open
                lines = (stderr.read() or b"").decode(errors="replace").split("\n")
            self.last_words = next((line for line in reversed(lines) if line.strip()), "it ended")
        return self._process.returncode

    def _next_word(self) -> str | None:
        """Return a word that was heard, and write down what comes before it for the log."""
        while b"\n" in self._heard:
            line, _, self._heard = self._heard.partition(b"\n")
            try:
                said, more = read_word(line)
            except ValueError:  # what a library has written; it may hold the room's talk
                _log.warning("the window's process said what is no word: %d bytes", len(line))
                continue
            if said != LOG:
                return said
            logging.getLogger(more["name"]).log(more["level"], "%s", more["text"])
        return None


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101 - all three are pipes, see above
    return stream
