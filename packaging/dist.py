"""Builds the wheel and the source archive into `dist/`, and tries them: `python packaging/dist.py`.

Run by the Python of an environment that has the dependency group `dist`. The archives are built
twice and have to be the same to the byte; then what pip makes of them is started, as somebody would
who has read the README.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from bundle import ROOT, source_date

DIST: Final = ROOT / "dist"
COMMANDS: Final = ("hivemind-flask-chatroom", "hivemind-chatroom")

OPENS_WITHIN_S: Final = 60.0
"""How long a first start may take, in seconds: Python compiles everything."""

STOPS_WITHIN_S: Final = 20.0

_OWN: Final = re.compile(r"hivemind_chatroom/|hivemind_flask_chatroom-[\w.]+\.dist-info/")
"""All that a wheel of ours may hold."""

_LICENCE: Final = re.compile(r"\.dist-info/licenses/LICENSE$")

_ADDRESS: Final = re.compile(r"On this computer: +(http://\S+)")

_WINDOW: Final = "the window has loaded the page"


def main() -> int:
    """Build, compare, check, install and start; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="dist-") as folder:
        work = Path(folder)
        first, second = _build(work / "first"), _build(work / "second")
        for one, other in zip(first, second, strict=True):
            _require(_sum(one) == _sum(other), f"{one.name} is the same when built again")
        _check(*first)
        for extra, kind in (("", COMMANDS[0]), ("[desktop]", COMMANDS[1])):
            _try(work / f"tried{extra}", first[0], extra, kind)
        DIST.mkdir(exist_ok=True)
        for archive in first:
            shutil.copy2(archive, DIST)
            _say(f"{_sum(archive)}  dist/{archive.name}  {archive.stat().st_size // 1000} kB")
    return 0


def _build(folder: Path) -> tuple[Path, Path]:
    """Return the wheel and the source archive; the wheel is made of the archive, as pip would."""
    made = folder / "made"
    _run(sys.executable, "-m", "build", "--no-isolation", "--sdist", f"--outdir={made}", str(ROOT))
    (raw,) = made.glob("*.tar.gz")
    source = folder / raw.name
    even_out(raw, source)
    with tarfile.open(source) as archive:
        archive.extractall(folder / "source", filter="data")
    (tree,) = (folder / "source").iterdir()
    _run(
        sys.executable, "-m", "build", "--no-isolation", "--wheel", f"--outdir={folder}", str(tree)
    )
    (wheel,) = folder.glob("*.whl")
    return wheel, source


def even_out(raw: Path, made: Path) -> None:
    """Write an archive again without what differs from build to build: times, owners, an order.

    setuptools heeds SOURCE_DATE_EPOCH in wheels alone.
    """
    tar = made.with_suffix("")
    with tarfile.open(raw) as old, tarfile.open(tar, "w", format=tarfile.PAX_FORMAT) as new:
        for member in sorted(old.getmembers(), key=lambda each: each.name):
            member.mtime = int(source_date())
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mode = 0o755 if member.mode & 0o100 else 0o644
            member.pax_headers = {}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    # Without its name and time, which the format can do without (RFC 1952, 2.3.1).
    _run("gzip", "--best", "--no-name", "--force", str(tar))


def _check(wheel: Path, source: Path) -> None:
    """Have the archives looked at, by those who know what they should hold, and by us."""
    _run(str(_beside("check-wheel-contents")), str(wheel))
    _run(sys.executable, "-m", "twine", "check", "--strict", str(wheel), str(source))
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    strangers = [name for name in names if not _OWN.match(name)]
    _require(not strangers, "the wheel holds the program alone", *strangers)
    _require(any(map(_LICENCE.search, names)), "the wheel holds the licence")
    with tarfile.open(source) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {"LICENSE", "Makefile", "pyproject.toml", "tests/conftest.py", "docs/development.md"}
    _require(wanted <= inside, "the source archive holds what builds and tests it")
    leftovers = [name for name in inside if "__pycache__" in name or name.startswith(".venv")]
    _require(not leftovers, "and nothing that was left behind", *leftovers)


def _try(folder: Path, wheel: Path, extra: str, command: str) -> None:
    """Install a wheel into an environment of nothing but pip, by one command, and start it."""
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    _run(str(programs / "python"), "-m", "pip", "install", "--quiet", f"{wheel}{extra}")
    _run(str(programs / "python"), "-m", "pip", "check")
    for each in COMMANDS:
        _run(str(programs / each), "--version")
    home = folder / "home"
    home.mkdir()
    with _started(programs / command, home) as lines:
        for line in lines:
            if found := _ADDRESS.search(line):
                with urllib.request.urlopen(found[1], timeout=OPENS_WITHIN_S) as page:  # noqa: S310 - ours
                    _require(page.status == 200, f"{command}{extra} serves its page")  # noqa: PLR2004
                break
            if _WINDOW in line:
                _require(True, f"{command}{extra} shows its page in a window")  # noqa: FBT003
                break
        else:
            _require(False, f"{command}{extra} opens the room")  # noqa: FBT003


@contextlib.contextmanager
def _started(program: Path, home: Path) -> Iterator[Iterator[str]]:
    """Run a room without a screen and yield what it says; it has to stop in good order."""
    environment = {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "PYTHONUNBUFFERED": "1",
        "QT_QPA_PLATFORM": "offscreen",
    }
    flags = ("--host=127.0.0.1", "--port=0", "--no-lan", "--hub=built-in", "--log-path=stdout")
    process = subprocess.Popen(  # noqa: S603 - the program that was just installed
        [program, *flags], env=environment, cwd=home, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    try:
        yield _lines(process.stdout, time.monotonic() + OPENS_WITHIN_S)
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        _require(process.wait(STOPS_WITHIN_S) == 0, "and stops when it is told to")
    finally:
        process.kill()
        process.wait()


def _lines(pipe: IO[str], until: float) -> Iterator[str]:
    while select.select([pipe], [], [], max(0, until - time.monotonic()))[0]:
        line = pipe.readline()
        if not line:
            return
        yield line


def _beside(program: str) -> Path:
    return Path(sys.executable).with_name(program)


def _sum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _run(*command: str | Path) -> None:
    environment = os.environ | {"SOURCE_DATE_EPOCH": source_date(), "PYTHONHASHSEED": "0"}
    done = subprocess.run(  # noqa: S603 - the tools of this environment
        command,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\n{' '.join(map(str, command))}: ended with {done.returncode}")


def _require(holds: bool, sentence: str, *but: str) -> None:  # noqa: FBT001 - whether it is so
    if not holds:
        sys.exit(f"Not so: {sentence}. {' '.join(but)}")
    _say(f"ok: {sentence}")


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
