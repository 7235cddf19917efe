"""What the host has decided about the room, in the database for all instances."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from hivemind_chatroom.store.postgres.connections import Connections

_BEGIN: Final = """
    INSERT INTO setting SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING
"""
_CHANGE: Final = """
    INSERT INTO setting SELECT * FROM unnest(%s::text[], %s::text[])
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""
"""One statement, in the order of the names: two at once wait for each other at the first one."""


class PostgresSettings:
    """`SharedSettings` in the table `setting`, whose changes are noted by itself."""

    def __init__(self, connections: Connections) -> None:
        """Keep them through these, which the log uses too."""
        self._connections = connections

    def begin(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Keep those that nobody has decided yet, and return all as they are now."""
        return self._kept(_BEGIN, values)

    def change(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Keep these, and return all as they are now."""
        return self._kept(_CHANGE, values)

    def _kept(self, statement: str, values: Mapping[str, object]) -> Mapping[str, object]:
        names = sorted(values)
        with self._connections.lent() as connection:
            if names:
                as_json = [json.dumps(values[name]) for name in names]
                connection.execute(statement, (names, as_json))
            rows = connection.execute("SELECT name, value FROM setting").fetchall()
        return {row["name"]: json.loads(row["value"]) for row in rows}
