from __future__ import annotations

import ast
import plistlib
from pathlib import Path

import pytest

from hivemind_chatroom.desktop.able import PROGRAM
from hivemind_chatroom.lan.service import CHATROOM, WEB
from hivemind_chatroom.version import __version__
from identity import BUNDLE_ID, COMMAND, info_plist, release_of, windows_version

LINUX = Path(__file__).parents[2] / "packaging" / "linux"


def test_macos_is_told_which_services_are_looked_for_and_why() -> None:
    told = info_plist("2.1.0", ["en", "de"], [CHATROOM, WEB])
    assert told["NSBonjourServices"] == ["_hivemind-chat._tcp", "_http._tcp"]
    assert told["NSLocalNetworkUsageDescription"].endswith(".")
    assert told["CFBundleExecutable"] == COMMAND
    assert plistlib.loads(plistlib.dumps(told)) == told


def test_a_version_before_a_release_is_its_three_numbers_to_macos() -> None:
    told = info_plist("2.1.0.dev3", ["en"], [])
    assert told["CFBundleShortVersionString"] == told["CFBundleVersion"] == "2.1.0"


def test_windows_is_told_the_version_and_whether_it_is_a_release() -> None:
    released, before = (windows_version(each, COMMAND) for each in ("2.1.0", "2.1.0rc1"))
    assert isinstance(ast.parse(released, mode="eval").body, ast.Call)
    assert "filevers=(2, 1, 0, 0)" in released
    assert "flags=0," in released
    assert "flags=2," in before
    assert "StringStruct('ProductVersion', '2.1.0rc1')" in before


def test_the_version_of_the_program_can_be_told_to_all_systems() -> None:
    assert release_of(__version__)


@pytest.mark.parametrize("version", ["2.1", "v2.1.0", ""])
def test_what_has_no_three_numbers_is_no_version(version: str) -> None:
    with pytest.raises(ValueError, match="three numbers"):
        release_of(version)


def test_desktops_know_the_program_by_the_same_names() -> None:
    assert COMMAND == PROGRAM
    assert (LINUX / "share" / f"{BUNDLE_ID}.metainfo.xml").is_file()
