"""The Debian package alone, in a Debian with nothing else: what `make package-smoke` runs."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from browser.visitor import PHONE, Visitor
from desktop.screen import Screen
from lan.household import avahi
from lan.network import Host, Lan, why_not
from package.bare_system import (
    DONE_WITHIN_S,
    MADE_WITHIN_S,
    PERSON,
    BareSystem,
    files_of,
    make_base,
)
from package.installed_window import LOOKS_AT, Window, set_up
from package.places import NAME, ROOT

pytestmark = pytest.mark.timeout(MADE_WITHIN_S)

WORK: Final = ROOT / "build" / "package-smoke"
BASE: Final = WORK / "base"
PICTURES: Final = WORK / "pictures"

FOUND_WITHIN_S: Final = 20.0
TRIED_WITHIN_S: Final = 30.0
"""For the program's trial of itself, which takes 20 s at most, and more on a busy computer."""

ENTRY: Final = Path("usr", "share", "applications", f"{NAME}.desktop")

HOME: Final = f"home/{PERSON}/"
KEPT_BY_THE_SYSTEM: Final = ("var/cache/", "var/lib/apt/", "var/lib/dpkg/", "var/log/")
"""Where Debian notes what was installed and removed."""


@pytest.fixture(scope="module")
def deb(pytestconfig: pytest.Config) -> Path:
    package = pytestconfig.getoption("--deb", default=None)
    if package is None:
        pytest.skip("make package-smoke builds the package and installs it")
    if os.geteuid() != 0:
        pytest.skip("only root can make a system: sudo make package-smoke")
    if reason := why_not():
        pytest.skip(reason)
    assert isinstance(package, Path)
    return package.absolute()


@pytest.fixture
def root(deb: Path) -> Iterator[Path]:
    """The files of a bare system that has fetched the package's dependencies, and nothing more."""
    make_base(BASE)
    root = WORK / "root"
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(["cp", "--archive", "--reflink=auto", BASE, root], check=True)
    with BareSystem(root, deb.parent) as system:
        system.add_person()
        system.run("apt-get", "update")
        system.run(*install(deb), "--download-only", within_s=MADE_WITHIN_S)
    yield root
    shutil.rmtree(root)


@pytest.fixture
def lan() -> Iterator[Lan]:
    with Lan() as lan:
        yield lan


@pytest.fixture
def computer(lan: Lan, root: Path, deb: Path) -> Iterator[Computer]:
    """A computer on a LAN that leads nowhere, with the package."""
    before, network = files_of(root), lan.host()
    with BareSystem(root, deb.parent, network.inside) as system:
        system.run(*install(deb))
        yield Computer(root, before, system, network)


@pytest.fixture
def screen() -> Iterator[Screen]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with Screen("-ac") as screen:  # whoever is another user may show windows, too
        yield screen


def install(deb: Path) -> tuple[str, ...]:
    """Return what installs the package with what it depends on, and not what it recommends."""
    return ("apt-get", "install", "--yes", "--no-install-recommends", f"/mnt/{deb.name}")


@dataclass(frozen=True, slots=True)
class Computer:
    """Where the package is installed."""

    root: Path
    """Its files, as they are seen from here."""

    before: set[str]
    """Those that were there without the package."""

    system: BareSystem
    network: Host

    def left(self) -> list[str]:
        """Return what was not there before, but for the person's own and Debian's notes."""
        new = files_of(self.root) - self.before
        return sorted(each for each in new if not each.startswith((HOME, *KEPT_BY_THE_SYSTEM)))


