"""What the room needs of the world, in the room's words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hivemind_chatroom.room.book import MemberBook
from hivemind_chatroom.room.changes import Changes
from hivemind_chatroom.room.codes import DeviceCodes
from hivemind_chatroom.room.elsewhere import Elsewhere
from hivemind_chatroom.room.leading import Lead
from hivemind_chatroom.room.model import (
    NO_MESSAGE,
    Asked,
    Correlation,
    Delivery,
    Draft,
    MemberId,
    Message,
    MessageId,
    Page,
)
from hivemind_chatroom.room.operating import StorageStanding
from hivemind_chatroom.room.shared import SharedSettings
from hivemind_chatroom.room.tally import Tally


@dataclass(frozen=True, slots=True)
class Appended:
    """The log's answer to a draft."""

    message: Message
    is_new: bool
    """False when the author's client_id had been seen: `message` is the first one."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What one step of forgetting has done."""

    messages: int
    """How many messages it has forgotten."""
    is_more: bool
    """Whether there may be more to do, if only to leave nothing of them."""


class MessageLog(Protocol):
    """Numbered storage of messages; safe to call from any thread."""

    def append(self, draft: Draft) -> Appended:
        """Number and keep a draft, and queue it for the hub if it has a `corr`, in one step.

        Raises:
            StorageFullError: Nothing was kept.
        """
        ...

    def append_all(self, drafts: Sequence[Draft]) -> Sequence[Appended]:
        """Number and keep drafts in their order, as `append` does, all in one step.

        Raises:
            StorageFullError: None of them was kept.
        """
        ...

    def get(self, message_id: MessageId) -> Message | None:
        """Return one message, or None when there is no such number."""
        ...

    def get_all(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, Message]:
        """Return those of the messages that are there."""
        ...

    def last_id(self) -> MessageId:
        """Return the highest number given, 0 in an empty room."""
        ...

    def first_id(self) -> MessageId:
        """Return the lowest number that `purge` has left; 1 as long as it has removed nothing."""
        ...

    def remove(self, message_id: MessageId) -> Message | None:
        """Forget one message, and what it asked if that has not left; None when it isn't there.

        Its number stays taken, and its outbox row stays, so that a late answer finds its member.
        On return nothing is left of its words, unless the disk is full or the store is closed
        meanwhile: then it is left to `purge`.

        Raises:
            StorageFullError: Nothing was removed.
        """
        ...

    def purge(self, *, sent_before: datetime, most: int, through: MessageId = NO_MESSAGE) -> Purged:
        """Forget some of what is old, and of all but the newest.

        One step is short, so that whoever repeats it can be told to stop. What it leaves undone is
        done by later ones, those of another run too.

        Args:
            sent_before: What was sent before this moment is forgotten.
            most: How many numbers, from the newest down, are kept.
            through: What has a number up to this one is forgotten, whatever else is said.

        Raises:
            StorageFullError: The rest stays.
        """
        ...

    def forget_copies(self) -> None:
        """Delete the earlier files of the log that were set aside, as broken or for a restored one.

        What is said in them is said nowhere else; nothing else of theirs is left after that.

        Raises:
            StorageFullError: One can't be deleted.
        """
        ...

    def page(
        self,
        viewer: MemberId | None,
        *,
        before: MessageId | None = None,
        after: MessageId | None = None,
        limit: int = 50,
        words: str = "",
    ) -> Page:
        """Return what `viewer` may see, oldest first.

        Args:
            viewer: The member who reads; None for a reader who has not joined.
            before: Only lower numbers; the nearest `limit` of them.
            after: Only higher numbers; the nearest `limit` of them.
            limit: The most messages in the page.
            words: Only messages in which every one of these words begins a word of the text;
                case and accents don't matter.
        """
        ...

    def tally(self, since: datetime) -> Tally:
        """Count over what was said from a moment on, and is in the log still.

        Args:
            since: Aware.
        """
        ...


class Outbox(Protocol):
    """What waits for the hub and what the hub has not ended; safe to call from any thread."""

    def waiting(
        self, *, after: MessageId | None = None, limit: int | None = None
    ) -> Sequence[Asked]:
        """Return what is queued, in the order of its numbers.

        Args:
            after: Only higher numbers; None for all.
            limit: The most of them; None for all.
        """
        ...

    def under_way(self) -> Sequence[Asked]:
        """Return what is sending or sent, oldest first."""
        ...

    def find(self, corrs: Collection[Correlation]) -> Mapping[Correlation, Asked]:
        """Return the utterances with these marks, by the mark; unknown ones are left out."""
        ...

    def latest_of(self, member_id: MemberId) -> Asked | None:
        """Return the newest utterance of a member, one that is sending or sent if there is any."""
        ...

    def mark(
        self,
        message_ids: Collection[MessageId],
        delivery: Delivery,
        *,
        only_from: AbstractSet[Delivery],
    ) -> list[Message]:
        """Move utterances on in one step; those that don't stand in `only_from` stay.

        Returns:
            The messages of those that were moved, by their numbers.
        """
        ...

    def ask_again(
        self, message_id: MessageId, corr: Correlation, *, only_from: AbstractSet[Delivery]
    ) -> Message | None:
        """Queue an utterance anew under another mark, as old as if it were asked now.

        It is found by its earlier marks as well: their answers may be late.

        Returns:
            The message; None, and nothing changes, unless it stands in `only_from`.
        """
        ...


class Store(MessageLog, Outbox, Protocol):
    """The room's whole memory."""

    @property
    def room_id(self) -> str:
        """What tells this room from others; random, made once, as old as what is kept."""
        ...

    @property
    def history(self) -> str:
        """What tells these numbers from others of the same room: another one after a restore."""
        ...

    @property
    def invitation_key(self) -> bytes:
        """What the room makes its invitations with; as the id, and told to nobody."""
        ...

    @property
    def book(self) -> MemberBook:
        """Who is a member."""
        ...

    @property
    def elsewhere(self) -> Elsewhere | None:
        """Who is at other instances of the room; None where there can't be any."""
        ...

    @property
    def lead(self) -> Lead:
        """This instance's part in which one holds the link to the hub."""
        ...

    @property
    def device_codes(self) -> DeviceCodes | None:
        """The device codes of all instances of the room; None where there is one alone."""
        ...

    @property
    def shared(self) -> SharedSettings | None:
        """What all instances of the room have decided; None where there is one alone."""
        ...

    @property
    def changes(self) -> Changes | None:
        """What other instances of the room do; None where there can't be any."""
        ...

    def standing(self) -> StorageStanding:
        """Tell what is kept and what there is room for; quick, for whoever watches."""
        ...

    def close(self) -> None:
        """Finish what is being written and let go of everything; nothing is taken after that."""
        ...


class Clock(Protocol):
    """The time of day and a clock that never jumps."""

    def now(self) -> datetime:
        """Return the wall clock, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start; never goes back."""
        ...


class Languages(Protocol):
    """What is known of languages."""

    def standard(self, tag: str) -> str | None:
        """Return the standard form of a BCP-47 tag, None when nobody speaks it."""
        ...
