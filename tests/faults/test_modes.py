"""Whatever becomes of a room's files, nobody else may read them, and its old logs tell nothing."""

from __future__ import annotations

import re
import secrets
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

import httpx
import pytest

from e2e.operator_page import OperatorPage
from e2e.program import Program
from faults.figures import Figures
from faults.posting import joined, visitor

CARELESS: Final = ("sh", "-c", 'umask 0; exec "$@"', "sh")
"""Starts the program where everybody may read what it makes, unless it says otherwise."""

LOG_BYTES: Final = 1_000_000
"""As many as a file of the log may have (`diagnostics/logs.py`)."""

OTHERS_MAY: Final = stat.S_IRWXG | stat.S_IRWXO


class Home:
    """A household's folders, and what of them others may read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "state" / "hivemind" / "flask-chat.log"
        self.database = folder / "data" / "hivemind-chatroom" / "room.db"
        self.text = f"canary{secrets.token_hex(6)}"
        """What is said in the room."""
        self.seen: set[Path] = set()

    def program(self) -> Program:
        flags = ("--port", "0", "--hub", "built-in", "--log-level", "DEBUG")
        return Program(self.folder, *flags, "--operator-port", "0", under=CARELESS)

    def fill_log(self) -> None:
        """Have the next line be the first of another file."""
        with self.log.open("ab") as log:
            log.write(b"x" * (LOG_BYTES - self.log.stat().st_size - 1) + b"\n")

    def open_to_others(self) -> list[str]:
        """Return what others may read or enter of all that the room has made."""
        found = []
        for kind in ("config", "data", "state", "cache"):
            for path in (self.folder / kind).rglob("*"):
                self.seen.add(path)
                if stat.S_IMODE(path.stat().st_mode) & OTHERS_MAY:
                    found.append(str(path.relative_to(self.folder)))
        return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A household in which somebody has said something."""
    home = Home(tmp_path)
    with home.program() as program:
        say(program, home.text)
    assert home.log.is_file()
    return home


def say(program: Program, text: str) -> None:
    with visitor(program.url, joined(program.url, f"Ana {text[-4:]}")) as web:
        answer = web.post("/api/messages", json={"client_id": text, "text": text, "to": "people"})
        assert answer.status_code == httpx.codes.CREATED, answer.text


def back_up(program: Program, copy: Path) -> None:
    """Have the program itself make a copy, in a process of its own."""
    command = [*CARELESS, sys.executable, "-m", "hivemind_chatroom", "--backup", str(copy)]
    subprocess.run(command, env=program.environment, check=True, capture_output=True)


def restore(program: Program) -> None:
    """Take a backup, change the room, and bring it back."""
    [address] = re.findall(r"Operator: +(\S+)", program.welcome)
    with OperatorPage(address) as page:
        backup = page.web.get("/api/backup").content
        page.ask("PATCH", "settings", {"room_name": "Cellar"})
        page.sees(lambda status: status["room"]["name"] == "Cellar")
        zipped = {"Content-Type": "application/zip"}
        page.web.post("/api/restore", content=backup, headers=zipped).raise_for_status()
        page.sees(lambda status: status["room"]["name"] != "Cellar")


def test_what_is_restored_copied_rotated_and_set_aside_is_its_owners_alone(
    home: Home, figures: Figures
) -> None:
    copy = home.folder / "data" / "copy.db"
    home.fill_log()
    with home.program() as program:
        say(program, f"{home.text} again")
        back_up(program, copy)
        restore(program)
        open_to_others = home.open_to_others()
    home.database.write_bytes(b"SQLite format 3\0" + b"broken" * 1_000)
    home.fill_log()
    with home.program() as program:
        say(program, f"{home.text} anew")
        open_to_others += home.open_to_others()
    open_to_others += home.open_to_others()
    made = {path.name for path in home.seen}
    logs = sorted(home.log.parent.glob("flask-chat.log*"))
    assert {"copy.db", "flask-chat.log.1", "flask-chat.log.2"} <= made
    assert [name for name in made if "-before-restore-" in name]
    assert "The database was broken" in program.welcome
    print(open_to_others)  # noqa: T201 - what pytest shows of a failure
    with figures.of(
        "after a restore, a copy, two full logs and a broken database, umask 0"
    ) as seen:
        seen.told("files and folders looked at", len(home.seen))
        seen.exactly("that others may read or enter", 0, len(open_to_others))
        seen.exactly(
            "of what was said, in old logs", 0, sum(home.text in read(log) for log in logs)
        )


def read(file: Path) -> str:
    return file.read_text("utf-8")
