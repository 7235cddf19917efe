"""Who is here: names, cookies and sessions."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from dataclasses import replace

from hivemind_chatroom.errors import StorageFullError
from hivemind_chatroom.room.attendance import Attendance
from hivemind_chatroom.room.model import CookieKey, Joined, Member, MemberId, SessionId, Visited
from hivemind_chatroom.room.model import SessionState as State
from hivemind_chatroom.room.names import ANONYMOUS, own_name
from hivemind_chatroom.room.ports import MemberBook, MemberRecord
from hivemind_chatroom.room.roster import Roster, called

_log = logging.getLogger(__name__)

_KEY_BYTES = 32


class Members:
    """Every member of the room, as the book keeps them; safe to call from any thread.

    A change is drawn up under the lock, kept in the book without it, and only then known here.
    Meanwhile its member and name are claimed: who wants to change or take the same waits for the
    outcome, and who only reads waits for nobody.
    """

    def __init__(self, book: MemberBook) -> None:
        """Begin with everybody in the book."""
        self._book = book
        self._lock = threading.Lock()
        self._settled = threading.Condition(self._lock)
        records = book.records()
        self._roster = Roster(records)
        self._attendance = Attendance(records)
        self._claimed: set[MemberId] = set()
        self._present: set[MemberId] = set()

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
        key = _new_key()
        with self._lock:
            self._await_turn(name)
            old = self._roster.unheld(name)
            member = called(old, name, lang, site_id)
            digests = (old.digests if old else frozenset()) | {_digest(key)}
            record = MemberRecord(member, is_held=True, digests=digests)
            self._claim(record)
        self._keep(record)
        return Joined(member, key)

    def visit(self, name: str, lang: str, site_id: str) -> Visited:
        """Return the member that upstream's form routes speak for, made at first sight.

        Raises:
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: A cookie holds it: it can't be spoken for by its name alone.
            StorageFullError: It could not be kept.
        """
        name = ANONYMOUS if name == ANONYMOUS else own_name(name)
        with self._lock:
            self._await_turn(name)
            old = self._roster.unheld(name)
            member = called(old, name, lang, site_id)
            if old is not None and member == old.member:
                self._attendance.note(old)
                return Visited(member, is_news=False)
            record = MemberRecord(member)
            self._claim(record)
        self._keep(record)
        return Visited(member, is_news=True)

    def holder(self, name: str) -> MemberId | None:
        """Return whose cookie holds this name, or one that looks like it."""
        with self._lock:
            found = (self._roster.by_id(each) for each in sorted(self._roster.holders(name)))
            return next((each.member.id for each in found if each and each.is_held), None)

    def add_key(self, member_id: MemberId) -> Joined | None:
        """Give a member's other device a cookie of its own; None when the member has left.

        Raises:
            StorageFullError: It could not be kept.
        """
        key = _new_key()
        with self._lock:
            self._await_turn(None, member_id)
            old = self._roster.by_id(member_id)
            if old is None:
                return None
            record = replace(old, digests=old.digests | {_digest(key)})
            self._claim(record)
        self._keep(record)
        return Joined(record.member, key)

    def by_key(self, key: str) -> Member | None:
        """Return the member whose browser keeps this key, which is a sign of life."""
        with self._lock:
            record = self._roster.by_digest(_digest(key))
            if record is not None:
                self._attendance.note(record)
            return _member_of(record)

    def by_id(self, member_id: MemberId) -> Member | None:
        """Return a member by its id."""
        with self._lock:
            return _member_of(self._roster.by_id(member_id))

    def by_session(self, session_id: SessionId) -> Member | None:
        """Return the member with this OVOS session."""
        with self._lock:
            return _member_of(self._roster.by_session(session_id))

    def change(self, member_id: MemberId, name: str, lang: str, site_id: str) -> Member | None:
        """Give a member another name, language or site; None when it has left.

        Raises:
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: Another member holds it, or one that looks like it.
            StorageFullError: It could not be kept.
        """
        name = own_name(name)
        with self._lock:
            self._await_turn(name, member_id)
            old = self._roster.by_id(member_id)
            if old is None:
                return None
            self._roster.check_free(name, for_member=member_id)
            record = replace(old, member=called(old, name, lang, site_id))
            self._claim(record)
        self._keep(record)
        return record.member

    def remember(self, member_id: MemberId, state: State) -> None:
        """Keep what the assistant wants to know at this member's next utterance.

        On a full disk it is known as long as the program runs: a game that forgets its turn after
        a restart is no reason to lose the answer that is just coming in.
        """
        with self._lock:
            self._await_turn(None, member_id)
            old = self._roster.by_id(member_id)
            if old is None or old.member.session.state == state:
                return
            session = replace(old.member.session, state=state)
            record = replace(old, member=replace(old.member, session=session))
            self._roster.put(record)
            self._claim(record)
        try:
            self._keep(record)
        except StorageFullError as error:
            _log.warning("a session is not kept: %s", error.code)

    def leave(self, member_id: MemberId) -> bool:
        """Forget a member; its name is free again. False when it had left before.

        Raises:
            StorageFullError: It could not be written down; the member stays.
        """
        with self._lock:
            self._await_turn(None, member_id)
            record = self._roster.by_id(member_id)
            if record is None:
                return False
            self._claimed.add(member_id)
        self._forget(record)
        return True

    def forget_silent(self) -> MemberId | None:
        """Forget whoever has been silent the longest, if there are too many; None if not.

        Nobody is whose page is open. What they said stays: a message has its author's name. On a
        full disk they stay.
        """
        with self._lock:
            member_id = self._attendance.take_silent(self._claimed, self._present)
            record = self._roster.by_id(member_id) if member_id else None
            if record is None:
                return None
            self._claimed.add(record.member.id)
        try:
            self._forget(record)
        except StorageFullError as error:
            _log.warning("whoever was silent is not forgotten: %s", error.code)
            return None
        return record.member.id

    def set_present(self, member_id: MemberId, *, present: bool) -> Member | None:
        """Note that a member's first stream opened or its last one closed."""
        with self._lock:
            record = self._roster.by_id(member_id)
            if record is not None:
                self._attendance.note(record)
            if present and record:
                self._present.add(member_id)
            else:
                self._present.discard(member_id)
            return _member_of(record)

    def is_present(self, member_id: MemberId) -> bool:
        """Tell whether a member has a stream open."""
        with self._lock:
            return member_id in self._present

    def listing(self) -> list[tuple[Member, bool]]:
        """Return everybody with whether they are present, in the order of arrival."""
        with self._lock:
            return [
                (record.member, record.member.id in self._present)
                for record in self._roster.everybody()
            ]

    # --- a change, from its claim to its end --------------------------------------------------

    def _await_turn(self, name: str | None, member_id: MemberId | None = None) -> None:
        """Wait until no change is under way of this member or of who holds this name."""
        while self._claimed & {member_id, *(self._roster.holders(name) if name else ())}:
            self._settled.wait()

    def _claim(self, record: MemberRecord) -> None:
        self._claimed.add(record.member.id)
        self._roster.take_name(record.member)

    def _keep(self, record: MemberRecord) -> None:
        """Write a claimed change down; one that can't be is as if it had never been asked for."""
        try:
            self._book.keep(record)
        except BaseException:
            with self._lock:
                old = self._roster.by_id(record.member.id)
                self._roster.free_name(record.member)
                if old is not None:
                    self._roster.take_name(old.member)
            raise
        else:
            with self._lock:
                if old := self._roster.by_id(record.member.id):
                    self._roster.free_name(old.member)
                    self._roster.take_name(record.member)
                self._roster.put(record)
                self._attendance.note(record)
        finally:
            self._let_go(record.member.id)

    def _forget(self, record: MemberRecord) -> None:
        """Take a claimed member out of the book, and then from here."""
        member_id = record.member.id
        try:
            self._book.forget(member_id)
        except BaseException:
            with self._lock:
                self._attendance.note(record)
            raise
        else:
            with self._lock:
                self._roster.drop(record)
                self._present.discard(member_id)
                self._attendance.drop(member_id)
        finally:
            self._let_go(member_id)

    def _let_go(self, member_id: MemberId) -> None:
        with self._lock:
            self._claimed.discard(member_id)
            self._settled.notify_all()


def _member_of(record: MemberRecord | None) -> Member | None:
    return record.member if record else None


def _new_key() -> CookieKey:
    return CookieKey(secrets.token_urlsafe(_KEY_BYTES))


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
