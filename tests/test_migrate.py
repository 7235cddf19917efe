"""The command `migrate`, as somebody types it, and what it says."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from contract.stores import draft, keep
from fakes import FakeClock
from hivemind_chatroom import migrate as command
from hivemind_chatroom.cli import main
from hivemind_chatroom.migrate import EXIT_REFUSED, EXIT_STOPPED, Telling
from hivemind_chatroom.store.migration import migration
from hivemind_chatroom.store.migration.migration import Progress, Step
from hivemind_chatroom.store.sqlite import SqliteStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder in which a room has been."""
    folder = tmp_path / "data"
    folder.mkdir()
    store = SqliteStore(folder / "room.db", FakeClock())
    keep(store, draft("here"), draft("and here"))
    store.close()
    return folder


def test_a_folder_is_moved_to_a_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate", str(folder), str(tmp_path / "new.db")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == ["Copying: 100 %", "Comparing: 100 %"]
    assert told[2].startswith(f"All of it is in {tmp_path}/new.db: 2 messages and 0 members.")
    assert f"What is in {folder}/room.db is as it was" in told[3]


def test_a_room_in_which_nothing_was_said_is_moved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    SqliteStore(tmp_path / "room.db", FakeClock()).close()
    assert main(["migrate", str(tmp_path), str(tmp_path / "new.db")]) == 0
    assert "0 messages and 0 members" in capsys.readouterr().out


def test_a_file_is_moved_to_a_folder(folder: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    assert main(["migrate", str(folder / "room.db"), str(new)]) == 0
    store = SqliteStore(new / "room.db", FakeClock(), is_own_place=True)
    assert store.last_id() == 2
    store.close()


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (["only one"], "arguments are required: TO; --help"),
        (["here", "there", "--colour"], "unrecognized arguments: --colour; --help"),
        (["{folder}", "sqlite:////new.db"], "A folder, a file or postgresql://... is wanted"),
        (["{folder}", "{folder}/none/new.db"], "can't be used: there is none; make it first"),
        (["{folder}", "{folder}"], "Another room uses the folder"),
        (["{folder}/none.db", "{folder}/new.db"], "There is no room in {folder}/none.db"),
        (["{folder}", "postgresql://127.0.0.1:1/room"], "The database room at 127.0.0.1 can't be"),
        (["{folder}", "{folder}/text"], "{folder}/text is not this room's database"),
    ],
)
def test_what_can_not_be_moved_is_said_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], ends: list[str], words: str
) -> None:
    (folder / "text").write_text("dear diary")
    assert main(["migrate", *(end.format(folder=folder) for end in ends)]) == EXIT_REFUSED
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert said.err.startswith("hivemind-flask-chatroom migrate: ")
    assert words.format(folder=folder) in said.err


def test_an_address_with_a_password_is_not_said_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "postgres://ana:geheim@host/room", "new.db"]) == EXIT_REFUSED
    assert "geheim" not in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    assert main(["migrate", str(folder), "postgresql:///room"]) == EXIT_REFUSED
    assert "pip install 'hivemind-flask-chatroom[postgres]'" in capsys.readouterr().err


def test_who_stops_it_is_told_that_it_goes_on(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(migration, "_copy", interrupted)
    ends = [str(folder), str(tmp_path / "new.db")]
    assert main(["migrate", *ends]) == EXIT_STOPPED
    assert "Stopped. The same command goes on from there." in capsys.readouterr().err
    monkeypatch.undo()
    assert main(["migrate", *ends]) == 0


def test_its_help_tells_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["migrate", "--help"])
    assert "FROM stays as it is" in " ".join(capsys.readouterr().out.split())


class Console(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(out: io.StringIO, percents: list[int], at_s: list[float]) -> str:
    times = iter(at_s)
    telling = Telling(out, lambda: next(times))
    for percent in percents:
        telling.tell(Progress(Step.COPYING, percent, 100))
    return out.getvalue()


def test_nobody_who_looks_is_told_more_than_once_a_second() -> None:
    shown = told(Console(), [1, 2, 30, 99, 100], [1, 1.5, 2, 2.9, 3])
    assert shown == "Copying: 1 %\rCopying: 30 %\rCopying: 100 %\n"


def test_a_file_has_a_line_for_every_tenth() -> None:
    lines = told(io.StringIO(), [*range(1, 101)], [*range(100)]).splitlines()
    assert lines == [f"Copying: {percent} %" for percent in range(10, 101, 10)]


def test_a_file_is_told_the_end_of_each_step() -> None:
    out = io.StringIO()
    telling = Telling(out, lambda: 0.0)
    for step in Step:
        telling.tell(Progress(step, 95, 100))
        telling.tell(Progress(step, 100, 100))
    ends = [f"{step}: {percent} %" for step in Step for percent in (95, 100)]
    assert out.getvalue().splitlines() == ends
