"""A move from its beginning, or from where an earlier attempt has ended, to its proof."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hivemind_chatroom.errors import MigrationFailedError, MigrationRefusedError
from hivemind_chatroom.store.migration.side import AT_ONCE, Side
from hivemind_chatroom.store.migration.tables import TABLES, Row, Table

_DIFFERENT: Final = (
    "The two databases differ: a room has used {source} since the move was begun. What was moved "
    "to {target} is thrown away; run the same command once more, and it begins anew."
)


class Step(StrEnum):
    """What a move is at."""

    COPYING = "Copying"
    COMPARING = "Comparing"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a move has come."""

    step: Step
    done: int
    """Numbers of messages that are done in this step."""
    of: int
    """How many there are in it."""


Tell = Callable[[Progress], object]
"""Told how far it is after every piece; what it takes, the move takes longer."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What a database holds, so that another that holds the same has the same."""

    rows: Mapping[str, int]
    """How many rows there are, by the names of the tables."""
    sha256: str
    """Of all of them, in their order."""


def move(source: Side, target: Side, tell: Tell) -> Seal:
    """Copy all of a room, and prove that all of it is there.

    An attempt that has ended at any moment is taken up where its last transaction was. Until the
    end of it all, no room opens the target.

    Args:
        source: What holds a room; it is only read.
        target: What holds nothing, or the beginning of the same room.
        tell: Told how far it is.

    Returns:
        What both hold.

    Raises:
        MigrationRefusedError: The target is in use; nothing was changed.
        MigrationFailedError: Both are not the same: the next attempt begins anew.
    """
    room_id = source.room_id()
    _copy(source, target, _begin(target, room_id), tell)
    target.keep_rest(source.rest())
    ours, theirs = _seals(source, target, tell)
    if ours != theirs:
        target.begin_anew(room_id)
        raise MigrationFailedError(_DIFFERENT, source=source.place, target=target.place)
    target.end()
    return theirs


def _begin(target: Side, room_id: str) -> int:
    """Mark the target, and return up to which number an earlier attempt has copied."""
    mark = target.mark()
    if mark is None:
        if target.is_used():
            what = "this room" if target.room_id() == room_id else "a room"
            raise MigrationRefusedError(
                f"The database {target.place} has {what} in it already. Name an empty one."
            )
        target.begin(room_id)
        return 0
    if mark.room_id != room_id:
        raise MigrationRefusedError(
            f"Another room is being moved to the database {target.place}. Name an empty one."
        )
    return mark.through


def _copy(source: Side, target: Side, through: int, tell: Tell) -> None:
    bounds = source.bounds()
    for after in range(max(bounds.below, through), bounds.highest, AT_ONCE):
        target.keep(source.numbered(after), after + AT_ONCE)
        done = min(after + AT_ONCE, bounds.highest) - bounds.below
        tell(Progress(Step.COPYING, done, bounds.highest - bounds.below))


def _seals(source: Side, target: Side, tell: Tell) -> tuple[Seal, Seal]:
    """Read all of both databases, and return what each of them holds."""
    both = source.bounds(), target.bounds()
    below, highest = min(each.below for each in both), max(each.highest for each in both)
    sealing = _Sealing(), _Sealing()
    for after in range(below, highest, AT_ONCE):
        for side, seal in zip((source, target), sealing, strict=True):
            seal.take(side.numbered(after))
        done = min(after + AT_ONCE, highest) - below
        tell(Progress(Step.COMPARING, done, highest - below))
    for side, seal in zip((source, target), sealing, strict=True):
        seal.take(side.rest())
    return sealing[0].seal(), sealing[1].seal()


class _Sealing:
    """A seal in the making."""

    def __init__(self) -> None:
        self._rows = {table.name: 0 for table in TABLES}
        self._digest = hashlib.sha256()

    def take(self, pieces: Mapping[Table, Sequence[Row]]) -> None:
        """Add rows, which are in their order."""
        for table, rows in pieces.items():
            self._rows[table.name] += len(rows)
            self._digest.update(table.sealed(rows))

    def seal(self) -> Seal:
        """Return what all of them amount to."""
        return Seal(self._rows, self._digest.hexdigest())
