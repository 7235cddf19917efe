"""The seat of whoever leads, as the database keeps it: a lock, a token, and a sign of life."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from datetime import datetime
from typing import Final

from hivemind_chatroom.room.model import HubState, HubStatus
from hivemind_chatroom.store.postgres.connecting import Connection

CHANNEL: Final = "hivemind_chatroom_lead"
"""Where it is said that the seat is free."""

STALLED_S: Final = 5.0
"""How old the last sign of life is when the others end the connection of who sits there."""

_NAMELESS: Final = "a computer without a name"

_LOCK: Final = 0x484D434C
"""What is locked by who leads, "HMCL", beside the schema's own name."""

_PREPARE: Final = f"""
    SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
    LISTEN {CHANNEL}
"""
"""The server finds out by itself that a computer is gone, and lets its lock go."""

_TAKE: Final = """
    WITH lock AS MATERIALIZED (
        SELECT pg_try_advisory_lock(%s, hashtext(current_schema())) AS is_taken
    )
    UPDATE leader SET token = token + 1, instance = %s, place = %s, backend = pg_backend_pid(),
        renewed_at = clock_timestamp()
    FROM lock WHERE is_taken RETURNING token
"""
"""In one step: who froze between lock and name would sit there unknown to `_END_STALLED`."""

_RENEW: Final = "UPDATE leader SET renewed_at = clock_timestamp() WHERE token = %s RETURNING token"

_LEAVE: Final = f"""
    WITH left_it AS (SELECT pg_advisory_unlock(%s, hashtext(current_schema())))
    SELECT pg_notify('{CHANNEL}', '') FROM left_it
"""  # noqa: S608 - our own name

_END_STALLED: Final = """
    SELECT pg_terminate_backend(backend) FROM leader, pg_locks
    WHERE renewed_at < clock_timestamp() - make_interval(secs => %s)
    AND locktype = 'advisory' AND pid = backend AND granted
    AND classid = %s AND objid::bigint = hashtext(current_schema())::bigint & 4294967295
    AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
"""Its connection outlives a process that is frozen, and the lock with it."""

_TELL: Final = """
    INSERT INTO hub SELECT true, %s FROM leader WHERE token = %s FOR KEY SHARE
    ON CONFLICT (only_one) DO UPDATE SET status = excluded.status
"""

_STATUS: Final = "SELECT status FROM hub"
_LEADER: Final = "SELECT place FROM leader"


def prepare(connection: Connection, on_free: Callable[[], None]) -> None:
    """Make a connection one that can hold the seat, and hears when it is free.

    Args:
        connection: Of its own.
        on_free: Called by whoever uses the connection when somebody has stood up.
    """
    connection.add_notify_handler(lambda _: on_free())
    connection.execute(_PREPARE)


def take(connection: Connection, instance: str) -> int | None:
    """Take the seat if it is free, until the connection is closed; return its token."""
    place = platform.node() or _NAMELESS
    row = connection.execute(_TAKE, (_LOCK, instance, place)).fetchone()
    return int(row["token"]) if row else None


def renew(connection: Connection, token: int) -> bool:
    """Give a sign of life; False when somebody else has sat down since."""
    return connection.execute(_RENEW, (token,)).fetchone() is not None


def leave(connection: Connection) -> None:
    """Stand up, and say so."""
    connection.execute(_LEAVE, (_LOCK,))


def end_stalled(connection: Connection) -> bool:
    """End the connection of somebody who sits there and gives no sign of life."""
    return connection.execute(_END_STALLED, (STALLED_S, _LOCK)).fetchone() is not None


def tell(connection: Connection, token: int, status: HubStatus) -> None:
    """Write down how the hub stands, if the token is still the last one."""
    connection.execute(_TELL, (_text_of(status), token))


def told(connection: Connection) -> HubStatus | None:
    """Read how the hub stands, None where nobody has told, or in words that are not known here."""
    row = connection.execute(_STATUS).fetchone()
    return _status_of(row["status"]) if row else None


def place_of_leader(connection: Connection) -> str:
    """Read on which computer the seat was taken last; empty where it never was."""
    row = connection.execute(_LEADER).fetchone()
    return str(row["place"]) if row else ""


def _text_of(status: HubStatus) -> str:
    return json.dumps(
        {
            "state": status.state.value,
            "since": status.since.isoformat(),
            "reason": str(status.reason),
            "command": status.command,
            "builtin": status.builtin,
        }
    )


def _status_of(text: str) -> HubStatus | None:
    try:
        said = json.loads(text)
        return HubStatus(
            HubState(said["state"]),
            datetime.fromisoformat(said["since"]),
            said["reason"],
            said["command"],
            builtin=said["builtin"],
        )
    except (KeyError, ValueError):  # who leads may be of another version
        return None