def test_who_looks_after_packages_at_debian_has_nothing_to_say(deb: Path) -> None:
    flags = ("--allow-root", "--profile", "debian", "--fail-on", "error,warning")
    done = subprocess.run(
        ["lintian", *flags, str(deb)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_installed_program_tries_itself_and_finds_everything_well(
    computer: Computer, screen: Screen
) -> None:
    report = f"{HOME}self-test.json"
    trial = computer.system.begin(NAME, f"--self-test=/{report}", DISPLAY=screen.display)
    said, _ = trial.communicate(timeout=TRIED_WITHIN_S)
    found = json.loads((computer.root / report).read_text("utf-8"))
    assert {check["result"] for check in found["checks"]} == {"ok"}, found["checks"]
    assert (found["ok"], trial.returncode) == (True, 0), said


def test_from_the_menu_to_an_answer_and_back_to_a_bare_system(
    computer: Computer, lan: Lan, screen: Screen
) -> None:
    environment = {
        "DISPLAY": screen.display,
        "QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{LOOKS_AT}",
    }
    program = computer.system.begin(*line_of(computer.root / ENTRY), **environment)
    window = Window(screen, computer.network, PICTURES)
    code = set_up(window)

    phone = lan.host()
    with avahi(phone, "phone"):
        address = find_room(phone)
        with browser_on(phone) as browser:
            visitor = Visitor(browser, PHONE)
            visitor.open(address)
            visitor.door.locator("[name=name]").fill("Ana")
            visitor.door.locator("[name=code]").fill(code)
            visitor.door.locator("[type=submit]").click()
            visitor.say("Hello! What time is it?")
            expect(visitor.answers_to("Ana").locator(".text")).to_contain_text("It is")
            visitor.page.screenshot(path=PICTURES / "phone.png", animations="disabled")
            window.sees("document.body.innerText.includes('Ana was answered')")
            window.is_pictured("answered")

            # It is still open: whoever removes the program closes it.
            removed = computer.system.run("apt-get", "remove", "--yes", NAME).stdout
            assert "Closing the room" in removed
            expect(visitor.page.get_by_text("closed")).to_be_visible()
    assert program.wait(FOUND_WITHIN_S) == 0
    window.is_gone()

    computer.system.run("apt-get", "autoremove", "--purge", "--yes")
    assert computer.left() == []
    assert (computer.root / HOME / ".local" / "share" / NAME / "room.db").is_file()


def test_the_archive_names_what_is_missing_and_runs_with_it(
    root: Path, deb: Path, screen: Screen
) -> None:
    unpacked = unpack(deb.parent, root / HOME)
    script = f"/{HOME}{unpacked}/install.sh"
    with BareSystem(root, deb.parent) as system:
        system.run("chown", "--recursive", f"{PERSON}:", f"/{HOME}{unpacked}")
        refused, _ = system.begin(script).communicate(timeout=FOUND_WITHIN_S)
        assert not (root / HOME / ".local").exists()
        [line] = [line.strip() for line in refused.splitlines() if "sudo apt install" in line]
        packages = line.removeprefix("sudo apt install ").split()
        system.run("apt-get", "install", "--yes", "--no-install-recommends", *packages)

        done, _ = system.begin(script).communicate(timeout=DONE_WITHIN_S)
        assert "HiveMind Chatroom is installed." in done
        entry = root / HOME / ".local" / "share" / "applications" / f"{NAME}.desktop"
        alone = ("--host", "127.0.0.1", "--port", "0")
        program = system.begin(*line_of(entry), *alone, DISPLAY=screen.display)
        window = screen.window("HiveMind Chatroom")

        uninstall = f"/{HOME}.local/lib/{NAME}/install.sh"
        done, _ = system.begin(uninstall, "--uninstall").communicate(timeout=DONE_WITHIN_S)
        assert "Closing the room" in done
        assert program.wait(FOUND_WITHIN_S) == 0
        screen.is_gone(window)
    names = {path.name for path in (root / HOME / ".local").glob("*/*")}
    assert names == {NAME, "hivemind"}


def unpack(folder: Path, to: Path) -> str:
    """Unpack the newest archive as a desktop's file manager does; return the folder's name."""
    archive = max(folder.glob(f"{NAME}-*.tar.xz"), key=lambda file: file.stat().st_mtime)
    subprocess.run(["tar", "--extract", "--file", archive, "--directory", to], check=True)
    return archive.name.removesuffix(".tar.xz")


def line_of(entry: Path) -> list[str]:
    """Return what a menu starts: what the entry's `Exec` says."""
    lines = entry.read_text("utf-8").splitlines()
    [command] = [line.removeprefix("Exec=") for line in lines if line.startswith("Exec=")]
    return shlex.split(command)


def find_room(phone: Host) -> str:
    """Look for a room as any program does that lists a network's services; return its address."""
    deadline = time.monotonic() + FOUND_WITHIN_S
    while True:
        told = phone.run("avahi-browse", "--resolve", "--parsable", "--terminate", "_http._tcp")
        found = [line.split(";") for line in told.stdout.splitlines() if line.startswith("=")]
        for _, _, _, _, _, _, name, _, port, *_ in found:
            return f"http://{name}:{port}/"
        assert time.monotonic() < deadline, told.stdout


@contextlib.contextmanager
def browser_on(phone: Host) -> Iterator[Browser]:
    """Run a browser on another computer."""
    there = WORK / "chromium"
    there.write_text(f'#!/bin/sh\nexec {shlex.join(phone.inside)} {CHROMIUM} "$@"\n')
    there.chmod(0o755)
    expect.set_options(timeout=FOUND_WITHIN_S * 1_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=there, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
