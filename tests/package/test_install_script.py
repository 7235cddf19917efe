"""The archive's install.sh, in the home of somebody who is nobody."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from package.places import NAME, archive_in

ENDS_WITHIN_S: Final = 20


class Person:
    """Somebody with a home and the folder that they have unpacked."""

    def __init__(self, folder: Path, archive: Path) -> None:
        subprocess.run(
            ["tar", "--extract", "--file", str(archive), "--directory", str(folder)], check=True
        )
        [self.unpacked] = folder.iterdir()
        self.home = folder / "a home"
        self.home.mkdir()
        self.environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin"}
        self.program = self.home / ".local" / "lib" / NAME

    def installs(self, *flags: str) -> subprocess.CompletedProcess[str]:
        return self.runs(self.unpacked / "install.sh", *flags)

    def uninstalls(self) -> subprocess.CompletedProcess[str]:
        return self.runs(self.program / "install.sh", "--uninstall")

    def runs(self, script: Path, *flags: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [script, *flags],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=ENDS_WITHIN_S,
        )

    def opens_room(self, *words: str) -> subprocess.Popen[bytes]:
        """Begin the program, which is `sleep`."""
        return subprocess.Popen([self.home / ".local" / "bin" / NAME, *words, "60"])

    def has(self) -> set[str]:
        return {str(path.relative_to(self.home)) for path in self.home.rglob("*")}

    def needs(self, line: str) -> None:
        """Have the archive made for another computer."""
        needs = self.unpacked / "needs"
        kind = line.partition(" ")[0]
        kept = [each for each in needs.read_text().splitlines() if not each.startswith(kind)]
        needs.write_text("\n".join([*kept, line]) + "\n")


@pytest.fixture
def person(built: Path, tmp_path: Path) -> Person:
    folder = tmp_path / "downloads"
    folder.mkdir()
    return Person(folder, archive_in(built))


@pytest.fixture
def room(person: Person) -> Iterator[subprocess.Popen[bytes]]:
    assert person.installs().returncode == 0
    room = person.opens_room()
    yield room
    room.kill()
    room.wait()


def test_it_is_installed_into_the_home_with_its_commands_and_a_menu_entry(person: Person) -> None:
    done = person.installs()
    assert (done.returncode, done.stderr) == (0, "")
    local = person.home / ".local"
    subprocess.run([local / "bin" / NAME, "0"], check=True)
    entry = local / "share" / "applications" / f"{NAME}.desktop"
    subprocess.run(["desktop-file-validate", str(entry)], check=True)
    assert f'Exec="{local}/bin/{NAME}"\n' in entry.read_text("utf-8")
    assert (local / "share" / "icons" / "hicolor" / "48x48" / "apps" / f"{NAME}.png").is_file()
    assert f"{person.program}/install.sh --uninstall" in done.stdout


def test_uninstalling_leaves_what_was_there_before_and_what_the_room_has_kept(
    person: Person,
) -> None:
    (person.home / ".local" / "share" / "other").mkdir(parents=True)
    before = person.has()
    person.installs()
    database = person.home / ".local" / "share" / NAME / "room.db"
    database.parent.mkdir()
    database.touch()
    autostart = person.home / ".config" / "autostart" / f"{NAME}.desktop"
    autostart.parent.mkdir(parents=True)
    autostart.write_text(f'Exec="{person.program}/app/{NAME}" "--background"\n')
    done = person.uninstalls()
    assert (done.returncode, done.stderr) == (0, "")
    assert f"still in {database.parent}" in done.stdout
    assert not autostart.exists()
    shutil.rmtree(database.parent)
    shutil.rmtree(person.home / ".config")
    assert person.has() == before


def test_without_anything_kept_nothing_is_left(person: Person) -> None:
    person.installs()
    assert person.uninstalls().returncode == 0
    assert person.has() == set()
    assert person.runs(person.unpacked / "install.sh", "--uninstall").returncode == 1


def test_a_new_version_takes_the_place_of_the_old_one(person: Person) -> None:
    person.installs()
    (person.program / "app" / "_internal" / "only-the-old-one-has-it").touch()
    (person.unpacked / "app" / "_internal" / "only-the-new-one-has-it").touch()
    assert person.installs().returncode == 0
    names = {path.name for path in (person.program / "app" / "_internal").iterdir()}
    assert "only-the-new-one-has-it" in names
    assert "only-the-old-one-has-it" not in names
    assert person.uninstalls().returncode == 0
    assert person.has() == set()


def test_what_only_the_old_version_had_in_the_menus_goes(person: Person) -> None:
    icon = person.unpacked / "share" / "icons" / "old" / "chatroom.png"
    icon.parent.mkdir()
    icon.touch()
    assert person.installs().returncode == 0
    shutil.rmtree(icon.parent)
    assert person.installs().returncode == 0
    icons = person.home / ".local" / "share" / "icons"
    assert "old" not in {path.name for path in icons.iterdir()}


def test_an_installation_that_fails_leaves_the_old_version(person: Person) -> None:
    person.installs()
    (person.program / "app" / "_internal" / "only-the-old-one-has-it").touch()
    before = person.has()
    commands = person.home / ".local" / "bin"
    shutil.rmtree(commands)
    commands.touch()  # where there is to be a folder
    assert person.installs().returncode == 1
    commands.unlink()
    assert person.has() == {path for path in before if not path.startswith(".local/bin")}
    assert person.installs().returncode == 0
    assert person.has() == before - {f".local/lib/{NAME}/app/_internal/only-the-old-one-has-it"}


def test_an_installation_that_was_killed_leaves_the_old_version_to_the_next(person: Person) -> None:
    person.installs()
    before = person.has()
    person.program.rename(f"{person.program}.before")
    (person.home / ".local" / "lib" / f"{NAME}.new").mkdir()
    assert person.installs().returncode == 0
    assert person.has() == before
    person.program.rename(f"{person.program}.before")
    (person.home / ".local" / "lib" / f"{NAME}.new").mkdir()
    assert person.runs(person.unpacked / "install.sh", "--uninstall").returncode == 0
    assert person.has() == set()


def test_a_room_that_is_open_is_closed_first(person: Person, room: subprocess.Popen[bytes]) -> None:
    done = person.uninstalls()
    assert "Closing the room" in done.stdout
    assert room.wait(ENDS_WITHIN_S) == -15
    assert person.has() == set()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("processor pdp11", "it is for computers with a processor of the kind pdp11"),
        ("glibc 2.999", "this Linux is too old: it has glibc 2."),
        ("glibc 3.0", "this Linux is too old: it has glibc 2."),
        ("library libnone.so.1 libnone1", "sudo apt install libnone1\n"),
    ],
)
def test_what_can_not_run_here_is_refused_and_nothing_is_changed(
    person: Person, line: str, said: str
) -> None:
    person.needs(line)
    done = person.installs()
    assert done.returncode == 1
    assert said in done.stderr
    assert person.has() == set()


def test_with_sudo_it_is_refused(person: Person) -> None:
    person.environment["SUDO_USER"] = "somebody"
    done = person.installs()
    assert done.returncode == 1
    assert "without sudo" in done.stderr
    assert person.has() == set()


def test_anything_else_is_answered_with_how_it_is_used(person: Person) -> None:
    done = person.installs("--help")
    assert done.returncode == 2
    assert "./install.sh --uninstall" in done.stdout
    assert person.has() == set()
