"""What a package brings besides the program: read by desktops, firewalls, and people."""

from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from hivemind_chatroom.desktop.able import PROGRAM
from hivemind_chatroom.migrate import COMMAND
from hivemind_chatroom.settings import PORT_DEFAULT
from package.places import LINUX, NAME, ROOT

SHARE = LINUX / "share"
METAINFO = SHARE / "io.github.jarbashivemind.chatroom.metainfo.xml"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
MULTICAST_DNS = 5353
SCRIPTS = ("ensure-packages", "install.sh", "postinst", "prerm")


def entry() -> dict[str, str]:
    lines = (SHARE / f"{NAME}.desktop").read_text("utf-8").splitlines()[1:]
    return {key: value for key, _, value in (line.partition("=") for line in lines)}


def languages() -> set[str]:
    """Return those of the program, without the country: who speaks Brazil's reads Portugal's."""
    folders = (ROOT / "app" / "hivemind_chatroom" / "locale").iterdir()
    return {folder.name.partition("-")[0] for folder in folders if folder.is_dir()}


def test_the_menu_entry_is_valid() -> None:
    subprocess.run(["desktop-file-validate", str(SHARE / f"{NAME}.desktop")], check=True)


def test_the_menu_entry_is_in_every_language_and_its_windows_are_known_to_be_of_it() -> None:
    menu = entry()
    assert menu["StartupWMClass"] == menu["Icon"] == menu["Exec"] == PROGRAM == NAME
    for key in ("GenericName", "Comment", "Keywords"):
        assert set(re.findall(rf"^{key}\[(\w+)\]$", "\n".join(menu), re.MULTILINE)) == languages()


def test_what_software_centres_show_is_valid() -> None:
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", str(METAINFO)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_what_software_centres_show_is_in_every_language_and_leads_to_pictures_that_are_there() -> (
    None
):
    root = ET.parse(METAINFO).getroot()  # noqa: S314 - it is ours
    summaries = {each.get(LANGUAGE, "en") for each in root.iterfind("summary")}
    assert summaries == languages() | {"en"}
    paragraphs = [each.get(LANGUAGE, "en") for each in root.iterfind("description/p")]
    assert {paragraphs.count(each) for each in summaries} == {3}
    images = [each.text or "" for each in root.iterfind("screenshots/screenshot/image")]
    assert images
    for image in images:
        assert (ROOT / image.partition("/HEAD/")[2]).is_file()


def test_firewalls_are_told_the_ports_that_the_room_has() -> None:
    ufw = (SHARE / f"{NAME}.ufw").read_text("utf-8")
    assert f"ports={PORT_DEFAULT}/tcp|{MULTICAST_DNS}/udp\n" in ufw
    service = ET.parse(SHARE / f"{NAME}.firewalld.xml").getroot()  # noqa: S314 - ours
    ports = {(port.get("protocol"), port.get("port")) for port in service.iterfind("port")}
    assert ports == {("tcp", str(PORT_DEFAULT)), ("udp", str(MULTICAST_DNS))}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_what_a_plain_shell_understands(script: str) -> None:
    done = subprocess.run(
        ["shellcheck", str(LINUX / script)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_manual_tells_the_folders_of_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    from hivemind_chatroom import paths  # noqa: PLC0415 - with the folders of nobody in particular

    for kind in ("CONFIG", "DATA", "STATE"):
        monkeypatch.delenv(f"XDG_{kind}_HOME")
    monkeypatch.setenv("HOME", "/home/somebody")
    manual = (SHARE / f"{NAME}.1").read_text("utf-8").replace("~", "/home/somebody")
    for place in (paths.data_folder(), paths.settings_file(), paths.log_folder()):
        assert f".I {place}" in manual


def test_every_licence_that_is_named_has_its_text() -> None:
    text = (SHARE / "copyright").read_text("utf-8")
    stanzas = text.split("\n\n")
    named = {line for part in stanzas if part.startswith("Files") for line in part.splitlines()}
    with_text = {part.splitlines()[0] for part in stanzas if part.startswith("License")}
    assert {line for line in named if line.startswith("License")} == with_text


def test_the_manual_has_every_flag_of_both_commands_and_no_other() -> None:
    flags: set[str] = set()
    for module in ("hivemind_chatroom", "hivemind_chatroom.desktop"):
        command = [sys.executable, "-m", module, "--help"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        flags |= set(re.findall(r"--[a-z-]+", told))
    manual = (SHARE / f"{NAME}.1").read_text("utf-8").replace("\\-", "-")
    assert set(re.findall(r"^\.BR (--[a-z-]+)", manual, re.MULTILINE)) == flags
    assert f"hivemind-flask-chatroom {COMMAND}\n.I FROM TO" in manual
