"""Who is here: names, cookies and sessions."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from hivemind_chatroom.errors import StorageError
from hivemind_chatroom.room.book import MemberBook, MemberRecord, member_of
from hivemind_chatroom.room.keys import digest_of, new_key
from hivemind_chatroom.room.model import Introduction, Joined, Member, MemberId, SessionId, Visited
from hivemind_chatroom.room.model import SessionState as State
from hivemind_chatroom.room.names import ANONYMOUS, own_name
from hivemind_chatroom.room.present import Present
from hivemind_chatroom.room.register import News, Register
from hivemind_chatroom.room.roster import called

_log = logging.getLogger(__name__)

NameCheck = Callable[[MemberRecord, str], None]
"""Given what is known of a member and a name, raises what keeps them from being called so."""


class Members:
    """Every member of the room, as the book keeps them; safe to call from any thread.

    One whom the host has removed is nobody here, but for the methods that say otherwise.
    """

    def __init__(self, book: MemberBook, on_news: News = lambda _before, _now: None) -> None:
        """Begin with everybody in the book, and tell what other instances do with them."""
        self._register = Register(book, on_news)
        self.follow = self._register.follow
        self.follow_all = self._register.follow_all
        self.make_sure = self._register.make_sure
        self.present = Present(self._register)
        self._lock = self._register.lock
        self._roster = self._register.roster
        self._attendance = self._register.attendance

    def join(self, name: str, lang: str, site_id: str) -> Joined:
        """Let somebody in under a free name.

        A member that only upstream's form routes made is nobody's: joining takes it over.

        Args:
            name: As typed.
            lang: BCP-47, in its standard form.
            site_id: Where the member is.

        Raises:
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: A cookie holds it, or one that looks like it.
            StorageFullError: It could not be kept.
        """
        name = own_name(name)
        key = new_key()

        def drawn() -> MemberRecord:
            old = self._roster.unheld(name)
            member = called(old, name, lang, site_id)
            digests = frozenset({digest_of(key)})
            base = replace(old or MemberRecord(member), has_left=False)
            return replace(base, member=member, is_held=True, digests=digests)

        record = self._register.change(drawn, name=name)
        assert record is not None  # noqa: S101 - one is drawn
        return Joined(record.member, key)

    def visit(self, name: str, lang: str, site_id: str) -> Visited:
        """Return the member that upstream's form routes speak for, made at first sight.

        Raises:
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: A cookie holds it: it can't be spoken for by its name alone.
            StorageFullError: It could not be kept.
        """
        name = ANONYMOUS if name == ANONYMOUS else own_name(name)
        is_news = True

        def drawn() -> MemberRecord:
            nonlocal is_news
            old = self._roster.unheld(name)
            member = called(old, name, lang, site_id)
            is_news = old is None or member != old.member or old.has_left
            base = old or MemberRecord(member)
            return replace(base, member=member, has_left=False) if is_news else base

        record = self._register.change(drawn, name=name)
        assert record is not None  # noqa: S101 - one is drawn
        return Visited(record.member, is_news=is_news)

    def holder(self, name: str) -> MemberId | None:
        """Return whose cookie holds this name, or one that looks like it."""
        with self._lock:
            found = (self._roster.by_id(each) for each in sorted(self._roster.holders(name)))
            held = (each for each in found if each and each.is_held and not each.is_removed)
            return next((each.member.id for each in held), None)

    def add_key(self, member_id: MemberId) -> Joined | None:
        """Give a member's other device a cookie of its own; None when the member has left.

        Raises:
            StorageFullError: It could not be kept.
        """
        key = new_key()

        def with_key(old: MemberRecord) -> MemberRecord | None:
            digests = old.digests | {digest_of(key)}
            return None if old.is_removed else replace(old, digests=digests)

        member = member_of(self.amend(member_id, with_key))
        return Joined(member, key) if member else None

    def by_key(self, key: str) -> Member | None:
        """Return the member whose browser keeps this key, which is a sign of life."""
        return member_of(self.record_by_key(key))

    def record_by_key(self, key: str) -> MemberRecord | None:
        """Return all that is known of who keeps this key, of one who is removed too."""
        digest = digest_of(key)
        record = self._noted(digest)
        if record is None:
            self._register.seek(digest)
            record = self._noted(digest)
        return record

    def by_id(self, member_id: MemberId) -> Member | None:
        """Return a member by its id."""
        return member_of(self.record_by_id(member_id))

    def record_by_id(self, member_id: MemberId) -> MemberRecord | None:
        """Return all that is known of a member, of one who is removed too."""
        with self._lock:
            return self._roster.by_id(member_id)

    def by_session(self, session_id: SessionId) -> Member | None:
        """Return the member with this OVOS session."""
        with self._lock:
            return member_of(self._roster.by_session(session_id))

    def change(
        self, member_id: MemberId, who: Introduction, check: NameCheck = lambda _old, _name: None
    ) -> Member | None:
        """Give a member another name, language or site; None when it has left.

        Args:
            member_id: Who it is.
            who: In its standard form.
            check: Raises what keeps them from being called so. It is asked under the lock: what the
                host decides is before it, or after the change.

        Raises:
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: Another member holds it, or one that looks like it.
            StorageFullError: It could not be kept.
        """
        name = own_name(who.name)

        def called_so(old: MemberRecord) -> MemberRecord | None:
            if old.is_removed:
                return None
            check(old, name)
            return replace(old, member=called(old, name, who.lang, who.site_id))

        return member_of(self.amend(member_id, called_so, name=name))

    def amend(
        self,
        member_id: MemberId,
        amended: Callable[[MemberRecord], MemberRecord | None],
        *,
        name: str | None = None,
    ) -> MemberRecord | None:
        """Change what is known of a member, of one who is removed too.

        Args:
            member_id: Who it is.
            amended: Given what is known, returns what is to be; None changes nothing.
            name: What they are to be called, if that changes.

        Returns:
            What is known now; None if there is no such member, or nothing was to be changed.

        Raises:
            NameTakenError: Another member is called so, or looks like it.
            StorageFullError: It could not be kept.
        """

        def drawn() -> MemberRecord | None:
            old = self._roster.by_id(member_id)
            record = amended(old) if old else None
            if record is not None and name is not None:
                self._roster.check_free(name, for_member=member_id)
            return record

        return self._register.change(drawn, name=name, member_id=member_id)

    def remember(self, member_id: MemberId, state: State) -> None:
        """Keep what the assistant wants to know at this member's next utterance.

        On a full disk it is known as long as the program runs: a game that forgets its turn after
        a restart is no reason to lose the answer that is just coming in.
        """

        def drawn() -> MemberRecord | None:
            old = self._roster.by_id(member_id)
            if old is None or old.is_removed or old.member.session.state == state:
                return None
            session = replace(old.member.session, state=state)
            return replace(old, member=replace(old.member, session=session))

        try:
            self._register.change(drawn, member_id=member_id)
        except StorageError as error:
            _log.warning("a session is not kept: %s", error.code)
            with self._lock:
                if record := drawn():
                    self._roster.put(record)

    def leave(self, member_id: MemberId) -> bool:
        """Forget a member; its name is free again. False if there is none, or no longer as known.

        Raises:
            StorageFullError: It could not be written down; the member stays.
        """
        return self._end(member_id, None)

    def forget(self, record: MemberRecord) -> bool:
        """Forget one who is removed, or has left: name and browsers are anybody's.

        Args:
            record: As they were known when that was decided; False if it is no longer so.

        Raises:
            StorageFullError: It could not be written down; nothing has changed.
        """
        return self._end(record.member.id, record)

    def forget_silent(self) -> MemberId | None:
        """Forget whoever has been silent the longest, if there are too many; None if not.

        Nobody is whose page is open. What they said stays: a message has its author's name. On a
        full disk they stay.
        """
        try:
            record = self._register.end(self._register.silent)
        except StorageError as error:
            _log.warning("whoever was silent is not forgotten: %s", error.code)
            return None
        return record.member.id if record else None

    def listing(self) -> list[tuple[Member, bool]]:
        """Return everybody with whether they are present, in the order of arrival."""
        with self._lock:
            return [
                (record.member, self._attendance.is_present(record.member.id))
                for record in self._roster.everybody()
                if not record.is_removed and not record.has_left
            ]

    def records(self) -> list[MemberRecord]:
        """Return all that is known of everybody, of those who are removed too."""
        with self._lock:
            return [*self._roster.everybody()]

    def _noted(self, digest: bytes) -> MemberRecord | None:
        with self._lock:
            record = self._roster.by_digest(digest)
            if record is not None:
                self._attendance.note(record)
            return record

    def _end(self, member_id: MemberId, known: MemberRecord | None) -> bool:
        def drawn() -> MemberRecord | None:
            nonlocal known
            record = self._roster.by_id(member_id)
            if record is None or (known is None and record.is_removed):
                return None
            known = known or record
            return record if _is_as_decided_on(known, record) else None

        return self._register.end(drawn, member_id=member_id) is not None


def _is_as_decided_on(known: MemberRecord, now: MemberRecord) -> bool:
    """Tell whether it is the same people still, and nobody has muted or removed them since."""
    return known.digests <= now.digests and _standing_of(known) == _standing_of(now)


def _standing_of(record: MemberRecord) -> tuple[object, ...]:
    ruling = record.ruling
    return record.is_held, record.has_left, ruling.muted_until, ruling.removed_until
