from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import pytest

from hivemind_chatroom.errors import BuiltinHubError
from hivemind_chatroom.hub.builtin.address import BuiltinAddress
from hivemind_chatroom.hub.builtin.child import BuiltinHub

PATIENCE_S = 10.0
STOP_BAR_S = 0.5
PARENT_DEATH_BAR_S = 0.1

ADDRESS_LINE = '{"host": "127.0.0.1", "port": 1, "access_key": "k", "password": "p"}'

TCP_LISTEN, LOOPBACK = "0A", "0100007F"
"""As /proc/net/tcp writes them."""

PARENT = """
import sys
from pathlib import Path
from hivemind_chatroom.hub.builtin.address import BuiltinAddress
from hivemind_chatroom.hub.builtin.child import BuiltinHub
hub = BuiltinHub(Path(sys.argv[1]))
hub.start()
print("up", flush=True)
sys.stdin.read()
"""


def python(program: str) -> tuple[str, ...]:
    """A stand-in for the child."""
    return (sys.executable, "-c", program)


def children(parent: int) -> set[int]:
    found = ""
    for task in Path(f"/proc/{parent}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that has just ended has none
            found += f"{(task / 'children').read_text()} "
    return {int(pid) for pid in found.split()}


def start(hub: BuiltinHub) -> tuple[BuiltinAddress, int]:
    """Start a hub, and find the process that it began."""
    before = children(os.getpid())
    address = hub.start()
    [pid] = children(os.getpid()) - before
    return address, pid


def ends_within(pid: int, begin_end: Callable[[], None]) -> float:
    """Begin to end a process and measure the seconds until it is gone."""
    process = os.pidfd_open(pid)
    try:
        start = time.monotonic()
        begin_end()
        ended, *_ = select.select([process], [], [], PATIENCE_S)
        assert ended, "it lives on"
        return time.monotonic() - start
    finally:
        os.close(process)


@dataclass(frozen=True)
class Running:
    """A hub that serves several tests; none of them may stop it."""

    hub: BuiltinHub
    address: BuiltinAddress
    pid: int
    folder: Path


@pytest.fixture(scope="module")
def running(shared_folder: Path) -> Iterator[Running]:
    """A hub started by a process whose own files are open to everybody."""
    hub = BuiltinHub(shared_folder)
    before = os.umask(0)
    try:
        yield Running(hub, *start(hub), shared_folder)
    finally:
        os.umask(before)
        hub.stop()


def test_it_listens_on_loopback_when_start_returns(running: Running) -> None:
    address = running.address

    assert address.host == "127.0.0.1"
    listening = Path("/proc/net/tcp").read_text().splitlines()
    mine = [
        line.split()[1] for line in listening if f":{address.port:04X} 00000000:0000 0A" in line
    ]
    assert mine == [f"0100007F:{address.port:04X}"]


def test_starting_it_again_starts_no_other(running: Running) -> None:
    before = children(os.getpid())

    assert running.hub.start() == running.address
    assert children(os.getpid()) == before


def test_ctrl_c_is_left_to_its_parent(running: Running) -> None:
    """The terminal sends it to both; a hub that died of it would look like one that crashed."""
    status = Path(f"/proc/{running.pid}/status").read_text()

    [ignored] = re.findall(r"SigIgn:\s*(\w+)", status)
    assert int(ignored, 16) & 1 << signal.SIGINT - 1


def test_its_secrets_are_in_no_list_of_processes(running: Running) -> None:
    process = Path(f"/proc/{running.pid}")
    seen = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()

    assert b"hivemind_chatroom.hub.builtin" in seen
    for secret in (running.address.access_key, running.address.password):
        assert len(secret) == 32
        assert secret.encode() not in seen


def test_its_files_are_private_although_its_parents_are_not(running: Running) -> None:
    everything = (running.folder, *running.folder.rglob("*"))
    modes = {path: path.stat().st_mode & 0o777 for path in everything}

    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_it_stops_at_once_and_may_start_again(hub: BuiltinHub) -> None:
    _, pid = start(hub)

    assert ends_within(pid, hub.stop) <= STOP_BAR_S
    _, again = start(hub)
    assert again != pid


def test_stopping_what_never_started_does_nothing(hub: BuiltinHub) -> None:
    before = children(os.getpid())
    hub.stop()

    assert children(os.getpid()) == before


def test_a_child_that_does_not_listen_to_its_parent_is_killed(folder: Path) -> None:
    deaf = f"import signal; print({ADDRESS_LINE!r}, flush=True); signal.pause()"
    hub = BuiltinHub(folder, command=python(deaf))
    _, pid = start(hub)

    assert ends_within(pid, hub.stop) <= STOP_BAR_S


def test_after_its_death_it_may_start_again(hub: BuiltinHub) -> None:
    others = {*threading.enumerate()}
    before, pid = start(hub)
    [watch] = {*threading.enumerate()} - others
    ends_within(pid, lambda: os.kill(pid, signal.SIGKILL))
    watch.join(PATIENCE_S)  # the death is known when whoever waits for it has been told

    after, again = start(hub)
    assert after == before
    assert again != pid


def test_it_dies_with_its_parent(folder: Path) -> None:
    with subprocess.Popen(
        (*python(PARENT), str(folder)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        [child] = children(parent.pid)

        assert ends_within(child, parent.kill) <= PARENT_DEATH_BAR_S


def test_two_hubs_have_nothing_in_common(hub: BuiltinHub, tmp_path: Path) -> None:
    other = BuiltinHub(tmp_path / "other")
    try:
        ours, theirs = hub.start(), other.start()
    finally:
        other.stop()

    assert ours.port != theirs.port
    assert ours.access_key != theirs.access_key
    assert ours.password != theirs.password


def test_it_leaves_the_household_s_own_hivemind_alone(
    hub: BuiltinHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))

    monkeypatch.setenv("OVOS_CONFIG_BASE_FOLDER", "the-household-s")

    hub.start()

    assert list(home.rglob("*")) == []
    assert list(tmp_path.rglob("the-household-s")) == []


def test_a_child_that_fails_says_why(folder: Path) -> None:
    program = "import sys; print('log'); sys.exit('the hub is not installed')"
    hub = BuiltinHub(folder, command=python(program))

    before = children(os.getpid())
    with pytest.raises(BuiltinHubError, match=r"did not start: the hub is not installed\."):
        hub.start()
    assert children(os.getpid()) == before


def test_a_child_that_says_nothing_is_given_up(folder: Path) -> None:
    hub = BuiltinHub(folder, command=python("import sys; sys.stdin.read()"), boot_deadline_s=0.1)

    before = children(os.getpid())
    with pytest.raises(BuiltinHubError, match=r"did not listen within 0\.1 s"):
        hub.start()
    assert children(os.getpid()) == before


def test_a_child_that_ends_without_a_word_is_a_clear_error(folder: Path) -> None:
    hub = BuiltinHub(folder, command=python("pass"))

    with pytest.raises(BuiltinHubError, match="it said nothing"):
        hub.start()


def test_a_program_that_is_not_there_is_a_clear_error(folder: Path) -> None:
    hub = BuiltinHub(folder, command=("/nowhere/at-all",))

    with pytest.raises(BuiltinHubError, match="No such file"):
        hub.start()


def test_a_folder_that_can_not_be_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BuiltinHubError, match="can't start"):
        BuiltinHub(tmp_path / "file" / "folder").start()


def test_a_stop_ends_a_start_that_waits(folder: Path, tmp_path: Path) -> None:
    is_up = tmp_path / "is-up"
    os.mkfifo(is_up)
    program = f"import sys; open({str(is_up)!r}, 'w').close(); sys.stdin.read()"
    hub = BuiltinHub(folder, command=python(program))
    errors: SimpleQueue[BuiltinHubError] = SimpleQueue()

    def fail_to_start() -> None:
        with pytest.raises(BuiltinHubError) as caught:
            hub.start()
        errors.put(caught.value)

    starting = threading.Thread(target=fail_to_start, name="hub-test-start")
    starting.start()
    is_up.read_bytes()  # returns when the child has opened the other end
    hub.stop()

    assert "it was stopped" in str(errors.get(timeout=PATIENCE_S))
    starting.join(PATIENCE_S)
