"""The scripts and style sheets as they are sent: few, small files of the many that people read.

A browser opens six connections to one room, and gzip compresses best what it sees at once. So
modules that are always needed together go out as one, in the reader's language, and comments and
spaces stay at home.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from string import ascii_letters
from typing import Final

import rcssmin
import rjsmin

Words = Mapping[str, str | Mapping[str, str]]
"""A language's sentences by their English form; of one that counts, its forms by CLDR's names."""

_IMPORT: Final = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(
    r"^export (?=(?:async )?(?:class|const|function\*?) (\w+))", re.MULTILINE
)
_OTHER: Final = re.compile(r"^(?:import|export)\b.*|^(?:const|let|var) [{\[].*", re.MULTILINE)
_DECLARED: Final = re.compile(
    r"^(?:async )?(?:class|const|let|var|function\*?) (\w+)", re.MULTILINE
)
_LATER: Final = re.compile(r'\bimport\("\./([\w-]+)\.js"\)')
_NEIGHBOUR: Final = re.compile(r'(\b(?:from|import\()"\./[\w-]+)\.js(?=")')
_ALIAS: Final = re.compile(r"(--[\w-]+):var\((--[\w-]+)\);")
_DECLARATION: Final = re.compile(r"(--)([\w-]+):")
_PROPERTY: Final = re.compile(r"(--)([a-z][\w-]*)")
_PRIVATE: Final = re.compile(
    r"((?:(?<=\.)|^ +(?:static )?(?:async )?(?:get |set )?\*?)#)(\w+)", re.MULTILINE
)
_CAPITALS: Final = (
    (
        re.compile(r"^(?:export )?const ([A-Z][A-Z0-9_]+) =", re.MULTILINE),
        r'(\.\.\.|(?<![\w$."]))(%s)(?![\w"])',
        "$",
    ),
    (re.compile(r"^(?:export )?class (\w+)", re.MULTILINE), r"(\b(?:class|new) )(%s)\b", "_"),
)
"""How constants and classes are declared, how they are used, and how their short names begin."""
_STRING: Final = r'"((?:[^"\\]|\\.)*)"'
_SAID: Final = re.compile(rf"\b(?:t\({_STRING}|n\({_STRING},{_STRING})")
_SHEET: Final = re.compile(r'^@import "([\w-]+)\.css";\n', re.MULTILINE)


def small_script(source: str) -> str:
    """Return a script without comments and needless spaces."""
    return str(rjsmin.jsmin(source))


def with_short_privates(source: str) -> str:
    """Return a script in which the private names of classes are short.

    They alone are easy to tell from everything else: they have a sign of their own (`#name`), and
    what is outside of a class can't use them.

    Args:
        source: Formatted, so that a class declares them at the beginnings of lines.
    """
    return _with_short(_PRIVATE, source)


def with_short_capitals(source: str, kept: Container[str] = ()) -> str:
    """Return a script in which the constants and the classes of its modules have short names.

    They are easy to tell too: constants are written in capitals, as nothing else is but what stands
    in quotes or behind a dot, and classes stand behind `class` and `new`. No name of ours begins
    with `$` or `_`, as these do.

    Args:
        source: Formatted, so that modules declare them at the beginnings of lines.
        kept: Those that keep their names, as other files know them by these.
    """
    for declared, use, sign in _CAPITALS:
        own = [name for name in declared.findall(source) if name not in kept]
        if own:
            source = _with_short(re.compile(use % "|".join(own)), source, sign)
    return source


def _with_short(pattern: re.Pattern[str], source: str, sign: str = "") -> str:
    """Return a text with short names for those that the pattern's second group finds."""
    counts = Counter(found[2] for found in pattern.finditer(source))
    short = {name: sign + _short(place) for place, (name, _) in enumerate(counts.most_common())}
    return pattern.sub(lambda found: f"{found[1]}{short[found[2]]}", source)


def _short(place: int) -> str:
    more, letter = divmod(place, len(ascii_letters))
    return (_short(more - 1) if more else "") + ascii_letters[letter]


def small_sheet(source: str) -> str:
    """Return a sheet without comments and needless spaces, its own properties named shortly.

    A property that is but another name for one (`--color-text: var(--ink)`) is for who reads the
    sheets; what is sent says the one that is meant.
    """
    small = str(rcssmin.cssmin(source))
    times = Counter(found[2] for found in _DECLARATION.finditer(small))
    for name, meant in _ALIAS.findall(small):
        if times[name.removeprefix("--")] == 1:
            small = small.replace(f"{name}:var({meant});", "")
            small = small.replace(f"var({name})", f"var({meant})")
    return _with_short(_PROPERTY, small)


def whole_sheet(name: str, sheets: Mapping[str, str]) -> str:
    """Return a sheet with those that it imports in their places.

    Args:
        name: Its file's name, without `.css`.
        sheets: All sheets of its folder, by such names.
    """
    return _SHEET.sub(lambda found: whole_sheet(found[1], sheets), sheets[name])


