"""The register: members as they are known, and how a change of one gets into the book."""

from __future__ import annotations

import threading

from hivemind_chatroom.room.attendance import Attendance
from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.room.ports import MemberBook, MemberRecord
from hivemind_chatroom.room.roster import Roster


class Register:
    """Changes members one after another where they are the same, or want the same name.

    A change is drawn up under the lock, kept in the book without it, and only then known here.
    Meanwhile its member and name are claimed: who wants to change or take the same waits for the
    outcome, and who only reads waits for nobody.
    """

    def __init__(self, book: MemberBook) -> None:
        """Begin with everybody in the book."""
        self._book = book
        self.lock = threading.Lock()
        """For whoever uses `roster`, `attendance` or a method that says so."""
        self._settled = threading.Condition(self.lock)
        records = book.records()
        self.roster = Roster(records)
        self.attendance = Attendance(records)
        self._claimed: set[MemberId] = set()

    def await_turn(self, name: str | None, member_id: MemberId | None = None) -> None:
        """Wait until no change is under way of this member or of who holds this name.

        Under the lock, which is let go of meanwhile.
        """
        while self._claimed & {member_id, *(self.roster.holders(name) if name else ())}:
            self._settled.wait()

    def claim(self, record: MemberRecord) -> None:
        """Begin to make a member what the record says, under the lock; `keep` ends it."""
        self._claimed.add(record.member.id)
        self.roster.take_name(record.member)

    def claim_end(self, record: MemberRecord) -> None:
        """Begin to forget a member, under the lock; `forget` ends it."""
        self._claimed.add(record.member.id)

    def claim_silent(self) -> MemberRecord | None:
        """Begin to forget the longest silent of too many, under the lock; None if they aren't."""
        member_id = self.attendance.take_silent(self._claimed)
        record = self.roster.by_id(member_id) if member_id else None
        if record is not None:
            self.claim_end(record)
        return record

    def keep(self, record: MemberRecord) -> None:
        """Write a claimed change down; one that can't be is as if it had never been asked for.

        Raises:
            StorageFullError: It could not be kept.
        """
        try:
            self._book.keep(record)
        except BaseException:
            with self.lock:
                old = self.roster.by_id(record.member.id)
                self.roster.free_name(record.member)
                if old is not None:
                    self.roster.take_name(old.member)
            raise
        else:
            with self.lock:
                if old := self.roster.by_id(record.member.id):
                    self.roster.free_name(old.member)
                    self.roster.take_name(record.member)
                self.roster.put(record)
                self.attendance.note(record)
        finally:
            self._let_go(record.member.id)

    def forget(self, record: MemberRecord) -> None:
        """Take a claimed member out of the book, and then from here.

        Raises:
            StorageFullError: It could not be written down; the member stays.
        """
        member_id = record.member.id
        try:
            self._book.forget(member_id)
        except BaseException:
            with self.lock:
                self.attendance.note(record)
            raise
        else:
            with self.lock:
                self.roster.drop(record)
                self.attendance.drop(member_id)
        finally:
            self._let_go(member_id)

    def _let_go(self, member_id: MemberId) -> None:
        with self.lock:
            self._claimed.discard(member_id)
            self._settled.notify_all()
