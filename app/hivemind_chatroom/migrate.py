"""The command `migrate FROM TO`: a room moved from one database to another."""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, TextIO

from hivemind_chatroom.errors import (
    MigrationFailedError,
    MigrationRefusedError,
    SettingInvalidError,
    StartError,
)
from hivemind_chatroom.paths import keep_files_private
from hivemind_chatroom.settings import POSTGRES, SQLITE, database_file

if TYPE_CHECKING:
    from hivemind_chatroom.store.migration.migration import Progress, Seal, Step
    from hivemind_chatroom.store.migration.side import Side

COMMAND: Final = "migrate"

EXIT_STOPPED = 1
EXIT_REFUSED = 2

_PAUSE_S: Final = 1.0
"""How long people look at one number, in seconds."""

_LOGGED_PERCENT: Final = 10
"""How far it comes from line to line where nobody looks."""

_URL: Final = re.compile(r"[a-z]+:")
_AGAIN: Final = "The same command goes on from there."
_HELP: Final = """\
FROM and TO are each a folder that a room has kept its data in, a file of its database, or
postgresql://..., as --database takes it. No room may run on either. What ended before its end
goes on when the same command is given again. FROM stays as it is; settings, and the identity of
this computer, stay where they are."""


def migrate(name: str, arguments: Sequence[str]) -> int:
    """Move a room, and say how far it is.

    Args:
        name: Of the program.
        arguments: What follows the command's name.

    Returns:
        The exit code: 0 when all of it is moved, 1 when it has stopped before its end, 2 when
        nothing can be moved as asked.
    """
    prog = f"{name} {COMMAND}"
    try:
        flags = _parser(prog).parse_args(arguments)
        keep_files_private()
        return _move(flags.source, flags.target)
    except StartError as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return EXIT_REFUSED
    except MigrationFailedError as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return EXIT_STOPPED
    except KeyboardInterrupt:
        print(f"{prog}: Stopped. {_AGAIN}", file=sys.stderr)
        return EXIT_STOPPED


def _move(source: str, target: str) -> int:
    from hivemind_chatroom.store.migration.migration import move  # noqa: PLC0415 - after --help

    progress = Telling(sys.stdout)
    with contextlib.ExitStack() as ends:
        old = ends.enter_context(_source(source))
        new = ends.enter_context(_target(target))
        seal = move(old, new, progress.tell)
        progress.end(seal, old.place, new.place)
    return 0


def _source(said: str) -> AbstractContextManager[Side]:
    if not said.startswith(POSTGRES):
        from hivemind_chatroom.store.migration.sqlite import sqlite_source  # noqa: PLC0415 - late

        return sqlite_source(_file(said))
    _require_postgres()
    from hivemind_chatroom.store.migration.postgres import postgres_source  # noqa: PLC0415 - extra

    return postgres_source(said)


def _target(said: str) -> AbstractContextManager[Side]:
    if not said.startswith(POSTGRES):
        from hivemind_chatroom.store.migration.sqlite import sqlite_target  # noqa: PLC0415 - late

        return sqlite_target(_file(said))
    _require_postgres()
    from hivemind_chatroom.store.migration.postgres import postgres_target  # noqa: PLC0415 - extra

    return postgres_target(said)


def _file(said: str) -> Path:
    if _URL.match(said):
        given = "an address with a password" if "@" in said else said
        raise MigrationRefusedError(
            f"A folder, a file or {POSTGRES}... is wanted, not {given}; --help tells more."
        )
    path = Path(said).expanduser()
    return (database_file(SQLITE, path) or path) if path.is_dir() else path


def _require_postgres() -> None:
    if find_spec("psycopg") is None:
        raise SettingInvalidError(
            f"{POSTGRES}... needs the extra `postgres`: "
            "pip install 'hivemind-flask-chatroom[postgres]'."
        )


class Telling:
    """Says how far a move is: to people each second at most, to a file every tenth."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        """Say it on `out`, by a clock in seconds."""
        self._clock = clock
        self._out = out
        self._is_watched = out.isatty()
        self._step: Step | None = None
        self._told_percent = 0
        self._told_s = 0.0

    def tell(self, progress: Progress) -> None:
        """Say it, if it is time to."""
        if progress.step is not self._step:
            self._step, self._told_percent, self._told_s = progress.step, 0, -_PAUSE_S
        percent, now_s = progress.done * 100 // progress.of, self._clock()
        is_all = progress.done == progress.of
        is_pause_over = self._is_watched and now_s - self._told_s >= _PAUSE_S
        is_tenth = not self._is_watched and percent >= self._told_percent + _LOGGED_PERCENT
        if not (is_all or is_pause_over or is_tenth):
            return
        self._told_percent, self._told_s = percent, now_s
        end = "\r" if self._is_watched and not is_all else "\n"
        print(f"{progress.step}: {percent} %", end=end, file=self._out, flush=True)

    def end(self, seal: Seal, old: str, new: str) -> None:
        """Say what was moved, and what becomes of the rest."""
        rows = seal.rows
        print(
            f"All of it is in {new}: {rows['message']:,} messages and {rows['member']:,} members. "
            f"Both databases hold the same (SHA-256 {seal.sha256}).\n"
            f"Open the room there from now on, with --database. What is in {old} is as it was: "
            "keep it until you have seen that all is well, open no room on it, then delete it.",
            file=self._out,
        )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise MigrationRefusedError(f"{message}; --help tells more.")


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=prog, description=f"Moves a room to another database. {_HELP}")
    parser.add_argument("source", metavar="FROM", help="where the room is")
    parser.add_argument("target", metavar="TO", help="an empty database, or a place for one")
    return parser