def bundles_of(
    entry: str, modules: Mapping[str, str], apart: Container[str] = ()
) -> dict[str, str]:
    """Return the file of a module and all it imports, and a file for each import of later.

    The modules of a file stand behind each other in one scope, each behind those that it needs: a
    scope for each would take a twentieth more to send. So no two of them may use one name. What a
    file that is fetched later (`import("./room.js")`) needs of those before it, it imports.

    Args:
        entry: The module's file name, without `.js`.
        modules: The sources of all modules of its folder, by such names, formatted.
        apart: Modules that have files of their own, with all that they need, when they are imported
            later.

    Raises:
        ValueError: A module imports or exports in another way than by name, or two that are sent as
            one use the same name.
        graphlib.CycleError: Modules import each other in a circle.
    """
    parts = _parts(_ways(entry, modules, apart), modules)
    homes = {module: part for part, members in parts.items() for module in members}
    taken = {part: _taken(part, members, homes, modules) for part, members in parts.items()}
    files = {}
    for part, members in parts.items():
        given = {name for others in taken.values() for name in others.get(part, ())}
        given.update(_EXPORT.findall(modules[part]))
        whole = _file(members, taken[part], sorted(given), modules)
        files[part] = small_script(with_short_capitals(with_short_privates(whole), given))
    return files


def translated(script: str, tag: str, words: Words) -> str:
    """Return a file of `bundles_of` in a language, with the files beside it in the same.

    Args:
        script: A file as it is sent, in English.
        tag: BCP-47; a file `room.js` is imported as `room.<tag>.js`.
        words: What is said instead of the English sentences.
    """
    among_its_own = _NEIGHBOUR.sub(rf"\g<1>.{tag}.js", script)
    return _SAID.sub(lambda found: _said(found, words), among_its_own)


def _said(found: re.Match[str], words: Words) -> str:
    sentence = json.loads(f'"{found[1] or found[2]}"')
    own = words.get(sentence)
    if own is None:
        return found[0]
    text = json.dumps(own, ensure_ascii=False, separators=(",", ":"))
    return f"t({text}" if isinstance(own, str) else f"n({text},0"


def _parts(ways: Mapping[str, tuple[str, ...]], modules: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the modules of each file; what several need is in the one they all come after."""
    users: dict[str, list[tuple[str, ...]]] = {}
    for part, way in ways.items():
        for module in _order(part, modules):
            users.setdefault(module, []).append(way)
    parts: dict[str, list[str]] = {part: [] for part in ways}
    for module, theirs in users.items():
        shared = [steps[0] for steps in zip(*theirs, strict=False) if len(set(steps)) == 1]
        parts[shared[-1]].append(module)
    for part, members in parts.items():
        if part not in members:
            raise ValueError(f"{part}.js is imported at once, and later too.")
    return parts


def _ways(
    entry: str, modules: Mapping[str, str], apart: Container[str]
) -> dict[str, tuple[str, ...]]:
    """Return the files that are there when each of them comes, from the first to itself."""
    ways: dict[str, tuple[str, ...]] = {entry: (entry,)}
    waiting = [entry]
    while waiting:
        part = waiting.pop(0)
        # Types are imported in the same way, in comments.
        needed = (small_script(modules[module]) for module in _order(part, modules))
        for name in (name for script in needed for name in _LATER.findall(script)):
            if name not in ways and name not in apart:
                ways[name] = (*ways[part], name)
                waiting.append(name)
    return ways


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


def _taken(
    part: str, members: Iterable[str], homes: Mapping[str, str], modules: Mapping[str, str]
) -> dict[str, set[str]]:
    """Return the names that a file takes from others, by those files."""
    taken: dict[str, set[str]] = {}
    for module in members:
        for found in _IMPORT.finditer(modules[module]):
            if homes[found[2]] != part:
                names = (name.strip() for name in found[1].split(","))
                taken.setdefault(homes[found[2]], set()).update(name for name in names if name)
    return taken


def _file(
    members: Sequence[str],
    taken: Mapping[str, set[str]],
    given: Sequence[str],
    modules: Mapping[str, str],
) -> str:
    bodies = {name: _body(name, modules[name]) for name in members}
    declared = {name: _DECLARED.findall(body) for name, body in bodies.items()}
    _check_names({**taken, **declared})
    imports = (
        f'import {{ {", ".join(sorted(names))} }} from "./{home}.js";\n'
        for home, names in taken.items()
    )
    export = f"export {{ {', '.join(given)} }};\n" if given else ""
    return "".join([*imports, *bodies.values(), export])


def _body(name: str, source: str) -> str:
    """Return a module without its imports and exports."""
    renamed = next((found[0] for found in _IMPORT.finditer(source) if " as " in found[1]), None)
    body = _EXPORT.sub("", _IMPORT.sub("", source))
    other = _OTHER.search(body)
    if renamed or other:
        what = renamed or (other and other[0])
        raise ValueError(f"{name}.js has what a bundle can't: {what}")
    return body


def _check_names(used: Mapping[str, Iterable[str]]) -> None:
    users: dict[str, str] = {}
    for user, names in used.items():
        for name in names:
            other = users.setdefault(name, user)
            if other != user:
                raise ValueError(f"{other}.js and {user}.js are sent as one, and both use {name}.")
