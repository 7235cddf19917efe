"""How the program runs a module of its own in a process of its own, also when it is frozen.

A frozen build has no Python that could run a module by its name: there `sys.executable` is the
program itself. So it is started again with one word in front of all flags, and its entry
(`desktop/__main__.py`) becomes the child before it reads anything else.
"""

from __future__ import annotations

import contextlib
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator, Mapping, MutableSequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

# A window of the console would flash up when a windowed program starts a child on Windows.
NO_CONSOLE: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)

_LIBRARIES: Final = "LD_LIBRARY_PATH"
_LIBRARIES_BEFORE: Final = "LD_LIBRARY_PATH_ORIG"
"""What PyInstaller calls the value that it has found in the other."""


class Child(StrEnum):
    """A kind of child, by the word that makes a frozen build one."""

    BUILTIN_HUB = "--internal-builtin-hub"
    WINDOW = "--internal-window"
    PROBE = "--internal-probe"
    """Finds out whether Windows or macOS can show a window."""
    NOTICE = "--internal-notice"
    """Says why the room can't start."""


MODULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        Child.BUILTIN_HUB: "hivemind_chatroom.hub.builtin",
        Child.WINDOW: "hivemind_chatroom.desktop.pane",
        Child.PROBE: "hivemind_chatroom.desktop.probe",
        Child.NOTICE: "hivemind_chatroom.desktop.notice",
    }
)
"""What each kind runs as `__main__`; nothing imports them by name, so a build must be told them."""


def child_command(child: Child, *arguments: str) -> list[str]:
    """Return the command that starts a child.

    Args:
        child: Its kind.
        arguments: What it finds in `sys.argv[1:]`; every user of the computer can read them.
    """
    if is_frozen():
        return [sys.executable, child, *arguments]
    # Without -P a module in the folder that the program was started in could stand in for ours.
    return [sys.executable, "-P", "-m", MODULES[child], *arguments]


def become_child(line: MutableSequence[str]) -> bool:
    """Run the child that a frozen build was started as; return whether it was started as one.

    Args:
        line: `sys.argv`, out of which the word is taken.
    """
    if not is_frozen() or len(line) < 2 or line[1] not in MODULES:  # noqa: PLR2004 - the word
        return False
    runpy.run_module(MODULES[line.pop(1)], run_name="__main__", alter_sys=True)
    return True


@contextlib.contextmanager
def systems_own_libraries() -> Iterator[None]:
    """Let programs of the system that are started meanwhile load the libraries of the system.

    On Linux a frozen build has its own loaded before those, by what children inherit. With them a
    browser may not start.
    """
    ours = os.environ.get(_LIBRARIES)
    if ours is None or not is_frozen():
        yield
        return
    before = os.environ.get(_LIBRARIES_BEFORE)
    if before is None:
        del os.environ[_LIBRARIES]
    else:
        os.environ[_LIBRARIES] = before
    try:
        yield
    finally:
        os.environ[_LIBRARIES] = ours


def is_frozen() -> bool:
    """Tell whether this is a build with its own Python inside, as PyInstaller makes them."""
    return bool(getattr(sys, "frozen", False))
