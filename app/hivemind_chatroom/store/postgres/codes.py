"""The device codes that are out, in the database: shown at one instance, typed at another."""

from __future__ import annotations

from typing import Final

from hivemind_chatroom.room.codes import WRONG_MAX, DeviceCode
from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.store.postgres.connections import Connections

_OUT: Final = """
    SELECT code, extract(epoch FROM expires_at - clock_timestamp())::double precision AS left_s
    FROM device_code WHERE member_id = %s AND expires_at > clock_timestamp()
"""
_ISSUE: Final = """
    INSERT INTO device_code
    SELECT id, %s, clock_timestamp() + make_interval(secs => %s), 0 FROM member WHERE id = %s
    ON CONFLICT (member_id) DO UPDATE
    SET code = excluded.code, expires_at = excluded.expires_at, wrong = 0
    WHERE device_code.expires_at <= clock_timestamp()
"""
_USE: Final = """
    DELETE FROM device_code
    WHERE member_id = %s AND code = %s AND expires_at > clock_timestamp()
"""
_MISS: Final = """
    UPDATE device_code SET wrong = wrong + 1 WHERE member_id = %s AND code = %s
"""
_VOID: Final = "DELETE FROM device_code WHERE member_id = %s AND code = %s AND wrong >= %s"
_NOTE: Final = "SELECT note_change('device_code', %s)"


class PostgresCodes:
    """`DeviceCodes` in a table, by the database's clock."""

    def __init__(self, connections: Connections) -> None:
        """Keep them through these, which the log uses too."""
        self._connections = connections

    def out(self, member_id: MemberId) -> DeviceCode | None:
        """Return the code of a member that is out."""
        with self._connections.lent() as connection:
            row = connection.execute(_OUT, (member_id,)).fetchone()
        return DeviceCode(row["code"], row["left_s"]) if row else None

    def issue(self, member_id: MemberId, code: DeviceCode) -> DeviceCode:
        """Put a code out unless the member has one, and return the one that is out."""
        with self._connections.lent() as connection:
            connection.execute(_ISSUE, (code.code, code.expires_in_s, member_id))
        return self.out(member_id) or code

    def use(self, member_id: MemberId, code: str) -> bool:
        """Take a code in; False if it is out no more."""
        with self._connections.lent() as connection:
            return connection.execute(_USE, (member_id, code)).rowcount > 0

    def miss(self, member_id: MemberId, code: str) -> bool:
        """Count a wrong guess at a code; True if it is that one which makes it void."""
        with self._connections.lent() as connection, connection.transaction():
            connection.execute(_MISS, (member_id, code))
            return connection.execute(_VOID, (member_id, code, WRONG_MAX)).rowcount > 0

    def tell_ended(self, member_id: MemberId, *, is_used: bool) -> None:
        """Have other instances told that a code has ended."""
        with self._connections.lent() as connection:
            connection.execute(_NOTE, (f"{member_id} {'used' if is_used else 'void'}",))
