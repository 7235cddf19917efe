"""What PyInstaller finds and the bundle leaves out, each with its reason.

First what a rule names goes, then every library that nothing is linked to any more: of Qt alone
there are a hundred, as PyInstaller takes with a module whatever that might load some day.
"""

from __future__ import annotations

import platform
import re
import subprocess
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

Entry = tuple[str, str, str]
"""A file of the bundle, as PyInstaller lists it: where it goes, where it is, what it is."""

Needs = Callable[[Collection[str]], Mapping[str, Collection[str]]]
"""Tells which libraries each of some files is linked to, by their names."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is left out."""

    reason: str
    patterns: tuple[str, ...]
    """Of places in the bundle; `*` stands for slashes, too."""

    def takes(self, place: str) -> bool:
        """Tell whether a file is meant."""
        return any(fnmatchcase(place, pattern) for pattern in self.patterns)


MODULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PIL": "segno and the page draw; nothing here reads pictures",
        "tkinter": "windows are pywebview's",
        "gi": "GTK's windows are for who has GTK; a bundle has Qt",
        "pip": "the environment's own",
        "pydoc_data": "Python's manual, for its console",
        "setuptools": "as pip",
        "pkg_resources": "as pip",
        "PySide6.QtDataVisualization": "QtPy imports it in case somebody draws charts",
        "PySide6.QtOpenGL": "QtPy imports it in case somebody draws by OpenGL: 10 MB and 30 ms",
        "PySide6.QtOpenGLWidgets": "as PySide6.QtOpenGL",
        "PySide6.QtQml": "Chromium draws by Qt Quick, and needs no Python for it",
        "PySide6.QtQuick": "as PySide6.QtQml",
        "PySide6.QtQuickWidgets": "as PySide6.QtQml",
        "PySide6.QtPositioning": "no page here asks where it is",
        "PySide6.QtDBus": "Qt itself speaks D-Bus, without Python",
        "hivemind_chatroom.desktop.gtk": "as gi",
    }
)
"""Python modules that are left out with all that they bring, and why."""

QT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PySide6": "the window is the system's own",
        "shiboken6": "PySide6's",
        "qtpy": "PySide6's",
        "hivemind_chatroom.desktop.qt": "PySide6's",
        "hivemind_chatroom.desktop.tray": "PySide6's",
    }
)
"""More of them on Windows and macOS."""

WINDOWS: Final[Mapping[str, Collection[str]]] = MappingProxyType(
    {
        "linux": ("qt",),
        "win32": ("edgechromium", "mshtml", "win32", "winforms"),
        "darwin": ("cocoa",),
    }
)
"""The modules of `webview.platforms` that a system's windows are made by.

winforms imports mshtml to fall back on it, which our probe rules out (`desktop/probe.py`).
"""

HOOKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pyi_rth_pyside6": "loads Qt into every process, the room's and the hub's too, 0.1 s each, "
        "and has programs that we start load its plugins; PySide6 finds them by itself",
        "pyi_rth_multiprocessing": "nothing here begins processes by that; it is 30 ms",
    }
)
"""What PyInstaller would run before the program, and is not run."""

_PLATFORMS: Final = (
    "android", "cef", "cocoa", "edgechromium", "gtk", "mshtml", "qt", "win32", "winforms"
)  # fmt: skip


RULES: Final = (
    Rule(
        "what a page of QtQuick's would be written in; Chromium has no such page",
        ("PySide6/Qt/qml/*", "PySide6/Qt/plugins/qmltooling/*"),
    ),
    Rule(
        "Qt's own words; what the window says is translated by us, and the rest by Chromium",
        ("PySide6/Qt/translations/*.qm",),
    ),
    Rule(
        "the tools of those who write pages",
        ("PySide6/Qt/resources/qtwebengine_devtools_resources*",),
    ),
    Rule("what Chromium loads to debug itself", ("PySide6/Qt/resources/*.debug.*",)),
    Rule(
        "screens without a desktop: nobody sees a window there",
        (
            "PySide6/Qt/plugins/egldeviceintegrations/*",
            "PySide6/Qt/plugins/platforms/libqeglfs*",
            "PySide6/Qt/plugins/platforms/libqlinuxfb*",
            "PySide6/Qt/plugins/platforms/libqminimal*",
            "PySide6/Qt/plugins/platforms/libqvkkhrdisplay*",
            "PySide6/Qt/plugins/platforms/libqvnc*",
            "PySide6/Qt/plugins/generic/*",
        ),
    ),
    Rule(
        "files of pictures that no icon of ours is",
        tuple(
            f"PySide6/Qt/plugins/imageformats/libq{kind}.so"
            for kind in ("icns", "pdf", "tga", "tiff", "wbmp", "webp")
        ),
    ),
    Rule("keys on the screen of a device without any", ("*/libqtvirtualkeyboardplugin*",)),
    Rule(
        "the style of GTK brings 30 libraries, whose like is loaded from the system besides; "
        "dialogs come by the portal of the desktop",
        ("PySide6/Qt/plugins/platformthemes/libqgtk3*",),
    ),
    Rule(
        "whether there is a network, where we are, and TLS: Chromium finds that out itself",
        (
            "PySide6/Qt/plugins/networkinformation/*",
            "PySide6/Qt/plugins/position/*",
            "PySide6/Qt/plugins/tls/*",
        ),
    ),
    Rule(
        "has to be the system's: what draws for it wants its own, newer one",
        ("libstdc++.so.*", "libgcc_s.so.*", "libgbm.so.*", "libdrm.so.*", "libwayland-*.so.*"),
    ),
    Rule(
        "has to be the system's: reads its configuration and loads its modules",
        (
            "libasound.so.*",
            "libcom_err.so.*",
            "libcups.so.*",
            "libdbus-1.so.*",
            "libfontconfig.so.*",
            "libfreetype.so.*",
            "libg*-2.0.so.*",
            "libgssapi_krb5.so.*",
            "libkrb5.so.*",
            "libp11-kit.so.*",
            "libpulse*.so*",
            "libsystemd.so.*",
            "libudev.so.*",
            "libX11*.so.*",
        ),
    ),
    Rule(
        "is on every system, and its own is loaded by what draws for it",
        ("libexpat.so.*", "libz.so.*", "libXau.so.*", "libXdmcp.so.*"),
    ),
    Rule(
        "is for other processors",
        tuple(
            f"z85base91/*-{each}.so"
            for each in ("aarch64", "i386", "x86_64")
            if each != platform.machine()
        ),
    ),
    Rule(
        "what pip writes down, which depends on where that was",
        tuple(
            f"*.dist-info/{each}"
            for each in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
        ),
    ),
    Rule("what libraries are tested and typed with", ("*/tests/*", "*.pyi", "*/py.typed")),
)

