"""The installer's script, as far as it can be read: it runs on Windows alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from bundle import BUNDLE
from hivemind_chatroom import paths
from hivemind_chatroom.desktop import login, notice
from hivemind_chatroom.hub.identity import identity_file
from hivemind_chatroom.lan.suspects import find_suspects

ROOT: Final = Path(__file__).parents[2]
SCRIPT: Final = (ROOT / "packaging" / "windows" / "chatroom.iss").read_text("utf-8-sig")
LANGUAGES: Final = {"en", "pt", "fr", "de", "es", "ar"}

BROUGHT_BY_INNO_SETUP: Final = {"CreateDesktopIcon", "AdditionalIcons", "LaunchProgram"}
"""Messages that its own language files have (Inno Setup, `Default.isl`)."""


def section(name: str) -> str:
    _, _, text = SCRIPT.partition(f"\n[{name}]\n")
    return re.split(r"^\[\w+\]$", text, maxsplit=1, flags=re.MULTILINE)[0]


def constant(name: str) -> str:
    found = re.search(rf"^  {name} = '(.*)';$", SCRIPT, re.MULTILINE)
    assert found, name
    return found[1].replace("{#Name}", login.NAME)


def test_it_speaks_every_language_of_the_program() -> None:
    assert set(re.findall(r"^Name: (\w+);", section("Languages"), re.MULTILINE)) == LANGUAGES
    catalogues = Path(paths.__file__).parent / "locale"
    translated = {path.name[:2] for path in catalogues.iterdir() if path.is_dir()}
    assert translated | {"en"} == LANGUAGES


def test_every_sentence_is_said_in_every_language_and_none_is_left_over() -> None:
    said = set(re.findall(r"^(\w+)\.(\w+)=.+", section("CustomMessages"), re.MULTILINE))
    rest = SCRIPT.replace(section("CustomMessages"), "")
    used = set(re.findall(r"\{cm:(\w+)|CustomMessage\('(\w+)'\)", rest))
    names = {one or other for one, other in used} - BROUGHT_BY_INNO_SETUP
    assert said == {(language, name) for language in LANGUAGES for name in names}


def test_a_sentence_leaves_the_same_places_in_every_language() -> None:
    places: dict[str, set[tuple[str, ...]]] = {}
    for name, text in re.findall(r"^\w+\.(\w+)=(.+)", section("CustomMessages"), re.MULTILINE):
        places.setdefault(name, set()).add(tuple(sorted(re.findall(r"%[n\d]", text))))
    assert {name for name, kinds in places.items() if len(kinds) > 1} == set()


def test_no_administrator_is_needed_and_one_is_asked_for_the_firewall_alone() -> None:
    assert "PrivilegesRequired=lowest" in section("Setup")
    assert SCRIPT.count("'runas'") == 1


def test_the_firewall_is_opened_on_private_networks_for_this_program_alone() -> None:
    rule = re.search(r"'add rule name=' \+ RuleName \+ '(.*)'\n\s*\+ ProgramOf\(Suffix\)", SCRIPT)
    assert rule
    assert rule[1] == " dir=in action=allow profile=private"


def test_the_firewalls_rule_has_the_name_of_the_one_the_room_proposes() -> None:
    hints = find_suspects(8985, ROOT, "win32")
    proposed = next(hint for hint in hints if hint.commands)
    assert f"name={constant('RuleName')}" in proposed.commands[0]


def test_what_starts_the_room_with_windows_is_the_programs_own_business() -> None:
    # one place writes it, so that both can't say different things; who is removed takes it along
    assert constant("RunKey") == login._RUN  # noqa: SLF001 - where the program writes it
    assert constant("RunName") == login.NAME == notice.TITLE
    assert "[Registry]" not in SCRIPT
    assert "RegWrite" not in SCRIPT


def test_nothing_of_what_a_household_has_written_is_removed() -> None:
    assert "[UninstallDelete]" not in SCRIPT
    assert "DelTree" not in SCRIPT
    assert constant("DataFolder") == rf"{{localappdata}}\{paths.data_folder().name}"


def test_whoever_removes_it_is_told_where_identity_and_log_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    for name, folder in (
        ("IdentityFolder", identity_file().parent),
        ("LogFolder", paths.log_folder()),
    ):
        below = "\\".join(folder.relative_to(tmp_path).parts)
        assert constant(name) == rf"{{%USERPROFILE}}\{below}"


def test_every_picture_that_the_script_takes_of_the_repository_is_there() -> None:
    pictures = re.findall(r"\{#Root\}(assets\\[^,\s]+)", section("Setup"))
    assert len(pictures) == len({*pictures}) == 5
    assert [each for each in pictures if not (ROOT / each.replace("\\", "/")).is_file()] == []


def test_the_script_takes_the_folder_that_the_build_makes() -> None:
    assert BUNDLE.relative_to(ROOT).parts == ("dist", "hivemind-chatroom")
    assert '#define Bundle Root + "dist\\hivemind-chatroom"' in SCRIPT


def test_a_room_that_runs_is_asked_to_close_before_its_files_are_touched() -> None:
    for called in ("function PrepareToInstall", "usUninstall then"):
        after = SCRIPT.partition(called)[2]
        assert after.index("CloseRoom;") < after.index("end")
    assert "'--quit'" in SCRIPT


def test_only_what_runs_from_its_own_folder_is_ended() -> None:
    assert "Get-Process | Where-Object Path -eq" in SCRIPT
    assert "ProcessesOf(Exe) + ' | Stop-Process" in SCRIPT
    assert not re.findall(r"taskkill|/IM|-Name", SCRIPT)
