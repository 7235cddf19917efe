from __future__ import annotations

import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from prune import (
    MODULES,
    Entry,
    left_out_on,
    needs_of_elf,
    prune,
    reason_against,
    windows_on,
)
from slim import slimmed

LANGUAGES = ("en", "de", "pt-PT")
QT = "PySide6/Qt/lib"


def binary(place: str) -> Entry:
    return place, f"/from/{place}", "BINARY"


def link(place: str, to: str) -> Entry:
    return place, to, "SYMLINK"


def prune_with(entries: Collection[Entry], needs: Mapping[str, Collection[str]]) -> set[str]:
    """Return the places of what stays."""
    kept, _ = prune(
        entries, LANGUAGES, lambda _: {f"/from/{place}": names for place, names in needs.items()}
    )
    return {place for place, _, _ in kept}


def test_a_library_stays_with_what_is_linked_to_it_also_over_another_one() -> None:
    entries = [
        binary("PySide6/QtCore.abi3.so"),
        binary(f"{QT}/libQt6Core.so.6"),
        binary(f"{QT}/libicuuc.so.73"),
        binary(f"{QT}/libQt6Quick3D.so.6"),
    ]
    needs = {
        "PySide6/QtCore.abi3.so": ["libQt6Core.so.6"],
        f"{QT}/libQt6Core.so.6": ["libicuuc.so.73", "libc.so.6"],
        f"{QT}/libQt6Quick3D.so.6": ["libQt6Core.so.6"],
    }
    assert prune_with(entries, needs) == {entry[0] for entry in entries[:3]}


def test_what_two_libraries_have_of_each_other_keeps_neither() -> None:
    entries = [binary("libgdk.so.3"), binary("libgtk.so.3")]
    needs = {"libgdk.so.3": ["libgtk.so.3"], "libgtk.so.3": ["libgdk.so.3"]}
    assert prune_with(entries, needs) == set()


def test_a_link_goes_and_stays_with_the_library_that_it_leads_to() -> None:
    entries = [
        binary("PySide6/QtCore.abi3.so"),
        binary(f"{QT}/libQt6Core.so.6"),
        link("libQt6Core.so.6", f"{QT}/libQt6Core.so.6"),
        binary(f"{QT}/libQt6Charts.so.6"),
        link("libQt6Charts.so.6", f"{QT}/libQt6Charts.so.6"),
        binary(f"{QT}/libicuuc.so.73"),
    ]
    needs = {
        "PySide6/QtCore.abi3.so": ["libQt6Core.so.6"],
        f"{QT}/libQt6Core.so.6": ["libicuuc.so.73"],
    }
    kept = prune_with(entries, needs)
    assert kept == {entry[0] for entry in entries if "Charts" not in entry[0]}


def test_what_is_loaded_by_its_name_stays_without_being_linked_to() -> None:
    entries = [
        binary("libpython3.11.so.1.0"),
        binary("libsoftokn3.so"),
        binary("nh3/nh3.abi3.so"),
        binary("PySide6/Qt/plugins/platforms/libqxcb.so"),
        binary("PySide6/Qt/libexec/QtWebEngineProcess"),
    ]
    assert prune_with(entries, {}) == {entry[0] for entry in entries}


def test_data_stays() -> None:
    entry = ("hivemind_chatroom/operator/static/main.js", "/from/main.js", "DATA")
    assert prune([entry], LANGUAGES, lambda _: {}) == ([entry], {})


def test_where_nobody_can_tell_what_is_linked_to_what_rules_alone_leave_out() -> None:
    entries = [binary("libcrypto.so.3"), binary("libstdc++.so.6")]
    kept, gone = prune(entries, LANGUAGES, None)
    assert kept == entries[:1]
    assert gone.keys() == {"libstdc++.so.6"}


def test_each_file_that_goes_has_a_reason() -> None:
    entries = [binary(f"{QT}/libQt6Charts.so.6"), binary("libstdc++.so.6")]
    _, gone = prune(entries, LANGUAGES, lambda _: {})
    assert gone.keys() == {entry[0] for entry in entries}
    assert all(gone.values())


