"""The licences of everything in the bundle, in one folder, with a notice that leads through it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import Distribution, distributions
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final

TEXTS: Final = Path(__file__).with_name("licences")
"""Texts that the libraries' own packages lack."""

ROOT: Final = Path(__file__).parents[1]
_VENDORED: Final = ROOT / "app" / "hivemind_chatroom" / "operator" / "static" / "vendor"

NOTICE: Final = "NOTICE.txt"

_NAMES: Final = ("licen", "copying", "notice", "authors")
"""How the files begin in which packages say what may be done with them."""

_QT: Final = ("LGPL-3.0.txt", "GPL-3.0.txt")
LACKING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "proxy_tools": ("proxy_tools-MIT.txt",),
        "pyobjc-core": ("pyobjc-MIT.txt",),
        "pyobjc-framework-Security": ("pyobjc-MIT.txt",),
        "pyobjc-framework-UniformTypeIdentifiers": ("pyobjc-MIT.txt",),
        "PySide6_Addons": _QT,
        "PySide6_Essentials": _QT,
        "PySide6_WebEngine": (*_QT, "QtWebEngine-third-party.txt"),
        "shiboken6": _QT,
    }
)
"""Which of those texts belong to which library."""

HEAD: Final = """\
HiveMind Chatroom is under the Apache License 2.0; its text is in the folder
hivemind-flask-chatroom. It is delivered with Python and with the libraries
below. What each may be used for is in the folder of its name.

zeroconf is under the GNU Lesser General Public License, version 2.1 or any
later one.{qt}
Each is in files of its own, and is loaded from there when the program starts,
so it can be replaced by a changed one:

  zeroconf  the folder `zeroconf`, in the folder that has this one; as
            `pip install --target` makes it, for Python {python}
"""

QT: Final = """\
  Qt        the folder `PySide6/Qt`, there; libraries of the same version
  PySide6   the folders `PySide6` and `shiboken6`, there

Qt WebEngine holds Chromium and what Chromium is made of. The packages from
which Qt was taken have no notices of these: QtWebEngine-third-party.txt is what
Debian has found out about Qt WebEngine 6.4, and
https://doc.qt.io/qt-6/qtwebengine-licensing.html tells of the version here.
The sources of Qt are at https://download.qt.io/official_releases/qt, those of
PySide6 at https://download.qt.io/official_releases/QtForPython.
"""

SYSTEM: Final = """
Libraries of the system that the bundle was made on are in it, too; the folder
system has what Debian says of them.
"""


