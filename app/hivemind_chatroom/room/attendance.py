"""Attendance: who gave the last sign of life when, and who is forgotten when there are too many."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.room.ports import MemberRecord

JOINED_MAX = 5_000
"""Members with a cookie; a few kilobytes each, in memory and in what every page is told."""

VISITORS_MAX = 200
"""Members that only upstream's form routes made: nobody holds them, a script makes one a line."""


class Attendance:
    """Puts members in the order of their silence; `Members` holds the lock under which it is used.

    Who joined and who only visits are counted apart, so that no flood of forms costs anybody a
    name.
    """

    def __init__(self, records: Iterable[MemberRecord]) -> None:
        """Begin with these, as if each had come just now."""
        self._joined: OrderedDict[MemberId, None] = OrderedDict()
        self._visitors: OrderedDict[MemberId, None] = OrderedDict()
        for record in records:
            self.note(record)

    def note(self, record: MemberRecord) -> None:
        """Take a sign of life."""
        self.drop(record.member.id)
        (self._joined if record.is_held else self._visitors)[record.member.id] = None

    def drop(self, member_id: MemberId) -> None:
        """Wait for no more signs."""
        self._joined.pop(member_id, None)
        self._visitors.pop(member_id, None)

    def take_silent(self, *spared: AbstractSet[MemberId]) -> MemberId | None:
        """Take out whoever has been silent the longest, if there are too many; None if not.

        Args:
            spared: Who stays whatever happens; that they do is a sign of life.
        """
        for silent, most in ((self._visitors, VISITORS_MAX), (self._joined, JOINED_MAX)):
            for _ in range(len(silent) if len(silent) > most else 0):
                member_id, _nothing = silent.popitem(last=False)
                if not any(member_id in each for each in spared):
                    return member_id
                silent[member_id] = None
        return None