CHROMIUM_WORDS: Final = "PySide6/Qt/translations/qtwebengine_locales/"
"""Its own languages: what it says in fields, in pickers and in the menu of a page."""

LOADED_BY_NAME: Final = ("libfreebl*", "libnssckbi*", "libnssdbm*", "libsoftokn*", "libpython*")
"""Libraries that no file is linked to: NSS loads its own itself, and the program loads Python."""

_LIBRARY: Final = re.compile(r"lib[^/]+\.so(\.[0-9]+)*")
_LIBRARIES: Final = frozenset({".", "nss", "PySide6", "PySide6/Qt/lib", "shiboken6"})
"""The folders with libraries; elsewhere are modules and plugins, loaded by their names."""

_OF_FILE: Final = re.compile(r"^(\S.*):\s+file format", re.MULTILINE)
_NEEDED: Final = re.compile(r"^ +NEEDED +(\S+)$", re.MULTILINE)


def windows_on(system: str) -> list[str]:
    """Return the modules that the windows of a system are made by (`sys.platform`)."""
    return [f"webview.platforms.{name}" for name in WINDOWS[system]]


def left_out_on(system: str) -> set[str]:
    """Return the Python modules that are left out on a system (`sys.platform`)."""
    windows = {f"webview.platforms.{name}" for name in _PLATFORMS} - {*windows_on(system)}
    return {*MODULES, *windows, *(() if system == "linux" else QT)}


def prune(
    entries: Iterable[Entry], languages: Collection[str], needs: Needs | None
) -> tuple[list[Entry], dict[str, str]]:
    """Return what stays of a bundle, and what goes with the reason for it.

    Args:
        entries: All there is.
        languages: Of the program, by their tags (`pt-PT`): the window needs no other.
        needs: Which libraries files are linked to; None leaves in what nothing is linked to.
    """
    kept: list[Entry] = []
    gone: dict[str, str] = {}
    for entry in entries:
        reason = reason_against(entry[0], languages)
        if reason is None:
            kept.append(entry)
        else:
            gone[entry[0]] = reason
    if needs is None:
        return kept, gone
    found = needs([source for _, source, kind in kept if kind in {"BINARY", "EXTENSION"}])
    wanted = _wanted(kept, found)
    for place, _, _ in kept:
        if _is_library(place) and PurePosixPath(place).name not in wanted:
            gone[place] = "nothing is linked to it"
    return [entry for entry in kept if entry[0] not in gone], gone


def reason_against(place: str, languages: Collection[str]) -> str | None:
    """Return why a file is left out by a rule; None for one that is not."""
    place = place.replace("\\", "/")
    if place.startswith(CHROMIUM_WORDS) and not _is_of(PurePosixPath(place).stem, languages):
        return "a language that the program has not got"
    return next((rule.reason for rule in RULES if rule.takes(place)), None)


def _is_of(tag: str, languages: Collection[str]) -> bool:
    """Tell whether a language of Chromium's is one of ours, wherever it is spoken."""
    return tag.partition("-")[0] in {language.partition("-")[0] for language in languages}


def _is_library(place: str) -> bool:
    path = PurePosixPath(place)
    return str(path.parent) in _LIBRARIES and _LIBRARY.fullmatch(path.name) is not None


def _wanted(kept: Sequence[Entry], needs: Mapping[str, Collection[str]]) -> set[str]:
    """Return the names of the libraries that are loaded, also by each other."""
    needs_of: dict[str, set[str]] = {}
    for place, source, _ in kept:  # a link has the name of what it leads to
        needs_of.setdefault(PurePosixPath(place).name, set()).update(needs.get(source, ()))
    names = [PurePosixPath(place).name for place, _, _ in kept if not _is_library(place)]
    wanted = {name for name in needs_of if any(fnmatchcase(name, each) for each in LOADED_BY_NAME)}
    asked = [*wanted, *names]
    while asked:
        new = needs_of.get(asked.pop(), set()) - wanted
        wanted |= new
        asked.extend(new)
    return wanted


def needs_of_elf(files: Collection[str]) -> dict[str, list[str]]:
    """Tell which libraries each of some files is linked to, on Linux; `objdump` knows."""
    if not files:
        return {}
    command = ["objdump", "--private-headers", *files]
    # It fails when one of them is of another kind, and tells of all others.
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
    parts = _OF_FILE.split(said)[1:]
    return {
        name: _NEEDED.findall(headers)
        for name, headers in zip(parts[::2], parts[1::2], strict=True)
    }
