"""The present: which members have a page open, at this instance of the room or at another."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from hivemind_chatroom.room.book import member_of
from hivemind_chatroom.room.model import Member, MemberId
from hivemind_chatroom.room.register import Register


class Present:
    """Knows who has a page open; safe to call from any thread."""

    def __init__(self, register: Register) -> None:
        """Begin with nobody."""
        self._roster = register.roster
        self._attendance = register.attendance
        self._lock = register.lock

    def note(self, member_id: MemberId, *, present: bool) -> Member | None:
        """Note that a member's first stream opened or its last one closed."""
        with self._lock:
            record = self._roster.by_id(member_id)
            if record is not None:
                self._attendance.set_present(record, present=present)
            return member_of(record)

    def note_elsewhere(self, present: AbstractSet[MemberId]) -> set[MemberId]:
        """Note who has a stream open at another instance, and return who comes or goes by that."""
        with self._lock:
            return self._attendance.set_elsewhere(present)

    def here(self) -> frozenset[MemberId]:
        """Return who has a stream open at this instance."""
        with self._lock:
            return self._attendance.here()

    def has(self, member_id: MemberId) -> bool:
        """Tell whether a member has a stream open, at any instance."""
        with self._lock:
            return self._attendance.is_present(member_id)

    def count(self) -> int:
        """Count the members who have a stream open, at any instance."""
        with self._lock:
            return self._attendance.count_present()
