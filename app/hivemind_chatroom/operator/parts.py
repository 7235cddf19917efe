"""All that the operator's app is built on, passed in by `opening.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from hivemind_chatroom.operator.ports import (
    Archive,
    Figures,
    Hub,
    Lan,
    Login,
    Place,
    Reach,
    Reports,
    Serialize,
    Storage,
    Window,
)
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.settings import Settings


@dataclass(frozen=True, slots=True)
class Decided:
    """The settings, and what becomes of a change of them."""

    settings: Callable[[], Settings]
    """Returns those in force."""
    fixed: Mapping[str, str]
    """The names of those that the file doesn't decide, with what does."""
    file: Path
    """Where a change is written."""
    standard: Callable[[str], str | None]
    """Returns the standard form of a language's tag, None when nobody speaks it."""
    offered: tuple[str, ...]
    """The languages that visitors choose from when the settings name none."""
    put_in_force: Callable[[Settings, Collection[str]], None]
    """Makes the room what the settings say, of which those with these names were changed; with the
    code `auto`, it stays what it is."""


@dataclass(frozen=True, slots=True)
class Parts:
    """One room's parts, as far as its operator has to do with them."""

    room: Room
    clock: Clock
    decided: Decided
    place: Place
    hub: Hub
    lan: Lan
    reach: Reach
    storage: Storage
    figures: Figures
    archive: Archive
    reports: Reports
    serialize: Serialize
    return_to_port: Callable[[], None]
    """Has the room closed and opened again at the port that it was to have; returns at once, or
    raises a `PortTakenError` while another program has it."""
    has_room: Callable[[int], bool]
    """Tells whether a room answers at a port of this computer; takes seconds at worst."""
    login: Login | None = None
    """None: nobody opened the room on a desktop."""
    window: Window | None = None
    """None: there is none."""