def in_use(sources: Iterable[str], compiled: Path) -> list[Distribution]:
    """Return the installed packages that files are of, by their names.

    Args:
        sources: The files that have become part of the bundle.
        compiled: The folder of modules that PyInstaller has compiled, as they lie in the bundle.
    """
    owners = {
        _real(str(each.locate_file(file))): each
        for each in distributions()
        for file in each.files or ()
    }
    libraries = [Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")]
    found: dict[str, Distribution] = {}
    for source in sources:
        origins = [Path(source)]
        if Path(source).is_relative_to(compiled):
            module = Path(source).relative_to(compiled).with_suffix(".py")
            origins = [library / module for library in libraries]
        for origin in origins:
            if (owner := owners.get(_real(str(origin)))) is not None:
                found[name_of(owner)] = owner
    return [found[name] for name in sorted(found, key=str.lower)]


def metadata_of(packages: Iterable[Distribution]) -> list[tuple[str, str]]:
    """Return what packages say of themselves to programs: where that goes, and where it is.

    Names and versions are in the report of the operator's page, and plugins are found by it.
    """
    wanted = {"METADATA", "entry_points.txt"}
    return [
        (str(file), str(package.locate_file(file)))
        for package in packages
        for file in package.files or ()
        if file.name in wanted and file.parent.name.endswith(".dist-info")
    ]


def gather(packages: Collection[Distribution], system_files: Collection[str], folder: Path) -> None:
    """Write the licences into a new folder.

    Args:
        packages: What is in the bundle.
        system_files: Libraries that are of the system, and of none of the packages.
        folder: Where; what was there before is removed.

    Raises:
        SystemExit: A package says nowhere what may be done with it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for package in packages:
        _copy(texts_of(package), folder / name_of(package))
    _copy([ROOT / "LICENSE", *_VENDORED.glob("*-LICENSE.txt")], folder / "hivemind-flask-chatroom")
    _copy([python_licence()], folder / "Python")
    of_system = _of_system(system_files)
    for name, copyright_file in of_system.items():
        _copy([copyright_file], folder / "system" / name)
    (folder / NOTICE).write_text(notice(packages, has_system=bool(of_system)), "utf-8")


def texts_of(package: Distribution) -> list[Path]:
    """Return the files in which a package says what may be done with it.

    Raises:
        SystemExit: There are none.
    """
    files = [Path(str(package.locate_file(file))) for file in package.files or ()]
    own = [file for file in files if _is_text(file)]
    own += [TEXTS / text for text in LACKING.get(name_of(package), ())]
    if not own:
        raise SystemExit(f"{name_of(package)} brings no licence; put its text into {TEXTS}.")
    return own


def name_of(package: Distribution) -> str:
    """Return the name of a package, as its authors write it."""
    return str(package.metadata["Name"])


def notice(packages: Collection[Distribution], *, has_system: bool) -> str:
    """Return what leads through the folder: what is in the bundle, and how to replace parts."""
    has_qt = any(name_of(package) == "PySide6_Essentials" for package in packages)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    qt = " So are Qt and PySide6, under its version 3." if has_qt else ""
    parts = [HEAD.format(qt=qt, python=python), QT if has_qt else "", "\n"]
    rows = [(f"Python {python}", "PSF-2.0")]
    rows += [(f"{name_of(each)} {each.version}", licence_of(each)) for each in packages]
    width = max(len(name) for name, _ in rows)
    parts += [f"{name:<{width}}  {licence}\n" for name, licence in rows]
    return "".join([*parts, SYSTEM if has_system else ""])


def licence_of(package: Distribution) -> str:
    """Return the licence of a package in a few words, as it says itself."""
    for field in ("License-Expression", "License"):
        line = "".join(package.metadata.get_all(field) or ()).strip().partition("\n")[0]
        if line and line != "UNKNOWN":
            return line
    classes = package.metadata.get_all("Classifier") or ()
    names = [each.rpartition(" :: ")[2] for each in classes if each.startswith("License ::")]
    return ", ".join(names) or "see its folder"


def python_licence() -> Path:
    """Return the licence of the Python that runs this.

    Raises:
        SystemExit: It has none with it.
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    places = (
        Path(sysconfig.get_path("stdlib"), "LICENSE.txt"),
        Path(sys.base_prefix, "LICENSE.txt"),
        Path("/usr/share/doc", version, "copyright"),
    )
    for place in places:
        if place.is_file():
            return place
    raise SystemExit("Python's licence is nowhere; looked for " + ", ".join(map(str, places)))


def _is_text(file: Path) -> bool:
    is_named = file.name.lower().startswith(_NAMES) and file.suffix not in {".py", ".pyc", ".pyi"}
    return is_named and any(part.endswith(".dist-info") for part in file.parts) and file.is_file()


def _copy(files: Iterable[Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        # Packages may bring two of one name, in folders of what they themselves bring.
        name = file.name
        if (folder / name).exists():
            name = f"{file.parent.name}-{name}"
        shutil.copyfile(file, folder / name)


def _of_system(files: Iterable[str]) -> dict[str, Path]:
    """Return what Debian says of libraries, by the names of its packages; nothing elsewhere."""
    if shutil.which("dpkg-query") is None:
        return {}
    reals = sorted({_real(file) for file in files})
    # Before /usr was one, packages named some of their files without it.
    names = chain.from_iterable((real, real.removeprefix("/usr")) for real in reals)
    command = ["dpkg-query", "--search", *names]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = {line.partition(":")[0] for line in said.splitlines()}
    places = {name: Path("/usr/share/doc", name, "copyright") for name in sorted(found)}
    return {name: place for name, place in places.items() if place.is_file()}


def _real(file: str) -> str:
    return os.path.normcase(Path(file).resolve())
