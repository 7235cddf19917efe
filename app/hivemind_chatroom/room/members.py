"""Who is here: names, cookies and sessions."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass, replace

from hivemind_chatroom.errors import NameInvalidError, NameTakenError
from hivemind_chatroom.room.model import CookieKey, Member, MemberId, Session, SessionId
from hivemind_chatroom.room.model import SessionState as State
from hivemind_chatroom.room.names import clean_name, is_reserved, skeletons

ANONYMOUS = "anon_user"
"""Upstream's name for whoever gave none; only its form routes may use it."""

_COLORS = 8
_ID_BYTES = 8
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Joined:
    """A member and the key its browser keeps in the cookie."""

    member: Member
    key: CookieKey


@dataclass(frozen=True, slots=True)
class Visited:
    """The member that upstream's form routes speak for."""

    member: Member
    is_news: bool
    """It came just now, or speaks another language or from elsewhere than before."""


class Members:
    """Every member of the room; safe to call from any thread."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._lock = threading.Lock()
        self._by_id: dict[MemberId, Member] = {}
        self._by_digest: dict[bytes, MemberId] = {}
        self._by_session: dict[SessionId, MemberId] = {}
        self._by_skeleton: dict[str, MemberId] = {}
        self._held: set[MemberId] = set()
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
        """
        name = _own_name(name)
        key = CookieKey(secrets.token_urlsafe(_KEY_BYTES))
        with self._lock:
            member_id = self._free_or_unheld(name)
            member = self._put(member_id, name, lang, site_id)
            self._held.add(member.id)
            self._by_digest[_digest(key)] = member.id
        return Joined(member, key)

    def visit(self, name: str, lang: str, site_id: str) -> Visited:
        """Return the member that upstream's form routes speak for, made at first sight.

        Raises:
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: A cookie holds it: it can't be spoken for by its name alone.
        """
        name = ANONYMOUS if name == ANONYMOUS else _own_name(name)
        with self._lock:
            member_id = self._free_or_unheld(name)
            before = self._by_id.get(member_id) if member_id else None
            member = self._put(member_id, name, lang, site_id)
            return Visited(member, is_news=member != before)

    def by_key(self, key: str) -> Member | None:
        """Return the member whose browser keeps this key."""
        with self._lock:
            member_id = self._by_digest.get(_digest(key))
            return self._by_id.get(member_id) if member_id else None

    def by_id(self, member_id: MemberId) -> Member | None:
        """Return a member by its id."""
        with self._lock:
            return self._by_id.get(member_id)

    def by_session(self, session_id: SessionId) -> Member | None:
        """Return the member with this OVOS session."""
        with self._lock:
            member_id = self._by_session.get(session_id)
            return self._by_id.get(member_id) if member_id else None

    def change(self, member_id: MemberId, name: str, lang: str, site_id: str) -> Member | None:
        """Give a member another name, language or site; None when it has left.

        Raises:
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: Another member holds it, or one that looks like it.
        """
        name = _own_name(name)
        with self._lock:
            old = self._by_id.get(member_id)
            if old is None:
                return None
            others = self._holders(name) - {member_id}
            if others:
                raise NameTakenError(self._by_id[min(others)].name, self._suggest(name))
            return self._put(member_id, name, lang, site_id)

    def remember(self, member_id: MemberId, state: State) -> None:
        """Keep what the assistant wants to know at this member's next utterance."""
        with self._lock:
            member = self._by_id.get(member_id)
            if member is not None:
                session = replace(member.session, state=state)
                self._by_id[member_id] = replace(member, session=session)

    def leave(self, member_id: MemberId) -> bool:
        """Forget a member; its name is free again. False when it had left before."""
        with self._lock:
            member = self._by_id.pop(member_id, None)
            if member is None:
                return False
            self._free(member)
            self._by_session.pop(member.session.id, None)
            self._by_digest = {d: m for d, m in self._by_digest.items() if m != member_id}
            self._held.discard(member_id)
            self._present.discard(member_id)
            return True

    def set_present(self, member_id: MemberId, *, present: bool) -> Member | None:
        """Note that a member's first stream opened or its last one closed."""
        with self._lock:
            if present and member_id in self._by_id:
                self._present.add(member_id)
            else:
                self._present.discard(member_id)
            return self._by_id.get(member_id)

    def is_present(self, member_id: MemberId) -> bool:
        """Tell whether a member has a stream open."""
        with self._lock:
            return member_id in self._present

    def listing(self) -> list[tuple[Member, bool]]:
        """Return everybody with whether they are present, in the order of arrival."""
        with self._lock:
            return [(member, member.id in self._present) for member in self._by_id.values()]

    def _free_or_unheld(self, name: str) -> MemberId | None:
        holders = self._holders(name)
        if held := holders & self._held:
            raise NameTakenError(self._by_id[min(held)].name, self._suggest(name))
        return min(holders, default=None)

    def _holders(self, name: str) -> set[MemberId]:
        found = (self._by_skeleton.get(skeleton) for skeleton in skeletons(name))
        return {holder for holder in found if holder is not None}

    def _free(self, member: Member) -> None:
        for skeleton in skeletons(member.name):
            if self._by_skeleton.get(skeleton) == member.id:
                del self._by_skeleton[skeleton]

    def _suggest(self, name: str) -> str:
        number = 2
        while self._holders(f"{name} {number}"):
            number += 1
        return f"{name} {number}"

    def _put(self, member_id: MemberId | None, name: str, lang: str, site_id: str) -> Member:
        old = self._by_id.get(member_id) if member_id else None
        if old is None:
            session = Session(SessionId(secrets.token_hex(_ID_BYTES)))
            new_id = secrets.token_hex(_ID_BYTES)
            color = int(new_id[0], 16) % _COLORS
            member = Member(MemberId(new_id), name, lang, site_id, color, session)
        else:
            self._free(old)
            member = replace(old, name=name, lang=lang, site_id=site_id)
        self._by_id[member.id] = member
        self._by_session[member.session.id] = member.id
        self._by_skeleton |= dict.fromkeys(skeletons(name), member.id)
        return member


def _own_name(raw: str) -> str:
    name = clean_name(raw)
    if is_reserved(name):
        raise NameInvalidError("That name belongs to the assistant or the host.")
    return name


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
