"""Real hubs for the tests: each in a process and folders of its own, on a port that it keeps."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from e2e.keys import give_hub_key

UTTERANCE = "recognizer_loop:utterance"
PROGRAM = "e2e.hub_program"
TESTS = str(Path(__file__).resolve().parent.parent)
STRONG_PASSWORD_BYTES = 16
DATABASE = "hivemind-sqlite-db-plugin"


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RealHub:
    """One hivemind-core hub; its folders, port and clients outlive a restart."""

    def __init__(self, folder: Path, *, tls: bool = False, is_plain: bool = False) -> None:
        """Choose a port; nothing runs yet.

        Args:
            folder: Where it keeps everything.
            tls: Whether it is reached by `wss://`.
            is_plain: Whether its assistant has a bus that costs next to nothing.
        """
        self.folder = folder
        self.tls = tls
        self._words = [*(["tls"] if tls else []), *(["plain"] if is_plain else [])]
        self.port = free_port()
        self.key = self.password = ""
        self.client_id = 0
        self._process: subprocess.Popen[str] | None = None

    def start(self, *types: str) -> Self:
        """Run until it listens, and admit a client that may send these message types, if any."""
        identity = self.folder / "config" / "hivemind" / "hub"
        if not identity.exists():
            give_hub_key(identity)
        environment = self._environment()
        with (self.folder / "hub.log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", PROGRAM, str(self.port), *self._words],
                env={**environment, "PYTHONPATH": TESTS},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._answer()["port"] == self.port
        if types:
            self.admit(*types)
        return self

    def admit(self, *types: str, password: str = "") -> None:
        """Add a client that may send these message types; `key` and `password` are its own now."""
        self.key = secrets.token_hex(STRONG_PASSWORD_BYTES)
        self.password = password or secrets.token_hex(STRONG_PASSWORD_BYTES)
        self.client_id = self.tell("add", key=self.key, password=self.password, types=list(types))

    def configure(self, **settings: Any) -> None:  # noqa: ANN401 - any JSON values
        """Write upstream's own settings file, which counts from the next start."""
        file = self.folder / "config" / "hivemind-core" / "server.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(settings))

    def print_client(self, *types: str) -> str:
        """Run upstream's own `add-client` on this hub, and return all that it prints."""
        place = {"db_path": str(self.folder / "data" / "clients.db")}
        self.configure(database={"module": DATABASE, DATABASE: place})
        command = Path(sys.executable).with_name("hivemind-core")
        allowed = [f"--allow={topic}" for topic in types]
        done = subprocess.run(
            [command, "add-client", "--name", "Family room", *allowed],
            env=self._environment(),
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def allow(self, *types: str) -> None:
        """Change what that client may send."""
        self.tell("allow", key=self.key, types=list(types))

    def tell(self, do: str, **what: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Have the hub do something, and return what it says."""
        process = self._running()
        assert process.stdin
        process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        process.stdin.flush()
        return self._answer()["result"]

    @property
    def pid(self) -> int:
        """Its process."""
        return self._running().pid

    def heard(self) -> list[str]:
        """Return every text that reached the assistant, in order."""
        return [asked["text"] for asked in self.tell("heard")]

    def ever_heard(self) -> list[str]:
        """Return every text that reached the assistant of this hub or of one before its restart."""
        journal = self.folder / "state" / "heard"
        return [json.loads(line) for line in journal.read_text().splitlines()]

    def kill(self) -> None:
        """End the hub as a power cut would."""
        process = self._running()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        self._process = None

    def freeze(self) -> None:
        """Stop it in the middle of everything; the kernel still accepts connections for it."""
        self._running().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._running().send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it if it runs."""
        if self._process:
            self.kill()

    def _environment(self) -> dict[str, str]:
        environment = dict(os.environ)
        for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
            path = self.folder / kind.lower()
            path.mkdir(parents=True, exist_ok=True)
            environment[f"XDG_{kind}_HOME"] = str(path)
        return environment

    def _running(self) -> subprocess.Popen[str]:
        assert self._process, "the hub does not run"
        return self._process

    def _answer(self) -> dict[str, Any]:
        process = self._running()
        assert process.stdout
        line = process.stdout.readline()
        assert line, "the hub's process has ended"
        answer: dict[str, Any] = json.loads(line)
        return answer
