"""The parent's side of the built-in hub: start the child process, watch it, stop it."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from hivemind_chatroom.children import NO_CONSOLE, Child, child_command
from hivemind_chatroom.errors import BuiltinHubError
from hivemind_chatroom.hub.builtin.address import BuiltinAddress
from hivemind_chatroom.paths import open_private

BOOT_DEADLINE_S: Final = 15.0
"""How long the child may take until it listens; 0.6 s are usual."""

STOP_PATIENCE_S: Final = 0.3
"""How long the child may take to end by itself before it is killed."""

PRIVATE_FOLDER: Final = 0o700
BOOT_LOG: Final = "boot.log"
STATE_FOLDER: Final = "state"
"""What the child keeps; it may remove the whole of it."""


class BuiltinHub:
    """A hivemind-core hub with a small assistant in a child process of ours."""

    def __init__(
        self,
        folder: Path,
        *,
        command: Sequence[str] | None = None,
        boot_deadline_s: float = BOOT_DEADLINE_S,
    ) -> None:
        """Prepare the hub, start nothing yet.

        Args:
            folder: private to this hub, made when missing; the access key and password stay the
                same as long as it exists.
            command: what starts the child, its folder is appended; the program's own by default.
            boot_deadline_s: how long `start` waits, in seconds.
        """
        self._folder = folder
        self._command = command or child_command(Child.BUILTIN_HUB)
        self._boot_deadline_s = boot_deadline_s
        self._lock = threading.Lock()
        self._life: _Life | None = None

    def start(self) -> BuiltinAddress:
        """Start the child unless it runs, and wait until it listens: half a second or so.

        Raises:
            BuiltinHubError: The child ended at once, was stopped meanwhile or did not listen in
                time.
        """
        with self._lock:
            if self._life is None or not self._life.is_alive:
                try:
                    process = self._spawn()
                except OSError as error:
                    reason = error.strerror or "the system says no"
                    raise BuiltinHubError(f"The built-in hub can't start: {reason}.") from error
                self._life = _Life(process, self._boot_log)
            life = self._life
        return life.address(self._boot_deadline_s)

    def stop(self) -> None:
        """End the child, within half a second."""
        with self._lock:
            life, self._life = self._life, None
        if life is not None:
            life.end()

    def _spawn(self) -> subprocess.Popen[bytes]:
        self._folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        self._folder.chmod(PRIVATE_FOLDER)
        with open(self._boot_log, "wb", opener=open_private) as boot_log:
            return subprocess.Popen(  # noqa: S603 - our own program, no shell
                [*self._command, str(self._folder / STATE_FOLDER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=boot_log,
                creationflags=NO_CONSOLE,
            )

    @property
    def _boot_log(self) -> Path:
        return self._folder / BOOT_LOG


class _Life:
    """One run of the child, from start to end."""

    def __init__(self, process: subprocess.Popen[bytes], boot_log: Path) -> None:
        self._process = process
        self._boot_log = boot_log
        self._is_ended = threading.Event()
        self._line = b""
        self._has_spoken = threading.Event()
        threading.Thread(target=self._watch, name="builtin-hub-watch", daemon=True).start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def address(self, deadline_s: float) -> BuiltinAddress:
        has_spoken = self._has_spoken.wait(deadline_s)
        try:
            return BuiltinAddress.from_line(self._line)
        except ValueError:
            was_stopped = self._is_ended.is_set()
        self.end()  # what it writes as it ends is the reason
        if was_stopped:
            reason = "it was stopped"
        elif has_spoken:
            reason = self._last_words()
        else:
            reason = f"it did not listen within {deadline_s:g} s"
        raise BuiltinHubError(f"The built-in hub did not start: {reason}.")

    def end(self) -> None:
        """Close the child's standard input, which it ends with; kill it if it does not."""
        self._is_ended.set()
        _pipe(self._process.stdin).close()
        try:
            self._process.wait(STOP_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _watch(self) -> None:
        """Read the child's one line, then wait for its end."""
        with _pipe(self._process.stdout) as stdout:
            self._line = stdout.readline()
        self._has_spoken.set()
        self._process.wait()
        _pipe(self._process.stdin).close()

    def _last_words(self) -> str:
        lines = self._boot_log.read_text("utf-8", errors="replace").split("\n")
        return next((line for line in reversed(lines) if line), "it said nothing")


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101 - both streams are pipes, see _spawn
    return stream
