"""The command line: flags, settings, then a room until it is told to stop."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from hivemind_chatroom.errors import BackupFailedError, SettingInvalidError, StartError
from hivemind_chatroom.paths import data_folder, keep_files_private, log_folder, settings_file
from hivemind_chatroom.settings import (
    LOG_LEVELS,
    PORT_DEFAULT,
    SQLITE,
    HubChoice,
    Settings,
    database_file,
    load_settings,
)
from hivemind_chatroom.version import __version__

if TYPE_CHECKING:
    from hivemind_chatroom.chatroom import Chatroom

EXIT_START_FAILED = 2

_STOPS = (signal.SIGINT, signal.SIGTERM)
"""The signals that close the room."""

_DESCRIPTORS = 16_384
"""Open files and sockets to ask the system for: every stream is one, and every waiting request."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the room until SIGINT or SIGTERM; a second one ends the process at once.

    Args:
        arguments: The command line without the program's name; None takes the process's own.

    Returns:
        The exit code: 0 after an orderly stop, 2 when the room can't start as asked.
    """
    try:
        flags = vars(_parser().parse_args(arguments))
        backup = flags.pop("backup")
        settings = load_settings(settings_file(), os.environ, flags)
        if backup is None:
            _serve(settings)
        else:
            _back_up(settings, Path(backup).expanduser())
    except StartError as error:
        print(f"hivemind-flask-chatroom: {error}", file=sys.stderr)
        return EXIT_START_FAILED
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Refuse in one line what argparse would say in six."""
        raise SettingInvalidError(f"{' '.join(message.split())}; --help tells the flags.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="hivemind-flask-chatroom",
        description="A chatroom for the LAN whose visitors share one HiveMind voice assistant.",
        allow_abbrev=False,  # an abbreviation becomes another flag's when that is added
    )
    add = parser.add_argument
    add("--port", help=f"port to listen on (default {PORT_DEFAULT}, or the next free one)")
    add("--host", help="address to listen on (default 0.0.0.0, the whole LAN)")
    add("--log-level", metavar="LEVEL", help=f"{', '.join(LOG_LEVELS)} (default INFO)")
    add("--log-path", metavar="DIR|stdout", help="folder of the log, or stdout for the console")
    add("--hub", metavar="HUB", help=f"{', '.join(HubChoice)} (default auto: the identity file "
        "when there is one, else the built-in assistant)")  # fmt: skip
    add("--data-dir", metavar="DIR", help="folder of what the room keeps")
    add("--database", metavar="URL", help="sqlite: (default, in the data folder), "
        "sqlite:///<file in there>, sqlite:////<path from the root>, or memory: for nothing on "
        "disk")  # fmt: skip
    add("--backup", metavar="FILE", help="copy the database to a new file and end; a room that "
        "runs on it goes on")  # fmt: skip
    add("--code", metavar="CODE", help="join code: auto, none or 4 to 12 digits (default none)")
    add(
        "--rate-limit",
        metavar="default|off",
        help="how fast people may join and post (off: benchmarks)",
    )
    add("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _serve(settings: Settings) -> None:
    keep_files_private()
    from hivemind_chatroom.chatroom import Chatroom  # noqa: PLC0415 - after --help and --version
    from hivemind_chatroom.diagnostics.logs import STDOUT, Logs  # noqa: PLC0415 - as above
    from hivemind_chatroom.server.descriptors import allow_descriptors  # noqa: PLC0415 - as above

    allow_descriptors(_DESCRIPTORS)
    to_console = settings.log_path == STDOUT
    folder = Path(settings.log_path).expanduser() if settings.log_path else log_folder()
    logs = Logs(settings.log_level, None if to_console else folder)
    logs.start()
    try:
        with _told_to_stop() as told_to_stop:
            chatroom = Chatroom(settings)
            chatroom.start()
            try:
                _welcome(chatroom)
                told_to_stop.recv(1)
            finally:
                chatroom.stop()
    finally:
        logs.stop()


def _back_up(settings: Settings, copy: Path) -> None:
    keep_files_private()
    from hivemind_chatroom.store.backup import back_up  # noqa: PLC0415 - only then
    from hivemind_chatroom.store.ownership import require_own  # noqa: PLC0415 - as above

    file = database_file(settings.database, settings.data_dir or data_folder())
    if file is None:
        raise BackupFailedError("A room that keeps nothing on disk has no database to copy.")
    require_own(file, is_own_place=settings.database == SQLITE)
    back_up(file, copy)
    print(f"The database {file} is copied to {copy}.")


@contextlib.contextmanager
def _told_to_stop() -> Iterator[socket.socket]:
    """Yield a socket that a byte arrives on when the process is told to stop.

    A signal wakes a socket by itself, on every system; an Event set from a handler may deadlock
    with the wait that it interrupts. A second signal ends the process at once, as one would that
    nobody listens to: whoever sends it has seen a stop that does not end.
    """
    hears, is_told = socket.socketpair()
    with hears, is_told:
        is_told.settimeout(0)  # what set_wakeup_fd wants
        woken_before = signal.set_wakeup_fd(is_told.fileno(), warn_on_full_buffer=False)
        heard_before = {number: signal.signal(number, _let_the_next_end_it) for number in _STOPS}
        try:
            yield hears
        finally:
            for number, handler in heard_before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(woken_before)


def _let_the_next_end_it(*_: object) -> None:
    for number in _STOPS:
        signal.signal(number, signal.SIG_DFL)


def _welcome(chatroom: Chatroom) -> None:
    print(f"{chatroom.name} is open.")
    print(f"  On this computer:  {chatroom.url}")
    if chatroom.lan_url:
        print(f"  On the network:    {chatroom.lan_url}")
    if chatroom.code:
        print(f"  Join code:         {chatroom.code}")
    if chatroom.set_aside:
        print(f"  The database was broken; it is now {chatroom.set_aside}, and a new one is begun.")
    print(f"  Assistant:         {chatroom.assistant}")
    print("Press Ctrl+C to close the room.", flush=True)
