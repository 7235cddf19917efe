"""One of the two databases of a move, read and written in the neutral form."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hivemind_chatroom.store.migration.tables import MARK, NUMBERED, PEOPLE, ROOM, Row, Table

AT_ONCE: Final = 1_000
"""Numbers of messages that one transaction moves."""

_MAKE_MARK: Final = "CREATE TABLE migration (room_id text NOT NULL, through bigint NOT NULL)"
"""What `is_being_moved` of both kinds of databases looks for."""

_IS_USED: Final = """
    SELECT EXISTS (SELECT 1 FROM message) OR EXISTS (SELECT 1 FROM member)
        OR (SELECT last_id FROM room) > 0
"""

_BOUNDS: Final = """
    SELECT (SELECT min(id) FROM message), (SELECT min(message_id) FROM outbox),
        (SELECT max(id) FROM message), (SELECT max(message_id) FROM outbox)
"""


class Database(Protocol):
    """What differs between the kinds of databases."""

    place: str
    """Where it is, without what proves who we are."""

    def rows(self, query: str, *values: object) -> Sequence[Sequence[Any]]:
        """Return the rows that a query finds; a question mark stands for each value."""
        ...

    def change(self, statement: str, *values: object) -> None:
        """Run a statement; a question mark stands for each value."""
        ...

    def put(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows, with whatever the database keeps beside them."""
        ...

    def transaction(self) -> AbstractContextManager[object]:
        """Make of all changes meanwhile one that is there wholly or not at all."""
        ...

    def is_being_moved(self) -> bool:
        """Tell whether the table `migration` is there."""
        ...

    def settle(self) -> None:
        """Make what the database derives from the people that have just been put."""
        ...

    def make_anew(self) -> None:
        """Throw away all that was moved there."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """What a database says of a move into it that has not ended."""

    room_id: str
    """Which room it is of."""
    through: int
    """Up to which number all is there."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers that are in use, aligned so that both sides are read in the same pieces."""

    below: int
    """All numbers are above this one."""
    highest: int


class Side:
    """One of the two databases."""

    def __init__(self, database: Database) -> None:
        """Read and write `database`, which nobody else uses meanwhile."""
        self._database = database

    @property
    def place(self) -> str:
        """Where it is."""
        return self._database.place

    def room_id(self) -> str:
        """Return what tells its room from others."""
        [[room_id]] = self._database.rows("SELECT id FROM room")
        return str(room_id)

    def is_used(self) -> bool:
        """Tell whether anything has ever been said there, or anybody is a member."""
        [[is_used]] = self._database.rows(_IS_USED)
        return bool(is_used)

    def bounds(self) -> Bounds:
        """Return the numbers of what is there."""
        [found] = self._database.rows(_BOUNDS)
        known = [number for number in found if number is not None]
        return Bounds((min(known, default=1) - 1) // AT_ONCE * AT_ONCE, max(known, default=0))

    def numbered(self, after: int) -> dict[Table, Sequence[Row]]:
        """Return what is about the messages of the next `AT_ONCE` numbers, in its order."""
        return {table: self._between(table, after, after + AT_ONCE) for table in NUMBERED}

    def rest(self) -> dict[Table, Sequence[Row]]:
        """Return what is about no message, in its order."""
        return {table: self._read(table, f"ORDER BY {table.order}") for table in (*PEOPLE, ROOM)}

    # --- writing ------------------------------------------------------------------------------

    def mark(self) -> Mark | None:
        """Return what is said of a move that has not ended; None when there is none."""
        if not self._database.is_being_moved():
            return None
        [[room_id, through]] = self._database.rows("SELECT room_id, through FROM migration")
        return Mark(room_id, through)

    def begin(self, room_id: str) -> None:
        """Say that a room is being moved here: no room opens it from now on."""
        with self._database.transaction():
            self._database.change(_MAKE_MARK)
            self._database.change("INSERT INTO migration VALUES (?, 0)", room_id)

    def keep(self, pieces: dict[Table, Sequence[Row]], through: int) -> None:
        """Keep what is about the messages up to a number, and that it is there."""
        with self._database.transaction():
            for table, rows in pieces.items():
                self._database.put(table, rows)
            self._database.change("UPDATE migration SET through = ?", through)

    def keep_rest(self, pieces: dict[Table, Sequence[Row]]) -> None:
        """Keep what is about no message, in place of what an earlier attempt has kept."""
        [room] = pieces[ROOM]
        columns = ", ".join(f"{column} = ?" for column in ROOM.columns)
        same_room = f"UPDATE room SET {columns}"  # noqa: S608 - our own names
        with self._database.transaction():
            for table in reversed(PEOPLE):
                self._database.change(f"DELETE FROM {table.name}")  # noqa: S608 - our own name
            for table in PEOPLE:
                self._database.put(table, pieces[table])
            self._database.settle()
            self._database.change(same_room, *room)

    def begin_anew(self, room_id: str) -> None:
        """Throw away what was moved here; no room opens it all the same."""
        self._database.make_anew()
        if not self._database.is_being_moved():
            self.begin(room_id)

    def end(self) -> None:
        """Say no more that a room is being moved here: all of it is there."""
        self._database.change("DROP TABLE migration")

    # --- reading ------------------------------------------------------------------------------

    def _between(self, table: Table, after: int, through: int) -> Sequence[Row]:
        where = f"WHERE {table.order} > ? AND {table.order} <= ? ORDER BY {table.order}"
        rows = self._read(table, where, after, through)
        return sorted(rows) if table is MARK else rows  # several marks may be of one message

    def _read(self, table: Table, rest: str, *values: object) -> Sequence[Row]:
        columns = ", ".join(table.columns)
        query = f"SELECT {columns} FROM {table.name} {rest}"  # noqa: S608 - our own names
        return table.neutral(self._database.rows(query, *values))
