"""One connection to the database: how it is made, and whether it is still good."""

from __future__ import annotations

import selectors
from typing import Any, Final

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import DictRow, dict_row

Connection = psycopg.Connection[DictRow]

Selector: Final = getattr(selectors, "PollSelector", selectors.DefaultSelector)
"""For one look at a socket or two: epoll would be made, told of each, and closed again, and each of
these calls gives Python's lock away while others wait for it. Windows has no poll()."""

_CONNECT_S: Final = 3
"""How long a connection may take to be made, in seconds."""

_STATEMENT_MS: Final = 5_000
"""How long the database works at a statement, in milliseconds, and waits for the next one of a
transaction: who is frozen in the middle of one holds the other instances up for no longer."""

_ANSWER_S: Final = 8.0
"""How long it may be silent, in seconds: one that is frozen keeps no time of its own."""

_SESSION: Final = f"""
    SET TIME ZONE 'UTC';
    SET jit = off;
    SET statement_timeout = {_STATEMENT_MS};
    SET idle_in_transaction_session_timeout = {_STATEMENT_MS};
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') = 'off'
"""
"""Without JIT: tables that are not analysed yet look large, and half a second is compiled for each
look at them."""

_OURS: Final = "SELECT set_config('hivemind_chatroom.instance', %s, false)"


class _Impatient(psycopg.Connection[DictRow]):
    """A connection that gives a silent database up."""

    answer_s: float | None = None
    """How long it may be silent, in seconds; None for `_ANSWER_S`."""

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ANN401 - whatever the statement brings
        try:
            limit_s = self.answer_s or _ANSWER_S
            return super().wait(gen, interval, limit_s if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:  # the client's own: nobody knows what the database did
                self.pgconn.finish()
            raise


def connect(address: str, instance: str = "", answer_s: float | None = None) -> Connection:
    """Open a connection with the durability that the room promises, in autocommit mode.

    Args:
        address: As libpq takes it, `postgresql://...`.
        instance: Whose doing it is noted to be what is changed by it.
        answer_s: How long the database may be silent, in seconds; None for as long as usual.

    Raises:
        psycopg.OperationalError: The database does not answer or does not let us in.
    """
    defaults: dict[str, str | int] = {
        "connect_timeout": _CONNECT_S,
        "application_name": "hivemind-chatroom",
    }
    given = psycopg.conninfo.conninfo_to_dict(address)
    wanted: dict[str, str | int] = {
        key: value for key, value in defaults.items() if key not in given
    }
    connection = _Impatient.connect(
        psycopg.conninfo.make_conninfo(address, **wanted),
        autocommit=True,
        prepare_threshold=1,
        row_factory=dict_row,
    )
    connection.answer_s = answer_s
    try:
        connection.execute(_SESSION)
        connection.execute(_OURS, (instance,))
    except psycopg.Error:
        connection.close()
        raise
    return connection


def place_of(address: str) -> str:
    """Return where a database is, without what proves who we are."""
    try:
        said = psycopg.conninfo.conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        return "of --database"
    return f"{said.get('dbname') or ''} at {said.get('host') or 'the local server'}".strip()


def is_sound(connection: Connection) -> bool:
    """Tell whether the database has said nothing: whatever it says of itself is good-bye."""
    with Selector() as selector:
        selector.register(connection.fileno(), selectors.EVENT_READ)
        return not selector.select(0)
