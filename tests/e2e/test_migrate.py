"""A room moved between two runs of the program, and moves that are killed at any moment."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import httpx
import psycopg
import pytest

from contract.cluster import Cluster
from e2e.program import Program
from fakes import FakeClock
from hivemind_chatroom.migrate import EXIT_REFUSED
from hivemind_chatroom.store.migration.side import AT_ONCE
from hivemind_chatroom.store.sqlite import SqliteStore

MOVES_WITHIN_S = 60.0

LINES = 3 * AT_ONCE + 1

MOVE_AND_DIE = """
import os, signal, sys
from hivemind_chatroom.cli import main
from hivemind_chatroom.store.migration import postgres, side, sqlite

def dies_at(place, name, nth, when):
    whole, calls = getattr(place, name), []

    def dying(*given):
        calls.append(name)
        if len(calls) == nth and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        whole(*given)
        if len(calls) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, name, dying)

name, nth, when = sys.argv[1].split()
for place in (side.Side, postgres._Database, sqlite._Database):
    if hasattr(place, name):
        dies_at(place, name, int(nth), when)
sys.exit(main(["migrate", *sys.argv[2:]]))
"""

DEATHS = {
    "begin 1 after": 0,
    "put 2 before": 0,  # inside the first piece, its messages written
    "keep 1 after": AT_ONCE,
    "keep 2 before": 2 * AT_ONCE,
    "put 6 after": 3 * AT_ONCE,  # inside the last piece, all of it written
    "keep_rest 1 before": 4 * AT_ONCE,
    "put 2 after": 4 * AT_ONCE,  # inside the rest
    "keep_rest 1 after": 4 * AT_ONCE,
    "end 1 before": 4 * AT_ONCE,  # all compared
}
"""The moments one after another, and up to which number the move had come by then."""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        timeout=MOVES_WITHIN_S,
        check=False,
    )


def migrate(source: Path | str, target: Path | str) -> subprocess.CompletedProcess[str]:
    return run("-m", "hivemind_chatroom", "migrate", str(source), str(target))


def moved(source: Path | str, target: Path | str) -> str:
    """Move a room to the end, and return what proves both to be the same."""
    done = migrate(source, target)
    assert done.returncode == 0, done.stderr
    return done.stdout.rpartition("SHA-256 ")[2].partition(")")[0]


def opened(folder: Path, database: str) -> Program:
    flags = ("--port", "0", "--hub", "none", "--no-lan", "--database", database)
    return Program(folder, *flags)


def through(place: Path | str) -> int:
    """Return up to which number a move has come."""
    query = "SELECT through FROM migration"
    if isinstance(place, Path):
        with contextlib.closing(sqlite3.connect(place)) as file:
            return int(file.execute(query).fetchone()[0])
    with psycopg.connect(place) as connection:
        row = connection.execute(query).fetchone()
    assert row
    return int(row[0])


@pytest.fixture
def long_room(tmp_path: Path) -> Path:
    """A file with a room in which much was said."""
    file = tmp_path / "room.db"
    SqliteStore(file, FakeClock()).close()
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            "INSERT INTO message VALUES (?, 'person', 'ana', 'Ana', ?, 'en', "
            "'2026-03-01T12:00:00+00:00', NULL, NULL, NULL, NULL, NULL, 0, NULL, ?)",
            ((number, f"line {number}", f"line {number}") for number in range(1, LINES + 1)),
        )
        connection.execute("UPDATE room SET last_id = ?", (LINES,))
    return file


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_a_move_that_is_killed_goes_on_where_it_was(
    kind: str, long_room: Path, cluster: Cluster, tmp_path: Path
) -> None:
    target: Path | str = tmp_path / "new.db"
    if kind == "postgres":
        target = cluster.new_database()
    for death, number in DEATHS.items():
        killed = run("-c", MOVE_AND_DIE, death, str(long_room), str(target))
        assert killed.returncode == -signal.SIGKILL, (death, killed.stderr)
        assert through(target) == number, death
    seal = moved(long_room, target)
    assert seal == moved(long_room, tmp_path / "at-once.db")
    assert seal == moved(target, tmp_path / "back.db")


def test_no_room_opens_what_a_killed_move_has_left(
    long_room: Path, cluster: Cluster, tmp_path: Path
) -> None:
    for target in (tmp_path / "new.db", cluster.new_database()):
        run("-c", MOVE_AND_DIE, "keep 1 after", str(long_room), str(target))
        database = f"sqlite:///{target}" if isinstance(target, Path) else target
        refused = run("-m", "hivemind_chatroom", "--hub", "none", "--database", database)
        assert refused.returncode == EXIT_REFUSED
        assert "Not all of a room has been moved to the database" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
        moved(long_room, target)


def events_after(web: httpx.Client, number: int) -> Generator[int]:
    """Resume a stream as a browser does, and tell the numbers of what it brings."""
    with web.stream("GET", "/api/events", headers={"Last-Event-ID": str(number)}) as stream:
        kind = ""
        for line in stream.iter_lines():
            name, _, value = line.partition(": ")
            kind = value if name == "event" else kind
            if name == "data" and kind == "message":
                yield json.loads(value)["id"]


def test_people_go_on_in_the_moved_room_as_if_nothing_had_happened(
    cluster: Cluster, tmp_path: Path
) -> None:
    file, address = tmp_path / "data" / "room.db", cluster.new_database()
    file.parent.mkdir()
    with opened(tmp_path, f"sqlite:///{file}") as program:
        with httpx.Client(base_url=program.url, headers={"Origin": program.url}) as ana:
            assert ana.post("/api/join", json={"name": "Ana", "code": ""}).is_success
            for text in ("one", "two", "three"):
                assert ana.post("/api/messages", json={"client_id": text, "text": text}).is_success
            before, cookies = ana.get("/api/messages").json(), ana.cookies
        refused = migrate(file, address)
        assert refused.returncode == EXIT_REFUSED
        assert "Another room uses the folder" in refused.stderr
    moved(file.parent, address)
    with opened(tmp_path, address) as program:
        with httpx.Client(base_url=program.url, cookies=cookies) as ana:
            ana.headers["Origin"] = program.url
            assert ana.get("/api/messages").json() == before
            stream = events_after(ana, 2)
            assert next(stream) == 3
            assert ana.post("/api/messages", json={"client_id": "4", "text": "four"}).is_success
            assert next(stream) == 4
            stream.close()
            again = ana.post("/api/messages", json={"client_id": "two", "text": "two"})
            assert (again.status_code, again.json()["id"]) == (httpx.codes.OK, 2)
        in_use = migrate(address, tmp_path / "back.db")
        assert in_use.returncode == EXIT_REFUSED
        assert "is in use: a room runs on it" in in_use.stderr
    moved(address, tmp_path / "back.db")
    with (
        opened(tmp_path, f"sqlite:///{tmp_path}/back.db") as program,
        httpx.Client(base_url=program.url, cookies=cookies) as ana,
    ):
        assert [each["text"] for each in ana.get("/api/messages").json()["messages"]] == [
            *("one", "two", "three", "four")
        ]
