"""Moderation: what the host decides about a member, and takes back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from hivemind_chatroom.errors import (
    MemberUnknownError,
    MutedError,
    RemovedError,
    StorageError,
    UndoUnknownError,
)
from hivemind_chatroom.room.book import MemberRecord
from hivemind_chatroom.room.model import Member, MemberId
from hivemind_chatroom.room.names import own_name
from hivemind_chatroom.room.people import People
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.ruling import NO_RULING, UNTIL_UNDONE, Ruling

_log = logging.getLogger(__name__)

UndoId = NewType("UndoId", str)
"""Names one deed; a later one of the same kind about the same member has the same."""

REMOVED_FOR = timedelta(days=1)
"""How long the browsers of a removed member are kept out, and the name is kept for them."""

RENAME_UNDONE_FOR = timedelta(minutes=10)
"""How long a member can be called by the old name again."""

_BETWEEN = "-"


class Deed(StrEnum):
    """What the host can do to a member."""

    MUTE = "mute"
    REMOVE = "remove"
    RENAME = "rename"


@dataclass(frozen=True, slots=True)
class Undo:
    """How a deed is taken back."""

    id: UndoId
    kind: Deed
    member: Member
    """As they were called before."""
    until: datetime
    """How long that can be done; `UNTIL_UNDONE` for as long as the room is there."""


class Moderation:
    """Mutes, removes and renames members; any thread may call.

    A deed is kept with its member, so that it holds after a restart. A mute and a removal can be
    undone as long as they last.
    """

    def __init__(self, people: People, clock: Clock) -> None:
        """Rule over `people`."""
        self._people = people
        self._clock = clock

    def mute(self, member_id: MemberId, until: datetime | None) -> Undo:
        """Let a member read and not write.

        Args:
            member_id: Who it is.
            until: Aware; None for until it is undone.

        Raises:
            MemberUnknownError: There is no such member.
            StorageFullError: It could not be kept; nothing has changed.
        """
        end = until or UNTIL_UNDONE
        return self._rule(member_id, Deed.MUTE, lambda old: replace(old, muted_until=end))

    def remove(self, member_id: MemberId) -> Undo:
        """Put a member out of the room, and keep its browsers out for `REMOVED_FOR`.

        Raises:
            MemberUnknownError: There is no such member.
            StorageFullError: It could not be kept; nothing has changed.
        """
        end = self._clock.now() + REMOVED_FOR
        return self._rule(member_id, Deed.REMOVE, lambda old: replace(old, removed_until=end))

    def rename(self, member_id: MemberId, name: str) -> Undo:
        """Call a member otherwise.

        Raises:
            MemberUnknownError: There is no such member.
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: Another member holds it, or one that looks like it.
            StorageFullError: It could not be kept; nothing has changed.
        """
        until = self._clock.now() + RENAME_UNDONE_FOR
        name = own_name(name)
        self.forget_gone()

        def renamed(old: MemberRecord) -> MemberRecord | None:
            ruling = replace(old.ruling, renamed_from=old.member.name, renamed_until=until)
            member = replace(old.member, name=name)
            return None if old.is_removed else replace(old, member=member, ruling=ruling)

        return self._undo_of(self._people.rule(member_id, renamed, name=name), Deed.RENAME)

    def undo(self, undo_id: UndoId) -> None:
        """Take a deed back.

        Raises:
            UndoUnknownError: There is no such deed, or its time is over.
            NameTakenError: Somebody else has the old name by now.
            StorageFullError: It could not be kept; nothing has changed.
        """
        kind, _, member_id = undo_id.partition(_BETWEEN)
        record = self._people.members.record_by_id(MemberId(member_id))
        undo = next((each for each in self._undos(record) if each.kind == kind), None)
        if record is None or undo is None:
            raise UndoUnknownError("There is nothing to undo any more.")
        if record.has_left and undo.kind is Deed.MUTE:
            self._people.forget(record)  # there is nothing more that they are kept for
            return

        def undone(old: MemberRecord) -> MemberRecord:
            match undo.kind:
                case Deed.MUTE:
                    return replace(old, ruling=replace(old.ruling, muted_until=None))
                case Deed.REMOVE:
                    return replace(old, ruling=replace(old.ruling, removed_until=None))
                case Deed.RENAME:
                    ruling = replace(old.ruling, renamed_from="", renamed_until=None)
                    return replace(old, member=_called(old, undo.member.name), ruling=ruling)

        name = undo.member.name if undo.kind is Deed.RENAME else None
        self._people.rule(undo.member.id, undone, name=name)

    def undos(self) -> list[Undo]:
        """Return what can be undone, the members in the order of their arrival."""
        ruled = (each for each in self._people.members.records() if each.ruling != NO_RULING)
        return [undo for each in ruled for undo in self._undos(each)]

    def ruling_of(self, member_id: MemberId) -> Ruling:
        """Return what the host has decided about a member and is not over."""
        record = self._people.members.record_by_id(member_id)
        return record.ruling.in_force(self._clock.now()) if record else NO_RULING

    def check_may_write(self, member_id: MemberId) -> None:
        """Let a member say something.

        Raises:
            RemovedError: The host has removed them.
            MutedError: The host has muted them; the sentence says until when.
        """
        ruling = self.ruling_of(member_id)
        if ruling.removed_until:
            raise _removed()
        self._check_not_muted(ruling)

    def check_may_be_called(self, record: MemberRecord, name: str) -> None:
        """Let a member choose a name: everybody is to see who it is that was muted or renamed.

        Args:
            record: All that is known of the member at this moment.
            name: In its standard form; the one that they have is always right.

        Raises:
            MutedError: The host has muted them, or has given them their name just now.
        """
        if record.member.name == name:
            return
        now = self._clock.now()
        ruling = record.ruling.in_force(now)
        self._check_not_muted(ruling)
        if ruling.renamed_until:
            time = _in_words(ruling.renamed_until, now)
            raise MutedError("The host gave you this name. It stays until {time}.", time=time)

    def check_key(self, key: str) -> None:
        """Let whoever keeps this key in a cookie pass, unless the host has removed them.

        Raises:
            RemovedError: The host has.
        """
        record = self._people.members.record_by_key(key)
        if record is None or not record.is_removed:
            return
        if record.ruling.in_force(self._clock.now()).removed_until:
            raise _removed()

    def forget_gone(self) -> None:
        """Forget those who were removed, or muted as they left, for long enough.

        They are strangers now, as others are. Until it is called, the names of those who were
        removed are nobody's. On a full disk that is so for longer.
        """
        for record in self._people.members.records():
            try:
                self._forget_if_over(record)
            except StorageError as error:
                _log.warning("who is gone is not forgotten: %s", error.code)

    def _forget_if_over(self, record: MemberRecord) -> None:
        if not record.is_removed and not record.has_left:
            return
        ruling = record.ruling.in_force(self._clock.now())
        if record.is_removed and not ruling.removed_until:
            self._people.members.forget(record)
        elif not record.is_removed and not ruling.muted_until:
            self._people.forget(record)

    def _rule(self, member_id: MemberId, kind: Deed, decide: Callable[[Ruling], Ruling]) -> Undo:
        def ruled(old: MemberRecord) -> MemberRecord | None:
            return None if old.is_removed else replace(old, ruling=decide(old.ruling))

        return self._undo_of(self._people.rule(member_id, ruled), kind)

    def _undo_of(self, record: MemberRecord | None, kind: Deed) -> Undo:
        for undo in self._undos(record):
            if undo.kind is kind:
                return undo
        raise MemberUnknownError("There is no such person here.")

    def _undos(self, record: MemberRecord | None) -> list[Undo]:
        if record is None:
            return []
        ruling, member = record.ruling.in_force(self._clock.now()), record.member
        ends = {Deed.REMOVE: ruling.removed_until}
        if not record.is_removed:
            ends |= {Deed.MUTE: ruling.muted_until, Deed.RENAME: ruling.renamed_until}
        before = {Deed.RENAME: _called(record, ruling.renamed_from)}
        return [
            Undo(UndoId(f"{kind}{_BETWEEN}{member.id}"), kind, before.get(kind, member), until)
            for kind, until in ends.items()
            if until is not None
        ]

    def _check_not_muted(self, ruling: Ruling) -> None:
        if ruling.muted_until == UNTIL_UNDONE:
            raise MutedError("You can read, not write, until the host changes that.")
        if ruling.muted_until:
            time = _in_words(ruling.muted_until, self._clock.now())
            raise MutedError("You can read, not write, until {time}.", time=time)


def _removed() -> RemovedError:
    return RemovedError("The host removed you from the room.")


def _called(record: MemberRecord, name: str) -> Member:
    return replace(record.member, name=name)


def _in_words(moment: datetime, now: datetime) -> str:
    """Return a moment as the clocks here show it, with its day if that is another one."""
    here, today = moment.astimezone(), now.astimezone().date()
    return f"{here:%H:%M}" if here.date() == today else f"{here:%Y-%m-%d %H:%M}"
