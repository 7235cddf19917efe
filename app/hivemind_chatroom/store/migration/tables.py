"""What is moved: every table and column that holds the truth, in a form that is no database's own.

What is not in here belongs to one kind of database, or is made of what is: the words that searches
know, the names that are taken, what several instances tell each other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum, auto
from types import MappingProxyType
from typing import Any, Final

Value = str | int | float | bytes | None
Row = tuple[Value, ...]
"""Values in the order of the columns, in the forms below."""


class Form(StrEnum):
    """What a value is, however a database writes it down."""

    TEXT = auto()
    """JSON too: it is moved as it was written."""
    NUMBER = auto()
    REAL = auto()
    FLAG = auto()
    BYTES = auto()
    MOMENT = auto()
    """ISO 8601, UTC, as `datetime.isoformat` writes it."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table, by the columns that are moved."""

    name: str
    order: str
    """The column that the rows are read by."""
    columns: Mapping[str, Form]

    def neutral(self, found: Sequence[Sequence[Any]]) -> list[Row]:
        """Return rows as a database has given them in the forms of the columns."""
        rows = [[*row] for row in found]
        for nth, form in enumerate(self.columns.values()):
            if (made := _MADE.get(form)) is not None:
                for row in rows:
                    row[nth] = None if row[nth] is None else made(row[nth])
        return [tuple(row) for row in rows]

    def sealed(self, rows: Sequence[Row]) -> bytes:
        """Return rows as JSON, which is the same whatever database they come from."""
        return _SEALED.encode([self.name, *rows]).encode()


def _moment(value: str | datetime) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.astimezone(UTC).isoformat()


_MADE: Final[Mapping[Form, Callable[[Any], Value]]] = MappingProxyType(
    {Form.FLAG: bool, Form.BYTES: bytes, Form.MOMENT: _moment}
)
"""What makes values of one form alike that databases give in different ways."""

_SEALED: Final = json.JSONEncoder(default=bytes.hex)

MESSAGE: Final = Table(
    "message",
    "id",
    {
        "id": Form.NUMBER,
        "kind": Form.TEXT,
        "author_id": Form.TEXT,
        "author_name": Form.TEXT,
        "text": Form.TEXT,
        "lang": Form.TEXT,
        "sent_at": Form.MOMENT,
        "to_id": Form.TEXT,
        "to_name": Form.TEXT,
        "private_to": Form.TEXT,
        "client_id": Form.TEXT,
        "in_reply_to": Form.NUMBER,
        "expects_reply": Form.FLAG,
        "media": Form.TEXT,
    },
)

OUTBOX: Final = Table(
    "outbox",
    "message_id",
    {
        "message_id": Form.NUMBER,
        "corr": Form.TEXT,
        "member_id": Form.TEXT,
        "delivery": Form.TEXT,
        "queued_at": Form.REAL,
    },
)

MARK: Final = Table("mark", "message_id", {"message_id": Form.NUMBER, "corr": Form.TEXT})

MEMBER: Final = Table(
    "member",
    "arrived",
    {
        "id": Form.TEXT,
        "arrived": Form.NUMBER,
        "name": Form.TEXT,
        "lang": Form.TEXT,
        "site_id": Form.TEXT,
        "color": Form.NUMBER,
        "session_id": Form.TEXT,
        "session_state": Form.TEXT,
        "is_held": Form.FLAG,
        "muted_until": Form.TEXT,
        "removed_until": Form.TEXT,
        "renamed_from": Form.TEXT,
        "renamed_until": Form.TEXT,
        "has_left": Form.FLAG,
    },
)

COOKIE: Final = Table("cookie", "digest", {"digest": Form.BYTES, "member_id": Form.TEXT})

ROOM: Final = Table(
    "room",
    "id",
    {
        "id": Form.TEXT,
        "history": Form.TEXT,
        "invitation_key": Form.BYTES,
        "last_id": Form.NUMBER,
        "first_id": Form.NUMBER,
    },
)
"""One row, which every database of a room has from its beginning."""

NUMBERED: Final = (MESSAGE, OUTBOX, MARK)
"""Moved by the numbers of the messages, each after what it refers to."""

PEOPLE: Final = (MEMBER, COOKIE)
"""Moved at once, each after what it refers to."""

TABLES: Final = (*NUMBERED, *PEOPLE, ROOM)
