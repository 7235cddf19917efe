"""A Debian with nothing but its essentials, as a computer that boots for the first time has it.

It is a folder that debootstrap has made, seen as `/` by whoever is in a mount namespace of its own:
so nothing is mounted that anybody would have to take away again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

MADE_WITHIN_S: Final = 900.0
"""How long the mirror may take for all packages, in seconds."""

DONE_WITHIN_S: Final = 120.0
"""How long anything else may take, in seconds."""

PERSON: Final = "person"
"""Whose computer it is; their home is /home/person."""

_UID: Final = "1000"

_SWITCH_ON: Final = """
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs tmpfs tmp
mount -t tmpfs tmpfs run
mkdir tmp/.X11-unix
test ! -d /tmp/.X11-unix || mount --bind /tmp/.X11-unix tmp/.X11-unix
chmod 1777 tmp
mount --bind "$2" mnt
test ! -f /etc/resolv.conf || mount --bind /etc/resolv.conf etc/resolv.conf
pivot_root . .
umount --lazy .
cd /
echo on
exec cat
"""

_ENVIRONMENT: Final = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}


def make_base(folder: Path) -> None:
    """Fetch what every Debian has, unless it is there.

    Args:
        folder: For it; half a system in it is removed.
    """
    done = folder.with_suffix(".made")
    if done.is_file():
        return
    shutil.rmtree(folder, ignore_errors=True)
    release, mirror = _release_and_mirror()
    # What it mounts meanwhile goes with it, also when somebody presses Ctrl+C.
    command = ["unshare", "--mount", "debootstrap", "--variant=minbase"]
    command += [release, str(folder), mirror]
    subprocess.run(command, check=True, timeout=MADE_WITHIN_S, stdout=subprocess.DEVNULL)
    done.touch()


def _release_and_mirror() -> tuple[str, str]:
    """Return which Debian this computer has and where it has it from."""
    release = dict(
        line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if line
    )["VERSION_CODENAME"].strip('"')
    wanted = ("Created-By: Packages", f"Codename: {release}", "Component: main", "Label: Debian")
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", *wanted],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert told, "this computer knows of no mirror: apt-get update"
    return release, told.splitlines()[0]


class BareSystem:
    """A copy of the base that is used up: a computer, switched on."""

    def __init__(self, root: Path, shared: Path, network: Sequence[str] = ()) -> None:
        """Switch it on.

        Args:
            root: Its files.
            shared: A folder of ours that it has as /mnt.
            network: What enters the network that it is plugged into; none for this computer's.
        """
        self._holder = subprocess.Popen(
            [
                *network,
                *("unshare", "--mount", "--pid", "--fork", "--kill-child", "--"),
                *("sh", "-c", _SWITCH_ON, "sh", str(root), str(shared)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._holder.stdout
        assert self._holder.stdout.readline() == b"on\n"
        children = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children")
        [first] = children.read_text().split()
        self._begun: list[subprocess.Popen[str]] = []
        self._inside = (
            *("nsenter", "--target", first, "--mount", "--pid", "--net", "--"),
            *("setpriv", "--pdeathsig", "KILL"),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._holder.kill()
        self._holder.wait()
        for program in self._begun:
            program.wait()
            assert program.stdout
            program.stdout.close()
        assert self._holder.stdin
        assert self._holder.stdout
        self._holder.stdin.close()
        self._holder.stdout.close()

    def run(
        self, *command: str, within_s: float = DONE_WITHIN_S
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as its administrator; it must succeed."""
        done = subprocess.run(
            [*self._inside, *command],
            env=_ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
            timeout=within_s,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done

    def add_person(self) -> None:
        """Give it to somebody."""
        self.run("useradd", "--create-home", "--uid", _UID, PERSON)

    def begin(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Start a program as the person."""
        as_person = ("--reuid", _UID, "--regid", _UID, "--clear-groups", "--")
        home = f"/home/{PERSON}"
        program = subprocess.Popen(
            [*self._inside, *as_person, "env", "--chdir", home, *command],
            env={**_ENVIRONMENT, "HOME": home, "USER": PERSON, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._begun.append(program)
        return program


def files_of(root: Path) -> set[str]:
    """Return the paths of all that is in a system that is switched off, or seen from outside."""
    found = set()
    for folder, folders, files in os.walk(root):
        found |= {os.path.relpath(Path(folder, name), root) for name in (*folders, *files)}
    return found
