"""The log and the outbox in memory: nothing on disk, gone with the process."""

from __future__ import annotations

import secrets
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from hivemind_chatroom.room.book import MemberRecord
from hivemind_chatroom.room.delivery import ON_ITS_WAY
from hivemind_chatroom.room.leading import SoleLead
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
from hivemind_chatroom.room.operating import StorageStanding, StorageState
from hivemind_chatroom.room.ports import Appended, Clock, Purged
from hivemind_chatroom.room.tally import Tally
from hivemind_chatroom.store.tallying import Line, tally_of
from hivemind_chatroom.store.words import folded_words

_ROOM_ID_BYTES = 8
_KEY_BYTES = 32


class MemoryStore:
    """A `MessageLog` and an `Outbox` behind one lock, with the `MemberBook` in `book`."""

    def __init__(self, clock: Clock) -> None:
        """Begin empty."""
        self.book = MemoryBook()
        self.elsewhere = None
        self.device_codes = None
        self.shared = None
        self.lead = SoleLead()
        self.changes = None
        """No other instance of the room can know of what is here."""
        self.room_id = secrets.token_hex(_ROOM_ID_BYTES)
        self.history = secrets.token_hex(_ROOM_ID_BYTES)
        self.invitation_key = secrets.token_bytes(_KEY_BYTES)
        self._clock = clock
        self._lock = threading.Lock()
        self._last_id = 0
        self._first_id = 1
        self._ids: list[MessageId] = []
        self._messages: dict[MessageId, Message] = {}
        self._first_of: dict[tuple[str, str], MessageId] = {}
        self._asked: dict[MessageId, Asked] = {}
        self._by_corr: dict[Correlation, MessageId] = {}
        self._newest_of: dict[MemberId, MessageId] = {}
        self._open: dict[MessageId, None] = {}

    def standing(self) -> StorageStanding:
        """Tell that nothing is on disk, and what there is."""
        with self._lock:
            return StorageStanding(StorageState.MEMORY, messages=len(self._messages))

    def append(self, draft: Draft) -> Appended:
        """Number and keep a draft, and queue it for the hub if it has a `corr`."""
        with self._lock:
            mark = (draft.author.id, draft.client_id) if draft.client_id else None
            if mark and mark in self._first_of:
                return Appended(self._messages[self._first_of[mark]], is_new=False)
            self._last_id += 1
            message_id = MessageId(self._last_id)
            delivery = Delivery.QUEUED if draft.corr else None
            message = Message(message_id, draft, delivery)
            self._ids.append(message_id)
            self._messages[message_id] = message
            if mark:
                self._first_of[mark] = message_id
            if draft.corr:
                self._queue(message_id, draft.corr, MemberId(draft.author.id))
            return Appended(message, is_new=True)

    def append_all(self, drafts: Sequence[Draft]) -> Sequence[Appended]:
        """Number and keep drafts in their order; nothing here can fail in the middle."""
        return [self.append(draft) for draft in drafts]

    def get(self, message_id: MessageId) -> Message | None:
        """Return one message, or None when there is no such number."""
        with self._lock:
            return self._messages.get(message_id)

    def get_all(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, Message]:
        """Return those of the messages that are there."""
        with self._lock:
            return {each: self._messages[each] for each in message_ids if each in self._messages}

    def last_id(self) -> MessageId:
        """Return the highest number given, 0 in an empty room."""
        with self._lock:
            return MessageId(self._last_id)

    def first_id(self) -> MessageId:
        """Return the lowest number that `purge` has left; 1 as long as it has removed nothing."""
        with self._lock:
            return MessageId(self._first_id)

    def remove(self, message_id: MessageId) -> Message | None:
        """Forget one message, and what it asked if that has not left."""
        with self._lock:
            message = self._messages.get(message_id)
            if message is not None:
                self._drop(message)
                self._ids.remove(message_id)
            return message

    def purge(self, *, sent_before: datetime, most: int, through: MessageId = NO_MESSAGE) -> Purged:
        """Forget what is old, and all but the newest, in one step."""
        with self._lock:
            last_gone = max(self._last_id - most, through)
            gone = [
                message
                for message in self._messages.values()
                if message.id <= last_gone or message.draft.sent_at < sent_before
            ]
            for message in gone:
                self._drop(message)
            self._ids = [*self._messages]
            if gone:
                self._first_id = self._ids[0] if self._ids else self._last_id + 1
                self._forget_asked()
            return Purged(len(gone), is_more=False)

    def forget_copies(self) -> None:
        """Do nothing: there are none."""

    def page(
        self,
        viewer: MemberId | None,
        *,
        before: MessageId | None = None,
        after: MessageId | None = None,
        limit: int = 50,
        words: str = "",
    ) -> Page:
        """Return what `viewer` may see, oldest first; see `MessageLog.page`."""
        with self._lock:
            start = 0 if after is None else bisect_right(self._ids, after)
            end = len(self._ids) if before is None else bisect_left(self._ids, before)
            span = [self._messages[message_id] for message_id in self._ids[start:end]]
        forward = after is not None
        wanted = folded_words(words)
        found: list[Message] = []
        for message in span if forward else reversed(span):
            if message.visible_to(viewer) and _has(message, wanted):
                found.append(message)
                if len(found) > limit:
                    break
        kept = found[:limit]
        return Page(tuple(kept if forward else reversed(kept)), more=len(found) > limit)

    def tally(self, since: datetime) -> Tally:
        """Count over what was said from a moment on."""
        with self._lock:
            messages = [each for each in self._messages.values() if each.draft.sent_at >= since]
        return tally_of(map(_line_of, messages))

    def waiting(
        self, *, after: MessageId | None = None, limit: int | None = None
    ) -> Sequence[Asked]:
        """Return what is queued, in the order of its numbers."""
        queued = self._those({Delivery.QUEUED})
        return [asked for asked in queued if asked.message_id > (after or 0)][:limit]

    def under_way(self) -> Sequence[Asked]:
        """Return what is sending or sent, oldest first."""
        return self._those(ON_ITS_WAY)

    def find(self, corrs: Collection[Correlation]) -> Mapping[Correlation, Asked]:
        """Return the utterances with these marks, by the mark."""
        with self._lock:
            found = ((corr, self._by_corr.get(corr)) for corr in corrs)
            return {corr: self._asked[number] for corr, number in found if number}

    def latest_of(self, member_id: MemberId) -> Asked | None:
        """Return the newest utterance of a member, one that is sending or sent if there is any."""
        theirs = [asked for asked in self.under_way() if asked.member_id == member_id]
        if theirs:
            return theirs[-1]
        with self._lock:
            newest = self._newest_of.get(member_id)
            return self._asked[newest] if newest else None

    def mark(
        self,
        message_ids: Collection[MessageId],
        delivery: Delivery,
        *,
        only_from: AbstractSet[Delivery],
    ) -> list[Message]:
        """Move utterances on; those that don't stand in `only_from` stay."""
        with self._lock:
            moved = [self._mark(each, delivery, only_from) for each in sorted(message_ids)]
        return [message for message in moved if message]

    def ask_again(
        self, message_id: MessageId, corr: Correlation, *, only_from: AbstractSet[Delivery]
    ) -> Message | None:
        """Queue an utterance anew under another mark, as old as if it were asked now."""
        with self._lock:
            asked = self._asked.get(message_id)
            message = self._messages.get(message_id)
            if asked is None or message is None or asked.delivery not in only_from:
                return None
            self._queue(message_id, corr, asked.member_id)
            message = replace(message, draft=replace(message.draft, corr=corr))
            return self._deliver(message, Delivery.QUEUED)

    def close(self) -> None:
        """Nothing is held that must be let go of."""

    def _mark(
        self, message_id: MessageId, delivery: Delivery, only_from: AbstractSet[Delivery]
    ) -> Message | None:
        asked = self._asked.get(message_id)
        message = self._messages.get(message_id)
        if asked is None or message is None or asked.delivery not in only_from:
            return None
        since = self._clock.monotonic() if delivery is Delivery.SENT else asked.since
        self._asked[message_id] = replace(asked, delivery=delivery, since=since)
        if delivery is not Delivery.QUEUED and delivery not in ON_ITS_WAY:
            self._open.pop(message_id, None)
        return self._deliver(message, delivery)

    def _queue(self, message_id: MessageId, corr: Correlation, member_id: MemberId) -> None:
        since = self._clock.monotonic()
        self._asked[message_id] = Asked(message_id, corr, member_id, Delivery.QUEUED, since)
        self._by_corr[corr] = message_id
        self._newest_of[member_id] = max(message_id, self._newest_of.get(member_id, message_id))
        self._open[message_id] = None

    def _those(self, deliveries: AbstractSet[Delivery]) -> list[Asked]:
        with self._lock:
            still_open = (self._asked[message_id] for message_id in sorted(self._open))
            return [asked for asked in still_open if asked.delivery in deliveries]

    def _deliver(self, message: Message, delivery: Delivery) -> Message:
        moved = replace(message, delivery=delivery)
        self._messages[message.id] = moved
        return moved

    def _drop(self, message: Message) -> None:
        del self._messages[message.id]
        if message.draft.client_id:
            del self._first_of[message.draft.author.id, message.draft.client_id]
        if message.id in self._open:
            del self._open[message.id]
            asked = self._asked[message.id]
            self._asked[message.id] = replace(asked, delivery=Delivery.EXPIRED)

    def _forget_asked(self) -> None:
        self._by_corr = {
            corr: number for corr, number in self._by_corr.items() if number >= self._first_id
        }
        for message_id in [number for number in self._asked if number < self._first_id]:
            member_id = self._asked.pop(message_id).member_id
            if self._newest_of.get(member_id) == message_id:
                del self._newest_of[member_id]


