"""The scripts and style sheets as they are sent: few, small files of the many that people read.

A browser opens six connections to one room, and gzip compresses best what it sees at once. So
modules that are always needed together go out as one, and comments and spaces stay at home.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import Final

import rcssmin
import rjsmin

_IMPORT: Final = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(
    r"^export (?=(?:async )?(?:class|const|function\*?) (\w+))", re.MULTILINE
)
_OTHER: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_LATER: Final = re.compile(r'\bimport\("\./([\w-]+)\.js"\)')
_SHEET: Final = re.compile(r'^@import "([\w-]+)\.css";\n', re.MULTILINE)


def small_script(source: str) -> str:
    """Return a script without comments and needless spaces."""
    return str(rjsmin.jsmin(source))


def small_sheet(source: str) -> str:
    """Return a style sheet without comments and needless spaces."""
    return str(rcssmin.cssmin(source))


def whole_sheet(name: str, sheets: Mapping[str, str]) -> str:
    """Return a sheet with those that it imports in their places.

    Args:
        name: Its file's name, without `.css`.
        sheets: All sheets of its folder, by such names.
    """
    return _SHEET.sub(lambda found: whole_sheet(found[1], sheets), sheets[name])


def bundles_of(entry: str, modules: Mapping[str, str]) -> dict[str, str]:
    """Return the file of a module and all it imports, and a file for each import of later.

    A module becomes a function that is called once and returns what the module exports. It has a
    scope of its own, so two modules may use one name; and it runs once, also when modules that are
    fetched later (`import("./room.js")`) import it: they find it in the file that is there already.

    Args:
        entry: The module's file name, without `.js`.
        modules: The sources of all modules of its folder, by such names, formatted.

    Raises:
        ValueError: A module imports or exports in another way than by name.
        graphlib.CycleError: Modules import each other in a circle.
    """
    files: dict[str, str] = {}
    homes: dict[str, str] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop(0)
        needed = _order(name, modules)
        files[name] = small_script(_file(name, needed, homes, modules))
        for module in needed:
            homes.setdefault(module, name)
        waiting += [
            later for later in _LATER.findall(files[name]) if later not in {*files, *waiting}
        ]
    return files


def _order(entry: str, modules: Mapping[str, str]) -> list[str]:
    """Return a module and all it imports, each behind those that it needs."""
    needs: dict[str, list[str]] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in needs:
            needs[name] = [found[2] for found in _IMPORT.finditer(modules[name])]
            waiting += needs[name]
    return list(TopologicalSorter(needs).static_order())


def _file(
    entry: str, needed: list[str], homes: Mapping[str, str], modules: Mapping[str, str]
) -> str:
    elsewhere = [name for name in needed if name in homes]
    here = [name for name in needed if name not in homes]
    imports = "".join(
        f'import {{ {_variable(name)} }} from "./{homes[name]}.js";\n' for name in elsewhere
    )
    called = "".join(_called(name, modules[name]) for name in here)
    shared = ", ".join(_variable(name) for name in here)
    own = ", ".join(_EXPORT.findall(modules[entry]))
    return (
        f"{imports}{called}export {{ {shared} }};\nexport const {{ {own} }} = {_variable(entry)};\n"
    )


def _called(name: str, source: str) -> str:
    exported = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", _IMPORT.sub(_taken, source))
    other = _OTHER.search(body)
    if other:
        raise ValueError(f"{name}.js has what a bundle can't: {other[0]}")
    return f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"


def _taken(found: re.Match[str]) -> str:
    names = found[1].replace(" as ", ": ")
    return f"const {{{names}}} = {_variable(found[2])};\n"


def _variable(module: str) -> str:
    return "$" + module.replace("-", "_")
