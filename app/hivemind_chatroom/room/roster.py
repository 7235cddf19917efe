"""The roster: members by id, name, cookie and session."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace

from hivemind_chatroom.errors import NameTakenError
from hivemind_chatroom.room.book import MemberRecord
from hivemind_chatroom.room.model import Member, MemberId, Session, SessionId
from hivemind_chatroom.room.names import NAME_MAX, skeletons

_COLORS = 8
_ID_BYTES = 8

_SMALL_NUMBERS = 10
"""Below this, the lowest number that makes a name free is offered."""

_NUMBER_DIGITS = 4
_CHANCES = 5
"""Digits of a random number, and how many are tried, when all the small ones are taken."""


class Roster:
    """Finds members; `Members` holds the lock under which it is used."""

    def __init__(self, records: Iterable[MemberRecord]) -> None:
        """Begin with these, in the order of arrival."""
        self._records: dict[MemberId, MemberRecord] = {}
        self._by_digest: dict[bytes, MemberId] = {}
        self._by_session: dict[SessionId, MemberId] = {}
        self._by_skeleton: dict[str, MemberId] = {}
        for record in records:
            self.take_name(record.member)
            self.put(record)

    def everybody(self) -> Iterable[MemberRecord]:
        """Return all of them, in the order of arrival."""
        return self._records.values()

    def by_id(self, member_id: MemberId) -> MemberRecord | None:
        """Return a member by its id."""
        return self._records.get(member_id)

    def by_digest(self, digest: bytes) -> MemberRecord | None:
        """Return the member with this cookie."""
        return self._records.get(self._by_digest.get(digest, MemberId("")))

    def by_session(self, session_id: SessionId) -> MemberRecord | None:
        """Return the member with this OVOS session."""
        return self._records.get(self._by_session.get(session_id, MemberId("")))

    def holders(self, name: str) -> set[MemberId]:
        """Return who is, or is about to be, called like this or looks like it."""
        found = (self._by_skeleton.get(skeleton) for skeleton in skeletons(name))
        return {holder for holder in found if holder is not None}

    def unheld(self, name: str) -> MemberRecord | None:
        """Return the member of this name that nobody's cookie holds; None where there is none.

        Raises:
            NameTakenError: A cookie holds it, or the host has removed who had it.
        """
        holders = self.holders(name)
        records = [self._records[holder] for holder in holders]
        self._check({each.member.id for each in records if each.is_held or each.is_removed})
        return self._records[min(holders)] if holders else None

    def check_free(self, name: str, *, for_member: MemberId) -> None:
        """Make sure that a name is nobody else's.

        Raises:
            NameTakenError: Another member is called like this.
        """
        self._check(self.holders(name) - {for_member})

    def take_name(self, member: Member) -> None:
        """Let nobody else have this member's name."""
        self._by_skeleton |= dict.fromkeys(skeletons(member.name), member.id)

    def free_name(self, member: Member) -> None:
        """Let everybody have it."""
        for skeleton in skeletons(member.name):
            if self._by_skeleton.get(skeleton) == member.id:
                del self._by_skeleton[skeleton]

    def put(self, record: MemberRecord) -> None:
        """Add a member, or know one from now on as it is here; its name is another matter."""
        member = record.member
        if old := self._records.get(member.id):
            for digest in old.digests - record.digests:
                del self._by_digest[digest]
        self._records[member.id] = record
        self._by_session[member.session.id] = member.id
        self._by_digest |= dict.fromkeys(record.digests, member.id)

    def drop(self, record: MemberRecord) -> None:
        """Forget a member; its name is free."""
        member = record.member
        self.free_name(member)
        del self._records[member.id]
        del self._by_session[member.session.id]
        for digest in record.digests:
            del self._by_digest[digest]

    def _check(self, holders: set[MemberId]) -> None:
        if holders:
            held = self._records[min(holders)].member.name
            raise NameTakenError(
                "{name} is already here. {suggestion} is free.", held, self._suggest(held)
            )

    def _suggest(self, name: str) -> str:
        """Return a free name like this one: the first small number, or any higher one.

        A bounded number of tries, as all wait for the lock meanwhile; where a random number is
        taken too, which is next to impossible, joining says so again.
        """
        stem = name[: NAME_MAX - _NUMBER_DIGITS - 1].rstrip()
        chance = (10 ** (_NUMBER_DIGITS - 1) + secrets.randbelow(9_000) for _ in range(_CHANCES))
        suggestions = [f"{stem} {number}" for number in (*range(2, _SMALL_NUMBERS), *chance)]
        free = (suggestion for suggestion in suggestions if not self.holders(suggestion))
        return next(free, suggestions[-1])


def called(old: MemberRecord | None, name: str, lang: str, site_id: str) -> Member:
    """Return what a member becomes by this introduction; a new one where there is none."""
    if old is not None:
        return replace(old.member, name=name, lang=lang, site_id=site_id)
    session = Session(SessionId(secrets.token_hex(_ID_BYTES)))
    new_id = secrets.token_hex(_ID_BYTES)
    color = int(new_id[0], 16) % _COLORS
    return Member(MemberId(new_id), name, lang, site_id, color, session)
