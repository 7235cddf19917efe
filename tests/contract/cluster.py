"""A PostgreSQL of Debian's package, for this process of tests alone."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

_USER = "chatroom"
_SERVER_OPTIONS = "-c listen_addresses= -k"
"""No port."""
_FORGETFUL = "-c fsync=off -c full_page_writes=off"
"""No sync: most tests are about no loss of power, and take a third of the time."""


class Cluster:
    """A server on a Unix socket of its own, with a new database for each test."""

    def __init__(self, *, is_durable: bool = False) -> None:
        """Start it; one that is durable syncs as Debian's does."""
        self._own_options = "" if is_durable else _FORGETFUL
        self._folder = tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp")
        self._home = Path(self._folder.name)
        self._home.chmod(0o700)
        if os.geteuid() == 0:
            subprocess.run(["chown", "postgres", self._home], check=True)
        programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
        self._control = programs / "pg_ctl"
        flags = ("--auth=trust", f"--username={_USER}", "--no-sync", "--encoding=UTF8")
        self._run(programs / "initdb", "--pgdata", self._data, "--locale=C", *flags)
        self._numbers = itertools.count(1)
        self.start()

    def new_database(self, encoding: str = "UTF8") -> str:
        """Make an empty database, and return its address."""
        name = f"room{next(self._numbers)}"
        query = f"CREATE DATABASE {name} TEMPLATE template0 ENCODING {encoding} STRATEGY file_copy"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(query.encode())
        return self._address(name)

    def start(self) -> None:
        """Have the server run."""
        options = f"{self._own_options} {_SERVER_OPTIONS} {self._home}"
        self._run(self._control, "start", "--wait", "-D", self._data, "-o", options)

    def crash(self) -> None:
        """Have it end at once, with all that was connected."""
        self._run(self._control, "stop", "--mode=immediate", "-D", self._data)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server and to all that it has started."""
        server = (self._data / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        for pid in (server, *children):
            os.kill(int(pid), number)

    def stop(self) -> None:
        """End the server, and leave nothing of it."""
        self.crash()
        self._folder.cleanup()

    @property
    def _data(self) -> Path:
        return self._home / "data"

    def _address(self, name: str) -> str:
        return f"postgresql://{_USER}@/{name}?host={self._home}"

    def _run(self, *command: str | Path) -> None:
        """Run one of its programs, which refuse to run as root."""
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        log = (self._home / "log").open("ab")
        with log:
            subprocess.run([*as_user, *command], check=True, stdout=log, stderr=log, cwd="/")


def _version(programs: Path) -> int:
    return int(programs.parent.name)
