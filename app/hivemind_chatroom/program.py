"""What the commands share: from the command line to a room with its log, its signals, its end."""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hivemind_chatroom.errors import BackupFailedError, StartError
from hivemind_chatroom.flags import TO_STDOUT
from hivemind_chatroom.paths import data_folder, keep_files_private, log_folder, settings_file
from hivemind_chatroom.settings import (
    MEMORY,
    PORT_DEFAULT,
    SQLITE,
    Origin,
    Settings,
    database_file,
)

if TYPE_CHECKING:
    from hivemind_chatroom.chatroom import Chatroom
    from hivemind_chatroom.trial.checks import See

EXIT_UNWELL = 1
EXIT_START_FAILED = 2

_STOPS = (signal.SIGINT, signal.SIGTERM)
"""The signals that close the room."""

_DESCRIPTORS = 16_384
"""Open files and sockets to ask the system for: every stream is one, and every waiting request."""

_ARENAS = 2
"""Those that all threads share: each costs memory that is not given back."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, by flags, environment and settings file."""

    settings: Settings
    origin: Origin
    """Where they come from."""
    is_background: bool = False
    """Whether the window is to stay away until it is asked for."""
    is_end_only: bool = False
    """Whether the room that runs already is to be closed, and none to be opened."""


class Stop:
    """The wish that the program ends: of a signal, or of whoever says so."""

    def __init__(self, hears: socket.socket, tells: socket.socket) -> None:
        """Hear on one end of a connected pair what is told on the other, which never waits."""
        self._hears = hears
        self._tells = tells

    def wait(self) -> None:
        """Return when the program is to end, also if that was told before."""
        select.select([self], [], [])

    def is_told(self) -> bool:
        """Tell whether the program is to end."""
        return bool(select.select([self], [], [], 0)[0])

    def fileno(self) -> int:
        """Return what can be read once the program is to end, for who waits for more than that."""
        return self._hears.fileno()

    def tell(self) -> None:
        """Wake who waits; any thread may, and more than once."""
        with contextlib.suppress(OSError):  # full of earlier words, or closed: it ends already
            self._tells.send(b"\0")

    def listen(self) -> None:
        """Hear the signals to stop; on the main thread alone.

        Libraries of windows take them, and what wakes us by them, for themselves: whoever runs one
        listens anew afterwards.
        """
        for number in _STOPS:
            signal.signal(number, self._heard)

    def _heard(self, *_: object) -> None:
        for number in _STOPS:
            signal.signal(number, signal.SIG_DFL)  # the next one ends the process
        self.tell()


Serve = Callable[[Wish, Stop], None]
"""Runs a room until the stop is told, or for as long as it likes."""


def run(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None,
    serve: Serve,
    tell: Callable[[str], None] | None = None,
    see: See | None = None,
) -> int:
    """Do what the command line asks; what can't be done is said in one line.

    A signal tells the stop that `serve` is given; a second one ends the process at once.

    Args:
        parser: Of `room_flags`, with whatever flags the command has besides.
        arguments: The command line without the program's name; None takes the process's own.
        serve: Called with the log open and the signals listened to.
        tell: Called with the line too, for those who have no console.
        see: Shows the window of a self-test; None where there is none.

    Returns:
        The exit code: 0 after an orderly stop, 2 when the room can't start as asked; 1 when its
        health was asked for and nobody answers, or when a self-test has found something.
    """
    try:
        flags = vars(parser.parse_args(arguments))
        if (report := flags.pop("self_test")) is not None:
            return _try_out(report, see)
        backup, is_background = flags.pop("backup"), flags.pop("background", False)
        is_end_only, is_health_asked = flags.pop("quit", False), flags.pop("health")
        origin = Origin(settings_file(), dict(os.environ), flags)
        settings = origin.settings()
        keep_files_private()
        if backup is not None:
            _back_up(settings, Path(backup).expanduser())
            return 0
        if is_health_asked:
            return _tell_health(settings)
        with _logged(settings), told_to_stop() as stop:
            serve(Wish(settings, origin, is_background, is_end_only), stop)
    except StartError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        if tell is not None:
            tell(str(error))
        return EXIT_START_FAILED
    return 0


