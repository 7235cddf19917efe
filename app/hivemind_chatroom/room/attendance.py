"""Attendance: who gave the last sign of life when, and who is forgotten when there are too many."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from hivemind_chatroom.room.book import MemberRecord
from hivemind_chatroom.room.model import MemberId

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
        self._here: set[MemberId] = set()
        self._elsewhere: frozenset[MemberId] = frozenset()
        """Who has a page open at another instance of the room."""
        for record in records:
            self.note(record)

    def note(self, record: MemberRecord) -> None:
        """Take a sign of life; one whom the host has removed gives none."""
        self._hear_no_more_of(record.member.id)
        if record.is_removed:
            self._lose_sight_of(record.member.id)
            return
        (self._joined if record.is_held else self._visitors)[record.member.id] = None

    def drop(self, member_id: MemberId) -> None:
        """Wait for no more signs."""
        self._hear_no_more_of(member_id)
        self._lose_sight_of(member_id)

    def set_present(self, record: MemberRecord, *, present: bool) -> None:
        """Take it as a sign of life that a member's page was opened or closed."""
        self.note(record)
        if present and not record.is_removed:
            self._here.add(record.member.id)
        else:
            self._here.discard(record.member.id)

    def set_elsewhere(self, present: AbstractSet[MemberId]) -> set[MemberId]:
        """Know who has a page open at another instance, and return who comes or goes by that."""
        changed = {*(self._elsewhere ^ present)} - self._here
        self._elsewhere = frozenset(present)
        return changed

    def here(self) -> frozenset[MemberId]:
        """Return whose page is open at this instance."""
        return frozenset(self._here)

    def is_present(self, member_id: MemberId) -> bool:
        """Tell whether a page of a member is open."""
        return member_id in self._here or member_id in self._elsewhere

    def count_present(self) -> int:
        """Count the members who have a page open."""
        return len(self._here) + len(self._elsewhere - self._here)

    def take_silent(self, spared: AbstractSet[MemberId] = frozenset()) -> MemberId | None:
        """Take out whoever has been silent the longest, if there are too many; None if not.

        Nobody is whose page is open.

        Args:
            spared: Who stays whatever happens; that they do is a sign of life.
        """
        for silent, most in ((self._visitors, VISITORS_MAX), (self._joined, JOINED_MAX)):
            for _ in range(len(silent) if len(silent) > most else 0):
                member_id, _nothing = silent.popitem(last=False)
                if member_id not in spared and not self.is_present(member_id):
                    return member_id
                silent[member_id] = None
        return None

    def _hear_no_more_of(self, member_id: MemberId) -> None:
        self._joined.pop(member_id, None)
        self._visitors.pop(member_id, None)

    def _lose_sight_of(self, member_id: MemberId) -> None:
        self._here.discard(member_id)
        if member_id in self._elsewhere:
            self._elsewhere -= {member_id}
