"""The room as a program: started from the command line, ended by a signal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from e2e.hubs import RealHub

STARTS_WITHIN_S = 20.0
ENDS_WITHIN_S = 10.0

_COMMAND = (sys.executable, "-m", "hivemind_chatroom", "--host", "127.0.0.1")
_URL = re.compile(r"On this computer: +(http://\S+)")


class Program:
    """One process of `hivemind-flask-chatroom`."""

    def __init__(self, folder: Path, *flags: str, under: Sequence[str] = ()) -> None:
        """Keep everything in `folder`; nothing runs yet.

        Args:
            folder: Where its home is.
            flags: Of its command line.
            under: A command that becomes the program, in front of it.
        """
        self._under = under
        self._flags = flags
        self.environment = dict(os.environ)
        for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
            self.environment[f"XDG_{kind}_HOME"] = str(folder / kind.lower())
        self.process: subprocess.Popen[str] | None = None
        self.url = ""
        self.welcome = ""

    def set_identity(self, hub: RealHub, *, port: int | None = None) -> Self:
        """Run upstream's own command, to the letter of the quickstart.

        Args:
            hub: Which hub the room shall be a satellite of.
            port: Where it is reached; None for its own port.
        """
        command = Path(sys.executable).with_name("hivemind-client")
        arguments = ["--key", hub.key, "--password", hub.password, "--host", "127.0.0.1"]
        arguments += ["--port", str(port or hub.port), "--siteid", "flask"]
        subprocess.run(
            [command, "set-identity", *arguments],
            env=self.environment,
            check=True,
            capture_output=True,
        )
        return self

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.end()

    def start(self) -> Self:
        """Run until it has said where it is."""
        self.process = subprocess.Popen(
            [*self._under, *_COMMAND, *self._flags],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout
        for line in self.process.stdout:
            self.welcome += line
            if found := _URL.search(line):
                self.url = found[1]
            if line.startswith("Press Ctrl+C"):
                return self
        self.process.communicate(timeout=ENDS_WITHIN_S)  # it has ended, and leaves nothing open
        raise AssertionError(self.welcome)

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal, and return the exit code and the seconds it took."""
        assert self.process
        begun = time.monotonic()
        self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=ENDS_WITHIN_S)
        self.welcome += output
        return self.process.returncode, time.monotonic() - begun