@contextlib.contextmanager
def _logged(settings: Settings) -> Iterator[None]:
    from hivemind_chatroom.diagnostics.logs import STDOUT, Logs  # noqa: PLC0415 - after --help
    from hivemind_chatroom.server.arenas import share_arenas  # noqa: PLC0415 - as above
    from hivemind_chatroom.server.descriptors import allow_descriptors  # noqa: PLC0415 - as above

    allow_descriptors(_DESCRIPTORS)
    share_arenas(_ARENAS)
    to_console = settings.log_path == STDOUT
    folder = Path(settings.log_path).expanduser() if settings.log_path else log_folder()
    logs = Logs(settings.log_level, None if to_console else folder)
    logs.start()
    try:
        yield
    finally:
        logs.stop()


def _try_out(report: str, see: See | None) -> int:
    from hivemind_chatroom.trial.run import try_out  # noqa: PLC0415 - only then

    keep_files_private()
    return try_out(None if report == TO_STDOUT else Path(report).expanduser(), see)


def _tell_health(settings: Settings) -> int:
    from hivemind_chatroom.diagnostics.health import health_at  # noqa: PLC0415 - only then

    host, port = settings.own_host, settings.port or PORT_DEFAULT
    health = health_at(host, port)
    print(health or f"No room answers at {host}, port {port}.")
    return EXIT_UNWELL if health is None else 0


def _back_up(settings: Settings, copy: Path) -> None:
    from hivemind_chatroom.store.backup import back_up  # noqa: PLC0415 - only then
    from hivemind_chatroom.store.ownership import require_own  # noqa: PLC0415 - as above

    file = database_file(settings.database, settings.data_dir or data_folder())
    if file is None:
        raise BackupFailedError(
            "A room that keeps nothing on disk has no database to copy."
            if settings.database == MEMORY
            else "A database in PostgreSQL is copied by pg_dump."
        )
    require_own(file, is_own_place=settings.database == SQLITE)
    back_up(file, copy)
    print(f"The database {file} is copied to {copy}.")


@contextlib.contextmanager
def told_to_stop() -> Iterator[Stop]:
    """Yield what tells when the process is to end: the system's signals do, from now on.

    A signal wakes a socket by itself, on every system; an Event set from a handler may deadlock
    with the wait that it interrupts. A second signal ends the process at once, as one would that
    nobody listens to: whoever sends it has seen a stop that does not end.
    """
    hears, is_told = socket.socketpair()
    with hears, is_told:
        is_told.settimeout(0)  # what set_wakeup_fd wants
        woken_before = signal.set_wakeup_fd(is_told.fileno(), warn_on_full_buffer=False)
        heard_before = {number: signal.getsignal(number) for number in _STOPS}
        stop = Stop(hears, is_told)
        stop.listen()
        try:
            yield stop
        finally:
            for number, handler in heard_before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(woken_before)


def welcome(chatroom: Chatroom) -> None:
    """Say on the console where the room is."""
    print(f"{chatroom.name} is open.")
    print(f"  On this computer:  {chatroom.url}")
    if chatroom.lan_url:
        print(f"  On the network:    {chatroom.lan_url}")
    if chatroom.public_url:
        print(f"  Public address:    {chatroom.public_url}")
    if chatroom.code:
        print(f"  Join code:         {chatroom.code}")
    if chatroom.set_aside:
        print(f"  The database was broken; it is now {chatroom.set_aside}, and a new one is begun.")
    print(f"  Assistant:         {chatroom.assistant}")
    print(f"  Operator:          {chatroom.operator_url}")
    print("Press Ctrl+C to close the room.", flush=True)
