"""One program to a data folder: the second start tells the first to show itself, and ends.

The first holds a lock that the system lets go of when its process dies. Beside it lies
`instance.json`, readable by its user alone: its process, the operator's port, and the token.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

from filelock import FileLock, Timeout

from hivemind_chatroom.errors import AlreadyRunningError, FolderUnusableError
from hivemind_chatroom.paths import PRIVATE_FILE, open_private

FIRST_STARTS_WITHIN_S: Final = 15.0
"""How long a second start waits for the first to be up, in seconds."""

ANSWERS_WITHIN_S: Final = 3.0
"""How long the first may take to answer, in seconds; milliseconds are usual."""

ENDS_WITHIN_S: Final = 15.0
"""How long one that was asked to end may take, in seconds; three are usual."""

LOOKS_EVERY_S: Final = 0.5
"""How often a second start asks a first that does not answer again, in seconds."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Instance:
    """Where the program that runs is reached."""

    pid: int
    port: int
    """Of the operator's listener on 127.0.0.1."""
    token: str = field(repr=False)

    @classmethod
    def at(cls, operator_url: str) -> Self:
        """Return this process, whose operator's page is at `http://127.0.0.1:<port>/#k=<token>`."""
        url = urlsplit(operator_url)
        return cls(os.getpid(), url.port or 0, parse_qs(url.fragment)["k"][0])

    def show(self) -> bool:
        """Ask it to show its window; return whether it does."""
        return self._does("show")

    def quit(self) -> bool:
        """Ask it to close the room and to end; return whether it will."""
        return self._does("quit")

    def _does(self, word: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWERS_WITHIN_S)
        with contextlib.closing(connection):
            try:
                headers = {"X-Operator-Token": self.token, "Content-Type": "application/json"}
                connection.request("POST", f"/api/window/{word}", b"{}", headers)
                return connection.getresponse().status == http.client.NO_CONTENT
            except (OSError, http.client.HTTPException) as error:
                _log.debug("the first instance does not answer: %s", type(error).__name__)
                return False


class Claim:
    """The right of the first program; until it has announced itself, a second one waits."""

    def __init__(self, file: Path, starting: FileLock) -> None:
        """Hold the right to write `file`, and the lock that a second start waits for."""
        self._file = file
        self._starting = starting

    def announce(self, operator_url: str) -> None:
        """Let second starts find the operator's page.

        Raises:
            FolderUnusableError: That can't be written.
        """
        made = self._file.with_suffix(".new")
        with _in_words(self._file):
            with open(made, "w", encoding="utf-8", opener=open_private) as file:
                json.dump(asdict(Instance.at(operator_url)), file)
            made.replace(self._file)
        self._starting.release()


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[Claim | None]:
    """Claim a data folder for as long as the context lasts.

    Yields:
        The claim of the first; None in a second start, when the first has shown itself.

    Raises:
        AlreadyRunningError: There is a first, which neither answers nor ends.
        FolderUnusableError: The folder has a file in the way.
    """
    # Who starts holds the first lock until he is either known to be the second, or announced.
    starting = FileLock(folder / "starting.lock", mode=PRIVATE_FILE)
    running = FileLock(folder / "running.lock", mode=PRIVATE_FILE)
    file = folder / "instance.json"
    with contextlib.ExitStack() as held:
        held.callback(starting.release)
        if not _is_first(starting, running, file):
            yield None
            return
        held.callback(running.release)
        with _in_words(file):
            file.unlink(missing_ok=True)  # of one that was killed
        held.callback(file.unlink, missing_ok=True)
        yield Claim(file, starting)


def end_running(folder: Path) -> None:
    """Have the program that runs on a data folder close its room, and return when it has ended.

    Raises:
        AlreadyRunningError: It neither answers nor ends.
        FolderUnusableError: The folder has a file in the way.
    """
    if not folder.is_dir():
        return
    first = _read(folder / "instance.json")
    if first is not None:
        first.quit()
    running = FileLock(folder / "running.lock", mode=PRIVATE_FILE)
    if not _has(running, ENDS_WITHIN_S):
        raise AlreadyRunningError(first.pid if first else None)
    running.release()


def _is_first(starting: FileLock, running: FileLock, file: Path) -> bool:
    """Take both locks, or have the first show itself; one that stops or restores answers later."""
    deadline = time.monotonic() + FIRST_STARTS_WITHIN_S
    may_be = _has(starting, FIRST_STARTS_WITHIN_S)
    patience_s = 0.0
    while not (may_be and _has(running, patience_s)):
        first = _read(file)
        if first is not None and first.show():
            return False
        left_s = deadline - time.monotonic()
        if not may_be or left_s <= 0:
            raise AlreadyRunningError(first.pid if first else None)
        patience_s = min(LOOKS_EVERY_S, left_s)
    return True


def _has(lock: FileLock, within_s: float) -> bool:
    try:
        with _in_words(Path(lock.lock_file)):
            lock.acquire(timeout=within_s)
    except Timeout:
        return False
    return True


@contextlib.contextmanager
def _in_words(file: Path) -> Iterator[None]:
    """Say in a sentence that a file can't be had."""
    try:
        yield
    except Timeout:  # which is an OSError, too
        raise
    except OSError as error:
        reason = f"{file.name}: {error.strerror or type(error).__name__}"
        raise FolderUnusableError(str(file.parent), reason) from error


def _read(file: Path) -> Instance | None:
    try:
        return Instance(**json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
