"""A program that tells what happens in lines of JSON, each with the moment, and takes commands."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any, Final

HEARD_WITHIN_S: Final = 30.0
"""How long a test waits for what must come, in seconds; how soon it came, its moment tells."""

Said = dict[str, Any]


class Talk:
    """What one program says, kept, and waited for."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Listen to a program from its first line."""
        self.process = process
        self.said: list[Said] = []
        self.noise: list[str] = []
        """Lines that are no JSON: what broke."""
        self._changed = threading.Condition()
        self._is_over = False
        self._reader = threading.Thread(target=self._read, name="test-talk", daemon=True)
        self._reader.start()

    def wait(
        self, wanted: Callable[[Said], bool], within_s: float = HEARD_WITHIN_S, after: float = 0.0
    ) -> Said:
        """Return the first line that is wanted, said already or yet to come.

        Args:
            wanted: Tells whether a line is.
            within_s: Seconds to wait.
            after: Only what happened later than this moment, of the monotonic clock.
        """
        deadline = time.monotonic() + within_s
        with self._changed:
            while True:
                for line in self.said:
                    if line["at"] > after and wanted(line):
                        return line
                left = deadline - time.monotonic()
                if left <= 0 or self._is_over:
                    raise AssertionError(f"{self.noise or self.said[-20:]}")
                self._changed.wait(left)

    def hear(self, words: str, within_s: float = HEARD_WITHIN_S) -> None:
        """Wait for words in what it says otherwise than in JSON."""
        deadline = time.monotonic() + within_s
        with self._changed:
            while not any(words in line for line in self.noise):
                left = deadline - time.monotonic()
                assert left > 0 and not self._is_over, self.noise  # noqa: PT018 - one reason
                self._changed.wait(left)

    def tell(self, command: str) -> None:
        """Give the program a line."""
        assert self.process.stdin
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()

    def ask(self, command: str, within_s: float = HEARD_WITHIN_S) -> Said:
        """Give the program a line, and return what it says to that."""
        asked_at, what = time.monotonic(), command.partition(" ")[0]
        self.tell(command)
        return self.wait(lambda line: line["what"] == what, within_s, asked_at)

    def end(self) -> None:
        """Have it end by itself, or end it; no line is lost."""
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(HEARD_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()

    def kill(self) -> float:
        """End it as a crash does; return when that was, on the monotonic clock."""
        moment = time.monotonic()
        self.process.kill()
        self.end()
        return moment

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._changed:
                try:
                    self.said.append(json.loads(line))
                except ValueError:
                    self.noise.append(line)
                self._changed.notify_all()
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
