"""The register: members as they are known, and how a change of one gets into the book."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from hivemind_chatroom.errors import StorageAwayError
from hivemind_chatroom.room.attendance import Attendance
from hivemind_chatroom.room.book import MemberBook, MemberRecord, OutdatedError
from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.room.roster import Roster

News = Callable[[MemberRecord | None, MemberRecord | None], None]
"""Told how a member was known and how they are, None for not at all, as another instance did it."""

_ATTEMPTS: Final = 10
"""How often a change is drawn up before it counts as hopeless."""

_AGAIN_S: Final = 1.0
"""When whoever wanted it may try again, in seconds."""


class Register:
    """Changes members one after another where they are the same, or want the same name.

    A change is drawn up under the lock, kept in the book without it, and only then known here.
    Meanwhile its member and name are claimed: who wants to change or take the same waits for the
    outcome, and who only reads waits for nobody. Where other instances share the book, what is
    known here may be behind it: a change that does not follow what is kept is drawn up anew.
    """

    def __init__(self, book: MemberBook, on_news: News) -> None:
        """Begin with everybody in the book, and tell what others do from then on."""
        self._book = book
        self._on_news = on_news
        self.lock = threading.Lock()
        """For whoever uses `roster`, `attendance` or a method that says so."""
        self._settled = threading.Condition(self.lock)
        records = book.records()
        self.roster = Roster(records)
        self.attendance = Attendance(records)
        self._claimed: set[MemberId] = set()
        self._unsure: dict[MemberId, MemberRecord | None] = {}
        """Of whom nobody knows what is kept, and as what they were to be kept if they are new."""

    def change(
        self,
        drawn: Callable[[], MemberRecord | None],
        *,
        name: str | None = None,
        member_id: MemberId | None = None,
    ) -> MemberRecord | None:
        """Keep what a member is to be.

        Args:
            drawn: Draws it up, under the lock, once or more often. None changes nothing; what is
                known already is a sign of life.
            name: What they are to be called, if that changes.
            member_id: Who it is; None if the name tells.

        Raises:
            StorageFullError: It could not be kept; it is as if it had never been asked for.
            StorageAwayError: Nobody knows whether it was kept.
        """
        self.make_sure()
        for _ in range(_ATTEMPTS):
            with self.lock:
                self._await_turn(name, member_id)
                record = drawn()
                if record is None:
                    return None
                if record is self.roster.by_id(record.member.id):
                    self.attendance.note(record)
                    return record
                self._claimed.add(record.member.id)
                self.roster.take_name(record.member)
            try:
                return self._keep(record)
            except OutdatedError as outdated:
                self.follow(outdated.member_ids)
        raise _not_now()

    def end(
        self,
        drawn: Callable[[], MemberRecord | None],
        *,
        member_id: MemberId | None = None,
    ) -> MemberRecord | None:
        """Take a member out of the book, and then from here.

        Args:
            drawn: Tells whom, under the lock, once or more often; None for nobody.
            member_id: Who it may be, if that is known.

        Raises:
            StorageFullError: It could not be written down; the member stays.
            StorageAwayError: Nobody knows whether it was.
        """
        for _ in range(_ATTEMPTS):
            with self.lock:
                self._await_turn(None, member_id)
                record = drawn()
                if record is None:
                    return None
                self._claimed.add(record.member.id)
            try:
                return self._forget(record)
            except OutdatedError as outdated:
                self.follow(outdated.member_ids)
        raise _not_now()

    def silent(self) -> MemberRecord | None:
        """Return the longest silent of too many, under the lock, to be taken out; None if not."""
        member_id = self.attendance.take_silent(self._claimed)
        return self.roster.by_id(member_id) if member_id else None

    def follow(self, member_ids: Sequence[MemberId]) -> None:
        """Know members as the book does, and tell what is news of it.

        Raises:
            StorageAwayError: It can't be read.
        """
        claimed = {*member_ids}
        with self.lock:
            while self._claimed & claimed:  # for all at once: who holds one waits for no other
                self._settled.wait()
            self._claimed |= claimed
        try:
            kept = self._book.those(member_ids)
            with self.lock:
                known = {each: self.roster.by_id(each) for each in member_ids}
                for each, before in known.items():
                    self._take_up(before, kept.get(each))
        finally:
            self._let_go(*claimed)
        for each, before in known.items():
            if before != kept.get(each):
                self._on_news(before, kept.get(each))

    def follow_all(self) -> None:
        """Know everybody as the book does; as `follow`."""
        kept = [record.member.id for record in self._book.records()]
        with self.lock:
            known = [record.member.id for record in self.roster.everybody()]
        self.follow([*dict.fromkeys((*kept, *known))])

    def seek(self, digest: bytes) -> None:
        """Know whose cookie this is, if another instance has let them in just now."""
        member_id = self._book.let_in_elsewhere(digest)
        if member_id is not None:
            self.follow([member_id])

    def _await_turn(self, name: str | None, member_id: MemberId | None) -> None:
        """Wait until no change is under way of this member or of who holds this name.

        Under the lock, which is let go of meanwhile.
        """
        while self._claimed & {member_id, *(self.roster.holders(name) if name else ())}:
            self._settled.wait()

    def _keep(self, record: MemberRecord) -> MemberRecord:
        kept = replace(record, version=record.version + 1)
        try:
            self._book.keep(kept)
        except BaseException as error:
            with self.lock:
                self.roster.free_name(record.member)
                if old := self.roster.by_id(record.member.id):
                    self.roster.take_name(old.member)
                self._doubt(record, error)
            raise
        else:
            with self.lock:
                self._take_up(self.roster.by_id(record.member.id), kept)
        finally:
            self._let_go(record.member.id)
        return kept

    def _forget(self, record: MemberRecord) -> MemberRecord:
        try:
            self._book.forget(record)
        except BaseException as error:
            with self.lock:
                self.attendance.note(record)
                self._doubt(record, error)
            raise
        else:
            with self.lock:
                self._take_up(record, None)
        finally:
            self._let_go(record.member.id)
        return record

    def _take_up(self, before: MemberRecord | None, now: MemberRecord | None) -> None:
        if now is None:
            if before is not None:
                self.roster.drop(before)
                self.attendance.drop(before.member.id)
            return
        if before is None or before.member.name != now.member.name:
            if before is not None:
                self.roster.free_name(before.member)
            self.roster.take_name(now.member)
        self.roster.put(now)
        self.attendance.note(now)

    def _doubt(self, record: MemberRecord, error: BaseException) -> None:
        if isinstance(error, StorageAwayError):
            first = None if record.version else replace(record, version=1)
            self._unsure[record.member.id] = first

    def make_sure(self) -> None:
        """Read anew who may have been kept or not; who was new has heard of a failure, and goes.

        Unless another instance has done something with them since: they are known there.

        Raises:
            StorageAwayError: The book is away still.
        """
        while self._unsure:
            with self.lock:
                unsure = next(iter(self._unsure.items()), None)
            if unsure is None:
                return
            member_id, first = unsure
            if first is not None:
                with suppress(OutdatedError):
                    self._book.forget(first)
            self.follow([member_id])
            with self.lock:
                self._unsure.pop(member_id, None)

    def _let_go(self, *member_ids: MemberId) -> None:
        with self.lock:
            self._claimed.difference_update(member_ids)
            self._settled.notify_all()


def _not_now() -> StorageAwayError:
    return StorageAwayError("The room's memory is away for now. Try again in a moment.", _AGAIN_S)
