"""The command line, as somebody types it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import httpx
import pytest

from e2e.program import ENDS_WITHIN_S, Program
from hivemind_chatroom.paths import settings_file
from hivemind_chatroom.program import EXIT_START_FAILED, EXIT_UNWELL
from hivemind_chatroom.settings import LOG_LEVELS, Settings
from hivemind_chatroom.version import __version__

SETTINGS = {field.name for field in fields(Settings)}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hivemind_chatroom", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def assert_one_clear_line(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert words in done.stderr


def test_the_version_is_the_packages() -> None:
    assert run("--version").stdout == f"hivemind-flask-chatroom {__version__}\n"


def test_the_quickstart_has_every_flag_and_no_other_and_every_setting() -> None:
    quickstart = (Path(__file__).parents[1] / "docs" / "quickstart.md").read_text("utf-8")
    described = set(re.findall(r"^\| `(--[a-z-]+)`", quickstart, re.MULTILINE))
    assert described == set(re.findall(r"--[a-z-]+", run("--help").stdout)) - {"--help"}
    without_flag = {name for name in SETTINGS if f"--{name.replace('_', '-')}" not in described}
    assert {name for name in without_flag if f"`{name}`" not in quickstart} == set()


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run("--host", "127.0.0.1", "--port", str(port), "--hub", "none")
    assert_one_clear_line(done, f"Port {port} is used by another program")


def test_an_address_of_another_computer_is_said_in_one_line() -> None:
    done = run("--host", "203.0.113.7", "--port", "0", "--hub", "none")
    assert_one_clear_line(done, "203.0.113.7 is not an address of this computer")


def test_a_room_that_a_restore_leaves_closed_says_why_and_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))  # where the program has its own
    file = settings_file()
    with Program(tmp_path, "--port", "0", "--hub", "none") as program:
        [operator] = re.findall(r"Operator: +(\S+)", program.welcome)
        address, _, token = operator.partition("/#k=")
        with httpx.Client(base_url=address, headers={"X-Operator-Token": token}) as web:
            backup = web.get("/api/backup").content
            file.parent.mkdir(parents=True)
            file.write_text("this is no TOML")
            headers = {"Content-Type": "application/zip"}
            assert web.post("/api/restore", content=backup, headers=headers).is_success
        assert program.process
        said, _ = program.process.communicate(timeout=ENDS_WITHIN_S)
    assert program.process.returncode == EXIT_START_FAILED
    assert said.splitlines()[-1].startswith("hivemind-flask-chatroom: The settings file ")


@pytest.mark.parametrize("flag", ["--data-dir", "--log-path"])
def test_a_folder_that_cannot_be_used_is_said_in_one_line(tmp_path: Path, flag: str) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "inside"
    done = run("--host", "127.0.0.1", "--port", "0", "--hub", "none", flag, str(folder))
    assert_one_clear_line(done, f"The folder {folder} can't be used")


def test_a_value_that_no_flag_takes_is_said_in_one_line() -> None:
    assert_one_clear_line(run("--hub", "mqtt"), "hub in the command line")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--colour", "red"], "unrecognized arguments: --colour red; --help"),
        (["kitchen"], "unrecognized arguments: kitchen; --help"),
        (["two\nlines"], "unrecognized arguments: two lines; --help"),
        (["--port"], "argument --port: expected one argument; --help"),
        (["--por", "0"], "unrecognized arguments: --por 0; --help"),
    ],
)
def test_a_command_line_that_cannot_be_read_is_said_in_one_line(
    arguments: list[str], words: str
) -> None:
    assert_one_clear_line(run(*arguments), words)


def test_the_help_tells_every_level_of_the_log() -> None:
    shown = " ".join(run("--help").stdout.split())
    assert ", ".join(LOG_LEVELS) in shown


@pytest.mark.parametrize("and_then", [(), ("--backup", "copy.db")])
def test_a_file_of_another_program_is_no_database_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, and_then: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    diary = tmp_path / "diary.txt"
    diary.write_text("dear diary")
    diary.chmod(0o644)
    done = run("--port", "0", "--hub", "none", "--database", f"sqlite:///{diary}", *and_then)
    assert_one_clear_line(done, f"{diary} is not this room's database. Name another file")
    assert diary.read_text() == "dear diary"
    assert stat.S_IMODE(diary.stat().st_mode) == 0o644
    assert not [path for path in tmp_path.iterdir() if path.is_file() and path != diary]


def test_a_folder_that_a_database_was_to_be_in_is_not_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/nowhere/room.db"
    done = run("--port", "0", "--hub", "none", "--database", url)
    assert_one_clear_line(done, f"The folder {tmp_path}/nowhere can't be used: there is none")
    assert not (tmp_path / "nowhere").exists()


CLI_WITH_A_ROOM = """
import os, signal, sys, threading
from hivemind_chatroom import chatroom, cli

class Room:
    name, url, lan_url, code, set_aside, assistant = "Room", "http://", None, "", None, "none"
    operator_url, public_url, failure = "http://", None, None

    def __init__(self, settings, origin, on_end):
        pass

    def start(self):
        os.kill(os.getpid(), int(sys.argv[1]))

    def stop(self):
        print("closing", flush=True)
        if sys.argv[2] == "stuck":
            threading.Event().wait()

