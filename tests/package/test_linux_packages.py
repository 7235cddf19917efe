"""The Debian package and the archive, made of a stand-in for the bundle."""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from package.conftest import BROUGHT, RELEASED, Build
from package.places import LINUX, NAME, archive_in, package_in

pytestmark = pytest.mark.skipif(
    shutil.which("dpkg-deb") is None, reason="Debian's tools make the packages"
)


def field(package: Path, name: str) -> str:
    return said("dpkg-deb", "--field", str(package), name).strip()


def listed(package: Path) -> dict[str, str]:
    """Return the mode of each file in it."""
    lines = said("dpkg-deb", "--contents", str(package)).splitlines()
    return {parts[5]: parts[0] for parts in (line.split(maxsplit=5) for line in lines)}


def said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_names_say_what_it_is_and_for_which_computers(built: Path) -> None:
    debian = said("dpkg", "--print-architecture").strip()
    [name, version, ending] = package_in(built).name.split("_")
    assert (name, ending) == (NAME, f"{debian}.deb")
    portable = re.fullmatch(
        rf"{NAME}-(.+)-linux-{platform.machine()}\.tar\.xz", archive_in(built).name
    )
    assert portable
    assert portable[1].replace(".dev", "~dev") == version == field(package_in(built), "Version")


def test_the_sums_are_those_of_the_files(built: Path) -> None:
    lines = (built / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    files = (archive_in(built), package_in(built))
    assert sums == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_same_bundle_makes_the_same_bytes(
    built: Path, build: Build, stand_in: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "bundle"
    shutil.copytree(stand_in, copy, copy_function=shutil.copyfile)  # now, by another umask
    for command in (NAME, "hivemind-flask-chatroom"):
        (copy / command).chmod(0o700)
    again = build(copy, tmp_path / "dist")
    assert (again / "SHA256SUMS").read_text() == (built / "SHA256SUMS").read_text()


def test_a_library_that_debian_has_is_asked_of_it_and_not_brought(
    built: Path,
) -> None:
    depends = field(package_in(built), "Depends").split(", ")
    assert "libuuid1" in depends
    assert re.fullmatch(r"libc6 \(>= 2\.[0-9]+\)", depends[0])
    names = " ".join(listed(package_in(built)))
    assert "_internal/libours.so" in names
    assert BROUGHT not in names
    # elsewhere it may be missing
    assert f"app/_internal/{BROUGHT}\n" in said("tar", "--list", "--file", str(archive_in(built)))


def test_it_belongs_to_root_and_only_the_commands_can_be_run(built: Path) -> None:
    files = listed(package_in(built))
    run = {name for name, mode in files.items() if mode.startswith("-") and "x" in mode}
    assert run == {
        f"./usr/lib/{NAME}/{NAME}",
        f"./usr/lib/{NAME}/hivemind-flask-chatroom",
    }
    lines = said("dpkg-deb", "--contents", str(package_in(built))).splitlines()
    assert {line.split()[1] for line in lines} == {"root/root"}


def test_both_commands_are_links_and_etc_has_nothing_that_would_stay(built: Path) -> None:
    names = set(listed(package_in(built)))
    assert f"./usr/bin/{NAME} -> ../lib/{NAME}/{NAME}" in names
    etc = {name for name in names if name.startswith("./etc/") and not name.endswith("/")}
    assert etc == {f"./etc/ufw/applications.d/{NAME} -> /usr/share/{NAME}/ufw"}
    control = said("dpkg-deb", "--info", str(package_in(built)))
    assert "conffiles" not in control


def test_everything_is_dated_the_day_of_the_release(built: Path, tmp_path: Path) -> None:
    for command in (
        ("dpkg-deb", "--extract", str(package_in(built)), str(tmp_path)),
        ("tar", "--extract", "--file", str(archive_in(built)), "--directory", str(tmp_path)),
    ):
        subprocess.run(command, check=True)
    dates = {path.lstat().st_mtime for path in tmp_path.rglob("*") if not path.is_dir()}
    assert dates == {RELEASED}
    metainfo = next(tmp_path.glob("usr/share/metainfo/*.xml"))
    assert '<release version="2' in metainfo.read_text()
    subprocess.run(
        ["appstreamcli", "validate", "--no-net", "--pedantic", str(metainfo)],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def test_what_is_no_bundle_is_refused_in_a_sentence(tmp_path: Path) -> None:
    to = tmp_path / "dist"
    done = subprocess.run(
        ["python3", str(LINUX / "build.py"), "--bundle", str(tmp_path), "--to", str(to)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"{tmp_path} has no {NAME} and no hivemind-flask-chatroom; make the bundle first.\n"
    )
    assert list(to.iterdir()) == []
