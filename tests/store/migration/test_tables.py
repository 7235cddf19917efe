"""Nothing that a database holds is forgotten."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import psycopg
import pytest

from contract.cluster import Cluster
from hivemind_chatroom.store.migration.tables import TABLES
from store.migration.moving import Place, opened

OF_ONE_KIND = {
    "sqlite": {
        "message": {"words"},  # made of the text
        "room": {"only", "words_left"},  # of the search index of this file
    },
    "postgres": {
        "message": {"words"},  # made of the text
        "member": {"version"},  # counts the writes of several instances
        "room": {"only_one"},
    },
}
"""Columns that are not moved, by the kind of database that has them."""

NOT_MOVED = {
    "hivemind_chatroom",  # the version of the tables
    "name_taken",  # made of the members' names
    "setting",  # stays with the room's settings
    "device_code",  # lives for minutes
    *("change", "change_count", "hub", "instance", "leader", "presence"),  # between instances
}
"""Tables of PostgreSQL that are not moved."""


def columns_of(place: Place) -> dict[str, set[str]]:
    if isinstance(place, Path):
        with contextlib.closing(sqlite3.connect(place)) as file:
            names = [name for (name,) in file.execute("SELECT name FROM pragma_table_list")]
            return {
                name: {row[1] for row in file.execute(f"PRAGMA table_info({name})")}
                for name in names
                if not name.startswith(("sqlite_", "message_words"))
            }
    with psycopg.connect(place) as connection:
        found = connection.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns "
            "WHERE table_schema = current_schema() GROUP BY table_name"
        )
        return {name: set(columns) for name, columns in found}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_every_column_is_moved_or_said_to_stay(kind: str, cluster: Cluster, tmp_path: Path) -> None:
    place: Place = tmp_path / "room.db" if kind == "sqlite" else cluster.new_database()
    opened(place).close()
    listed = {table.name: set(table.columns) for table in TABLES}
    there = {name: columns for name, columns in columns_of(place).items() if name not in NOT_MOVED}
    for name, columns in there.items():
        assert columns - OF_ONE_KIND[kind].get(name, set()) == listed[name], name
    assert there.keys() == listed.keys()
