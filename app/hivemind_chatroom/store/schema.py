"""The tables, and how those of an older version become today's."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

APPLICATION_ID = 0x484D4352
"""What tells our databases from those of other programs, "HMCR"; `schema.sql` writes it into the
header (sqlite.org/pragma.html#pragma_application_id)."""

MOVING = "migration"
"""The table that a database has while a room is being moved into it: not all of it is there."""

_SCRIPTS = ("schema.sql", "schema-2.sql", "schema-3.sql", "schema-4.sql")
"""What makes version 1, then 2 of 1 and so on."""


@dataclass(frozen=True, slots=True)
class Schema:
    """What a database of today looks like, told as its history."""

    first: str
    """The script that makes version 1 of an empty database."""
    migrations: Sequence[str] = ()
    """The scripts that make 2 of 1, 3 of 2 and so on; each sets `user_version` itself."""

    @property
    def version(self) -> int:
        """The version of today."""
        return 1 + len(self.migrations)

    def upgrade(self, connection: sqlite3.Connection) -> None:
        """Make a database of an older version, or an empty one, one of today, or leave it as it is.

        Args:
            connection: In autocommit mode. All steps are one transaction of it; one that fails
                leaves it open, to be undone when the connection closes.
        """
        version = version_of(connection)
        steps = self.migrations[version - 1 :] if version else (self.first, *self.migrations)
        if steps:
            connection.executescript(f"BEGIN IMMEDIATE;{''.join(steps)}COMMIT;")


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of a database, 0 for one that has none."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_being_moved(connection: sqlite3.Connection) -> bool:
    """Tell whether a room is being moved into a database, and not all of it is there."""
    found = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (MOVING,))
    return found.fetchone() is not None


def current_schema() -> Schema:
    """Return the schema of this version of the program."""
    folder = resources.files(__package__)
    first, *migrations = (folder.joinpath(name).read_text(encoding="utf-8") for name in _SCRIPTS)
    return Schema(first, migrations)
