"""The people: members, and that everybody is told how they come, change and go."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from hivemind_chatroom.errors import NotJoinedError, RoomFullError
from hivemind_chatroom.room.book import MemberBook, MemberRecord
from hivemind_chatroom.room.feed import Feed, MemberChanged, MemberGone, MemberRuled
from hivemind_chatroom.room.members import Members, NameCheck
from hivemind_chatroom.room.model import Device, Introduction, Joined, Member, MemberId
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.ruling import NO_RULING
from hivemind_chatroom.room.sightings import Sightings


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the operator sees them."""

    member: Member
    is_present: bool
    """A page of theirs is open."""
    muted_until: datetime | None
    """As it was decided, which may be over; None if they may write."""
    device: Device
    """By what they came last, since the start."""
    last_seen: datetime | None
    """When they came or went last; None if not since the start."""


class People:
    """Changes members, tells the feed of it, and remembers who was seen; any thread may call."""

    def __init__(self, book: MemberBook, feed: Feed, clock: Clock) -> None:
        """Begin with everybody in the book."""
        self.members = Members(book, self._tell_what_others_did)
        self.sightings = Sightings(clock)
        self._feed = feed
        self._clock = clock
        self._telling = threading.Lock()
        """Held while everybody is told of a member."""

    def join(self, who: Introduction, *, most: int) -> Joined:
        """Let somebody in.

        Args:
            who: In its standard form.
            most: How many people may be here.

        Raises:
            RoomFullError: So many are here already.
            ChatroomError: As `Members.join` does.
        """
        if self.count_here() >= most:
            raise RoomFullError("The room is full ({most}). Ask the host.", most=most)
        joined = self.members.join(who.name, who.lang, who.site_id)
        self.sightings.note_arrival(joined.member.id)
        self._tell_of(joined.member.id)
        self._make_room()
        return joined

    def visit(self, who: Introduction) -> Member:
        """Return the member that upstream's form routes speak for; as `Members.visit`."""
        visited = self.members.visit(who.name, who.lang, who.site_id)
        if visited.is_news:
            self._tell_of(visited.member.id)
            self._make_room()
        return visited.member

    def change(self, member: Member, who: Introduction, check: NameCheck) -> Member:
        """Call a member otherwise.

        Args:
            member: Who it is.
            who: In its standard form.
            check: Whether they may be called so, asked when nothing can come between.

        Raises:
            NotJoinedError: The member has left meanwhile.
            ChatroomError: As `Members.change` does.
        """
        changed = self.members.change(member.id, who, check)
        if changed is None:
            raise NotJoinedError("You have left the room. Join again to go on.")
        if changed != member:
            self._tell_of(changed.id)
        return changed

    def rule(
        self,
        member_id: MemberId,
        ruled: Callable[[MemberRecord], MemberRecord | None],
        *,
        name: str | None = None,
    ) -> MemberRecord | None:
        """Carry out what the host has decided about a member; as `Members.amend`, and told."""
        record = self.members.amend(member_id, ruled, name=name)
        if record is not None:
            self._tell_of_ruling(member_id)
        return record

    def leave(self, member: Member) -> None:
        """Forget a member; its name is free again.

        Who is muted is not forgotten, or they could write as soon as they join again: their
        browsers are strangers, and whoever takes the name takes over what was decided.

        Raises:
            StorageFullError: It could not be written down; the member stays.
        """
        if self._leave_muted(member.id):
            return
        if self.members.leave(member.id):
            self._tell_that_gone(member.id)
        else:
            self._leave_muted(member.id)  # as another instance of the room has decided just now

    def forget(self, record: MemberRecord) -> None:
        """Forget a member, whatever was decided about them; as `Members.forget`, and told."""
        if self.members.forget(record):
            self._tell_that_gone(record.member.id)

    def follow(self, member_ids: Sequence[str] | None) -> None:
        """Know members as the book does, which other instances write too, and tell of them.

        Args:
            member_ids: Whose; None for everybody's.

        Raises:
            StorageAwayError: It can't be read.
        """
        if member_ids is None:
            self.members.follow_all()
        else:
            self.members.follow([*map(MemberId, member_ids)])

    def set_present(self, member_id: MemberId, *, present: bool) -> None:
        """Note that a member's first stream opened or its last one closed."""
        if not present and member_id not in self.members.present.here():
            return  # who has left is not told of again when their streams end
        if self.members.present.note(member_id, present=present):
            self.sightings.note_presence(member_id)
            self._tell_of(member_id)

    def set_elsewhere(self, present: AbstractSet[MemberId]) -> None:
        """Note who has a page open at another instance of the room."""
        for member_id in self.members.present.note_elsewhere(present):
            self.sightings.note_presence(member_id)
            self._tell_of(member_id)

    def listing(self) -> list[Person]:
        """Return everybody, in the order of arrival."""
        return [
            Person(
                record.member,
                self.members.present.has(record.member.id),
                record.ruling.muted_until,
                self.sightings.device(record.member.id),
                self.sightings.last_seen(record.member.id),
            )
            for record in self.members.records()
            if not record.is_removed
        ]

    def count_here(self) -> int:
        """Count those who have a page open, or were let in and will have one in a moment."""
        return self.members.present.count() + self.sightings.arriving()

    def _leave_muted(self, member_id: MemberId) -> bool:
        is_kept = self.members.amend(member_id, self._let_go_if_muted) is not None
        if is_kept:
            self.members.present.note(member_id, present=False)
            self._tell_that_gone(member_id)
        return is_kept

    def _let_go_if_muted(self, old: MemberRecord) -> MemberRecord | None:
        if old.is_removed or not old.ruling.in_force(self._clock.now()).muted_until:
            return None
        return replace(old, is_held=False, digests=frozenset(), has_left=True)

    def _tell_what_others_did(self, before: MemberRecord | None, now: MemberRecord | None) -> None:
        """Tell what another instance of the room has done with a member, as if done here."""
        record = now or before
        if record is None or _seen_of(before) == _seen_of(now):
            return
        member_id = record.member.id
        was_here = before is not None and not before.is_removed and not before.has_left
        is_gone = now is None or now.has_left
        if now and now.is_held and not (before and before.is_held):
            self.sightings.note_arrival(member_id)
        if is_gone and was_here:
            self.members.present.note(member_id, present=False)
            self._tell_that_gone(member_id)
        elif now and not is_gone and now.ruling != (before.ruling if before else NO_RULING):
            self._tell_of_ruling(member_id)
        elif not is_gone:
            self._tell_of(member_id)

    def _tell_of(self, member_id: MemberId) -> None:
        """Tell everybody how a member is now.

        It is looked up and told in one step: of two changes at once, the one told last would else
        be what people see for good, even if it happened first.
        """
        with self._telling:
            self._tell_how_it_is(self.members.by_id(member_id))

    def _tell_of_ruling(self, member_id: MemberId) -> None:
        """Tell what the host has decided; who is removed hears of it before the streams close."""
        with self._telling:
            if record := self.members.record_by_id(member_id):
                self._feed.publish(MemberRuled(record.member, record.ruling))
                if record.is_removed:
                    self.sightings.drop(member_id)
                    self._feed.publish(MemberGone(member_id, is_removed=True))
                elif not record.has_left:
                    self._tell_how_it_is(record.member)

    def _tell_how_it_is(self, member: Member | None) -> None:
        if member:
            self._feed.publish(MemberChanged(member, self.members.present.has(member.id)))

    def _tell_that_gone(self, member_id: MemberId) -> None:
        self.sightings.drop(member_id)
        with self._telling:
            self._feed.publish(MemberGone(member_id))

    def _make_room(self) -> None:
        """Forget the longest silent of too many members."""
        while (member_id := self.members.forget_silent()) is not None:
            self._tell_that_gone(member_id)


def _seen_of(record: MemberRecord | None) -> tuple[object, ...]:
    """Return what people and the host see of a member, which neither session nor cookies are."""
    if record is None:
        return ()
    who = record.member
    shown = (who.name, who.lang, who.site_id, who.color)
    return *shown, record.is_held, record.has_left, record.ruling
