"""The book of members, as the room needs it: who they are and what proves it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hivemind_chatroom.room.model import Member, MemberId
from hivemind_chatroom.room.ruling import NO_RULING, Ruling


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A member with what proves it."""

    member: Member
    is_held: bool = False
    """A cookie holds the name; nobody else may take it."""
    digests: frozenset[bytes] = frozenset()
    """SHA-256 of the key of each of its cookies."""
    ruling: Ruling = NO_RULING
    has_left: bool = False
    """They have left, and are kept for what the host has decided about whoever has the name."""
    version: int = field(default=0, compare=False)
    """How often they were kept; 0 for one who never was. Of two writes at once that follow the same
    one, a book that several instances share refuses the second."""

    @property
    def is_removed(self) -> bool:
        """The host has removed this member, whose name and cookies are kept all the same."""
        return self.ruling.removed_until is not None


def member_of(record: MemberRecord | None) -> Member | None:
    """Return the member of a record; None for one who is removed, and is nobody here."""
    return record.member if record and not record.is_removed else None


class OutdatedError(Exception):
    """Another instance of the room was quicker, so nothing was kept."""

    def __init__(self, *member_ids: MemberId) -> None:
        """Say whom to read anew."""
        super().__init__()
        self.member_ids = member_ids


class MemberBook(Protocol):
    """Who is a member; safe to call from any thread."""

    def records(self) -> Sequence[MemberRecord]:
        """Return everybody, in the order of arrival."""
        ...

    def those(self, member_ids: Collection[MemberId]) -> Mapping[MemberId, MemberRecord]:
        """Return what is kept of those of the members that are there."""
        ...

    def let_in_elsewhere(self, digest: bytes) -> MemberId | None:
        """Return whose cookie this is, if another instance may have let them in just now.

        Args:
            digest: SHA-256 of its key, which is nobody's as far as is known here. Of many in a
                short time some are not looked for.
        """
        ...

    def keep(self, record: MemberRecord) -> None:
        """Keep a member as it is now; one who was there before keeps its place.

        Raises:
            OutdatedError: It does not follow what is kept, or the name is somebody else's.
            StorageFullError: Nothing was changed.
            StorageAwayError: Nobody knows whether it was kept.
        """
        ...

    def forget(self, record: MemberRecord) -> None:
        """Forget a member with its cookies; one who isn't there is no news.

        Args:
            record: As they are known; with a version 0 however they are kept.

        Raises:
            OutdatedError: It is not what is kept: whoever is there now stays.
            StorageFullError: Nothing was changed.
            StorageAwayError: Nobody knows whether they are kept still.
        """
        ...