@pytest.mark.parametrize(
    ("tag", "stays"),
    [("de", True), ("en-GB", True), ("pt-BR", True), ("pt-PT", True), ("fr", False), ("da", False)],
)
def test_chromium_speaks_the_languages_of_the_program(tag: str, stays: bool) -> None:  # noqa: FBT001
    place = f"PySide6/Qt/translations/qtwebengine_locales/{tag}.pak"
    assert (reason_against(place, LANGUAGES) is None) is stays


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/qml/QtQuick/libqtquick2plugin.so",
        "PySide6\\Qt\\translations\\qtbase_de.qm",
        "libgobject-2.0.so.0",
        "libX11.so.6",
        "libX11-xcb.so.1",
        "libgcc_s.so.1",
    ],
)
def test_rules_leave_out(place: str) -> None:
    assert reason_against(place, LANGUAGES)


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platformthemes/libqxdgdesktopportal.so",
        "PySide6/Qt/resources/icudtl.dat",
        "PySide6/Qt/resources/qtwebengine_resources.pak",
        "libXext.so.6",
        "libgssapi.so.3",
        "tzdata/zoneinfo/Europe/Lisbon",
    ],
)
def test_no_rule_leaves_out_what_is_needed(place: str) -> None:
    assert reason_against(place, LANGUAGES) is None


def test_a_system_has_the_modules_of_its_own_windows_alone() -> None:
    assert windows_on("linux") == ["webview.platforms.qt"]
    assert "webview.platforms.cocoa" in left_out_on("linux")
    for system in ("win32", "darwin"):
        left_out = left_out_on(system)
        assert not left_out & {*windows_on(system)}
        assert {"PySide6", "hivemind_chatroom.desktop.qt", "webview.platforms.qt"} <= left_out
    assert "PySide6" not in left_out_on("linux")


def test_no_module_is_left_out_that_the_program_imports() -> None:
    app = Path(__file__).parents[2] / "app" / "hivemind_chatroom"
    lines = "\n".join(
        line.strip()
        for file in app.rglob("*.py")
        if file.name not in {"gtk.py", "able.py", "notice.py"}  # of GTK, where there is one
        for line in file.read_text("utf-8").splitlines()
    )
    for name in MODULES.keys() - {"hivemind_chatroom.desktop.gtk"}:
        assert f"\nimport {name}\n" not in lines
        assert f"\nfrom {name} import" not in lines


def test_libraries_are_told_by_what_they_say_themselves(tmp_path: Path) -> None:
    library = linked(tmp_path)
    script = tmp_path / "script.so"
    script.write_text("no library")
    assert needs_of_elf([str(script), str(library)]) == {str(library): ["libother.so"]}
    assert needs_of_elf([]) == {}


def test_symbols_for_debuggers_go_and_what_qt_has_stripped_stays(tmp_path: Path) -> None:
    library = linked(tmp_path)
    entries = [("nh3/nh3.so", str(library), "EXTENSION"), ("PySide6/a.so", str(library), "BINARY")]
    (slim, same) = slimmed([*entries, ("a.txt", "/a.txt", "DATA")], tmp_path / "work")[:2]
    assert same == entries[1]
    assert slim[0] == "nh3/nh3.so"
    assert Path(slim[1]).stat().st_size < library.stat().st_size
    assert needs_of_elf([slim[1]]) == {slim[1]: ["libother.so"]}


def linked(folder: Path) -> Path:
    """Return a library that has symbols for debuggers, and is linked to another one."""
    (folder / "data").write_text("of a library")
    for command in (
        "ld --relocatable --format=binary data -o data.o",
        "ld -shared -soname libother.so data.o -o libother.so",
        "ld -shared --no-as-needed data.o libother.so -o libone.so",
    ):
        subprocess.run(command.split(), cwd=folder, check=True)
    return folder / "libone.so"