def _has(message: Message, wanted: list[str]) -> bool:
    words = folded_words(message.draft.text) if wanted else []
    return all(any(word.startswith(start) for word in words) for start in wanted)


def _line_of(message: Message) -> Line:
    said = message.draft
    author_id, sent_at = said.author.id, said.sent_at
    return Line(
        message.id, said.kind, author_id, sent_at, said.in_reply_to, message.delivery, sent_at
    )


class MemoryBook:
    """A `MemberBook`."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._lock = threading.Lock()
        self._records: dict[MemberId, MemberRecord] = {}

    def records(self) -> Sequence[MemberRecord]:
        """Return everybody, in the order of arrival."""
        with self._lock:
            return [*self._records.values()]

    def those(self, member_ids: Collection[MemberId]) -> Mapping[MemberId, MemberRecord]:
        """Return what is kept of those of the members that are there."""
        with self._lock:
            return {each: self._records[each] for each in member_ids if each in self._records}

    def let_in_elsewhere(self, digest: bytes) -> MemberId | None:  # noqa: ARG002 - the port's
        """Return None: it is one room's."""
        return None

    def keep(self, record: MemberRecord) -> None:
        """Keep a member as it is now."""
        with self._lock:
            self._records[record.member.id] = record

    def forget(self, record: MemberRecord) -> None:
        """Forget a member with its cookies; one who isn't there is no news."""
        with self._lock:
            self._records.pop(record.member.id, None)