chatroom.Chatroom = Room
before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
cli.main([])
print(before == [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)])
"""


def cli_with_a_room(number: signal.Signals, stop: str) -> subprocess.Popen[str]:
    """Run the command line with a room that is told to stop as soon as it has started."""
    return subprocess.Popen(
        [sys.executable, "-c", CLI_WITH_A_ROOM, str(int(number)), stop],
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_a_program_whose_stop_does_not(second: signal.Signals) -> None:
    with cli_with_a_room(signal.SIGTERM, "stuck") as process:
        assert process.stdout
        assert "closing\n" in process.stdout
        process.send_signal(second)
        try:
            assert process.wait(ENDS_WITHIN_S) == -second
        finally:
            process.kill()


def test_whoever_has_called_the_command_line_has_its_signals_back_afterwards() -> None:
    with cli_with_a_room(signal.SIGINT, "quick") as process:
        output, _ = process.communicate(timeout=ENDS_WITHIN_S)
    assert output.endswith("closing\nTrue\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_room_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with Program(tmp_path, "--port", "0", "--hub", "none") as program:
        code, _ = program.end(number)
    assert code == 0
    assert "Traceback" not in program.welcome


def test_the_same_port_is_free_at_once_after_a_stop(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    for _ in range(3):
        with Program(tmp_path, "--port", port, "--hub", "none") as program:
            assert program.url.endswith(f":{port}")
            assert program.end()[0] == 0


def test_the_log_goes_to_a_private_file_or_to_the_console(tmp_path: Path) -> None:
    with Program(tmp_path, "--port", "0", "--hub", "none") as program:
        program.end()
    file = tmp_path / "state" / "hivemind" / "flask-chat.log"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "serving on port" in file.read_text()
    with Program(tmp_path, "--port", "0", "--hub", "none", "--log-path", "stdout") as program:
        program.end()
    assert "serving on port" in program.welcome


def test_a_join_code_is_made_and_shown(tmp_path: Path) -> None:
    with Program(tmp_path, "--port", "0", "--hub", "none", "--code", "auto") as program:
        code = program.welcome.split("Join code:")[1].split()[0]
    assert len(code) == 6
    assert code.isdigit()


def test_a_room_that_runs_is_asked_whether_it_is_well(tmp_path: Path) -> None:
    with Program(tmp_path, "--port", "0", "--hub", "none", "--no-lan") as program:
        where = ("--host", "127.0.0.1", "--port", program.url.rpartition(":")[2])
        well = run("--health", *where)
        assert (well.returncode, json.loads(well.stdout)["app"]) == (0, "hivemind-chatroom")
    gone = run("--health", *where)
    assert gone.returncode == EXIT_UNWELL
    assert gone.stdout == f"No room answers at 127.0.0.1, port {where[-1]}.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only there is a systemd")
def test_a_supervisor_is_told_when_the_room_is_open_and_when_it_closes(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.settimeout(ENDS_WITHIN_S)
        supervisor.bind(str(tmp_path / "notify"))
        program = Program(tmp_path, "--port", "0", "--hub", "none", "--no-lan")
        program.environment["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        with program:
            assert supervisor.recv(100) == b"READY=1"
            assert httpx.get(f"{program.url}/healthz").is_success
        assert supervisor.recv(100) == b"STOPPING=1"


def test_importing_the_package_loads_no_library() -> None:
    code = "import sys, hivemind_chatroom; print(*{m.partition('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert not {"flask", "cheroot", "hivemind_bus_client", "asyncio"} & set(done.stdout.split())


def test_a_second_room_in_the_same_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    flags = ("--port", "0", "--hub", "none", "--data-dir", str(tmp_path / "data"))
    with Program(tmp_path, *flags):
        done = run("--host", "127.0.0.1", *flags)
    assert_one_clear_line(done, "Another room uses the folder")


def test_a_broken_database_is_said_to_the_host(tmp_path: Path) -> None:
    file = tmp_path / "data" / "room.db"
    file.parent.mkdir()
    file.write_text("this is no database" * 100)
    with Program(
        tmp_path, "--port", "0", "--hub", "none", "--data-dir", str(file.parent)
    ) as program:
        assert "The database was broken" in program.welcome


def test_a_backup_of_a_room_that_runs_is_a_room_of_its_own(tmp_path: Path) -> None:
    flags = ("--port", "0", "--hub", "none")
    data, copy = tmp_path / "room", tmp_path / "copy.db"
    with Program(tmp_path, *flags, "--data-dir", str(data)):
        done = run("--data-dir", str(data), "--backup", str(copy))
    assert done.returncode == 0, done.stderr
    assert str(copy) in done.stdout
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with Program(tmp_path, *flags, "--database", f"sqlite:///{copy}") as program:
        assert "was broken" not in program.welcome
    again = run("--data-dir", str(data), "--backup", str(copy))
    assert_one_clear_line(again, f"{copy} is there already")


def test_a_room_that_keeps_nothing_has_no_backup(tmp_path: Path) -> None:
    done = run("--database", "memory:", "--backup", str(tmp_path / "copy.db"))
    assert_one_clear_line(done, "keeps nothing on disk")


def test_a_database_on_a_server_is_copied_by_its_own_program(tmp_path: Path) -> None:
    done = run("--database", "postgresql:///room", "--backup", str(tmp_path / "copy.db"))
    assert_one_clear_line(done, "copied by pg_dump")
