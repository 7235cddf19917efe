"""Whose a file is, found out without touching it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from fakes import FakeClock
from hivemind_chatroom.errors import DatabaseForeignError
from hivemind_chatroom.store.ownership import followed, lock_of, require_own
from hivemind_chatroom.store.schema import APPLICATION_ID
from hivemind_chatroom.store.sqlite import SqliteStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "place").mkdir()
    return tmp_path / "place" / "songs.db"


def database(file: Path, application_id: int = 0) -> None:
    connection = sqlite3.connect(file)
    connection.executescript(
        f"CREATE TABLE songs (title TEXT); PRAGMA application_id = {application_id};"
    )
    connection.close()


def refused(file: Path) -> str:
    """Return why a file is refused, after a look at its folder: nothing there has changed."""

    def seen() -> list[tuple[str, int, int]]:
        found = [(path, path.lstat()) for path in sorted(file.parent.iterdir())]
        return [(str(path), stat.st_mode, stat.st_mtime_ns) for path, stat in found]

    before = seen()
    with pytest.raises(DatabaseForeignError) as refusal:
        require_own(file, is_own_place=False)
    with pytest.raises(DatabaseForeignError):
        SqliteStore(file, FakeClock())
    assert seen() == before
    assert refusal.value.code == "database_foreign"
    return str(refusal.value).removeprefix(f"{file} is ")


FOREIGN = "not this room's database. Name another file or move this one away."


def test_what_is_not_there_or_empty_is_the_rooms(file: Path) -> None:
    require_own(file, is_own_place=False)
    assert not file.exists()
    file.touch()
    require_own(file, is_own_place=False)


def test_a_text_is_not_the_rooms(file: Path) -> None:
    file.write_text("dear diary")
    assert refused(file) == FOREIGN


def test_a_text_beside_the_lock_of_another_program_is_not_the_rooms(file: Path) -> None:
    file.write_text("dear diary")
    file.with_name(f"{file.name}.lock").touch()
    assert refused(file) == FOREIGN


@pytest.mark.parametrize("application_id", [0, 1, APPLICATION_ID - 1])
def test_a_sound_database_of_another_program_is_not_the_rooms(
    file: Path, application_id: int
) -> None:
    database(file, application_id)
    assert refused(file) == FOREIGN
    lock_of(file).touch()
    assert refused(file) == FOREIGN


def test_a_database_with_our_mark_is_the_rooms(file: Path) -> None:
    database(file, APPLICATION_ID)
    require_own(file, is_own_place=False)


def test_a_damaged_header_is_the_rooms_where_a_room_has_been(file: Path) -> None:
    file.write_bytes(b"\xa5" * 4096)
    assert refused(file) == FOREIGN
    lock_of(file).touch()
    require_own(file, is_own_place=False)


def test_a_pipe_and_a_device_are_not_the_rooms(file: Path) -> None:
    os.mkfifo(file)
    assert refused(file).startswith("no ordinary file.")
    with pytest.raises(DatabaseForeignError, match="no ordinary file"):
        require_own(Path(os.devnull), is_own_place=True)


def test_a_name_that_no_file_can_have_is_refused(file: Path) -> None:
    assert refused(file.with_name("x" * 300)).startswith("not readable (")


def test_a_link_that_leads_in_a_circle_is_refused(file: Path) -> None:
    file.symlink_to(file)
    assert refused(followed(file)).startswith("not readable (")
