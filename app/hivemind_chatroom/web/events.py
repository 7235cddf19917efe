"""The event stream (text/event-stream): what happens in the room, as it happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Protocol, assert_never

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from hivemind_chatroom.room.feed import (
    CodesGuessed,
    DeviceCodeEnded,
    Event,
    HubChanged,
    LogForgotten,
    MemberChanged,
    MemberGone,
    MemberRuled,
    MessagePosted,
    MessageRemoved,
    MessageUpdated,
    NumbersGone,
    RoomChanged,
    RoomClosing,
    Thinking,
    UtteranceQueued,
)
from hivemind_chatroom.room.model import Member, MemberId, Message, MessageId
from hivemind_chatroom.room.room import PAGE_MAX, Room
from hivemind_chatroom.web.fields import NUMBER_MAX
from hivemind_chatroom.web.frames import (
    device_code_frame,
    frame,
    id_frame,
    left_frame,
    members_frame,
    message_frame,
    removed_frame,
    room_frame,
    thinking_frame,
    thoughts,
    update_frame,
    you_frame,
)
from hivemind_chatroom.web.resuming import last_seen
from hivemind_chatroom.web.serialize import Typesetting, hub_json, member_json
from hivemind_chatroom.web.visitors import Visitors, device_of_request

HAND_OVER: Final = "hivemind_chatroom.hand_over"
"""The key in the WSGI environ under which the server offers to go on with a response for ever: a
callable that takes a mark and an audience. A server without it sends what is in the log, and ends.
"""

RETRY_MS: Final = 2_000
"""How long a browser waits before it opens a lost stream again."""

BACKLOG_MAX: Final = 1_000
"""Messages that a stream catches up on; behind by more, it begins anew with a `reset`."""

BACKLOG_BYTES_MAX: Final = 2 * 1024 * 1024
"""Bytes of them, with the same end: an assistant may say 40 kB at a time."""

AFRESH: Final = 50
"""The newest messages, sent after a `reset`."""

RECENT: Final = 50
"""The messages before those missed whose delivery is told again, and the numbers of which is told
which are none any more: both may have changed meanwhile."""


class Mark(Protocol):
    """A point in what is published."""

    @property
    def last_id(self) -> int:
        """The highest message number published before this point."""
        ...


class Streams(Protocol):
    """All open event streams; any thread may call, and no call waits."""

    def publish(
        self, chunk: bytes, *, last_id: int | None = None, audience: str | None = None
    ) -> None:
        """Send whole events to every stream, or to those of one audience.

        Args:
            chunk: The events, encoded.
            last_id: The number of the message in them, if it is one.
            audience: Whose streams alone get it.
        """
        ...

    def mark(self) -> Mark:
        """Return the point after everything published so far."""
        ...

    def close_audience(self, audience: str) -> None:
        """Close the streams that an audience has now."""
        ...


class Broadcast:
    """Listens to the room's feed; each event is encoded once, for all who may hear it."""

    def __init__(self, streams: Streams, typesetting: Typesetting, history: str) -> None:
        """Tell `streams` of a room whose messages are numbered in this `history`."""
        self._streams = streams
        self._typesetting = typesetting
        self._history = history

    def tell(self, event: Event) -> None:
        """Send an event on; never waits."""
        match event:
            case MessagePosted() | MessageUpdated() | MessageRemoved() | Thinking():
                self._tell_of_message(event)
            case MemberChanged() | MemberGone() | MemberRuled() | DeviceCodeEnded():
                self._tell_of_member(event)
            case RoomChanged(settings):
                self._streams.publish(room_frame(settings, self._history))
            case HubChanged(status):
                self._streams.publish(frame("hub", hub_json(status)))
            case NumbersGone(last_id):
                self._streams.publish(id_frame(last_id), last_id=last_id)
            case LogForgotten(last_id):
                self._streams.publish(frame("reset", {"newest": last_id}))
            case RoomClosing(settings):
                self._streams.publish(room_frame(settings, self._history, is_closing=True))
            case UtteranceQueued() | CodesGuessed():
                pass  # the link's business, and the host's
            case _:
                assert_never(event)

    def _tell_of_member(
        self, event: MemberChanged | MemberGone | MemberRuled | DeviceCodeEnded
    ) -> None:
        """Tell everybody who comes and goes, and a member alone what only they are to know."""
        match event:
            case MemberChanged(member, present):
                self._streams.publish(members_frame([member_json(member, present=present)]))
            case MemberGone(member_id, is_removed):
                if not is_removed:  # which would be said last, and is not why
                    self._streams.publish(left_frame(), audience=member_id)
                self._streams.publish(members_frame([], gone=[member_id]))
                self._streams.close_audience(member_id)
            case MemberRuled(member, ruling):
                self._streams.publish(you_frame(ruling), audience=member.id)
            case DeviceCodeEnded(member_id, is_used):
                self._streams.publish(device_code_frame(is_used=is_used), audience=member_id)
            case _:
                assert_never(event)

    def _tell_of_message(
        self, event: MessagePosted | MessageUpdated | MessageRemoved | Thinking
    ) -> None:
        """Send on what happens to a message to those who may see it."""
        owner = event.message.draft.private_to
        match event:
            case MessagePosted(message):
                chunk = message_frame(message, owner, self._typesetting)
                self._streams.publish(chunk, last_id=message.id, audience=owner)
            case MessageUpdated(message):
                chunk = update_frame(message, owner, self._typesetting)
                self._streams.publish(chunk, audience=owner)
            case MessageRemoved(message):
                self._streams.publish(removed_frame([message.id]), audience=owner)
            case Thinking(message, on):
                self._streams.publish(thinking_frame(message, on=on), audience=owner)
            case _:
                assert_never(event)


class Events:
    """The route of the stream: what a browser has missed, and then what happens."""

    def __init__(
        self, room: Room, visitors: Visitors, streams: Streams, typesetting: Typesetting
    ) -> None:
        """Tell of `room` through `streams`."""
        self._room = room
        self._visitors = visitors
        self._streams = streams
        self._typesetting = typesetting

    def blueprint(self) -> Blueprint:
        """Return the route."""
        routes = Blueprint("events", __name__, url_prefix="/api")
        routes.get("/events")(self.events)
        return routes

    def events(self) -> ResponseReturnValue:
        """Begin a stream.

        The mark is taken before the log is read: what is posted in between is behind the mark,
        and so comes from the stream alone, once. It is taken before the member is looked up, too:
        who leaves in between has the mark before the closing of its streams, which closes this one.
        """
        after = last_seen(self._room.history)
        mark = self._mark(after)
        reader = self._visitors.reader()
        if reader is not None:
            self._room.people.sightings.note_device(reader.id, device_of_request())
        if hand_over := request.environ.get(HAND_OVER):
            hand_over(mark, reader.id if reader else None)
        body = b"".join(self._opening(reader, after, MessageId(mark.last_id)))
        headers = {"X-Accel-Buffering": "no"}  # or nginx would keep events back
        return Response(body, content_type="text/event-stream", headers=headers)

    def _mark(self, after: MessageId | None) -> Mark:
        """Return where a stream begins: not before what its browser has from another instance."""
        mark = self._streams.mark()
        if after is None or not mark.last_id < after < NUMBER_MAX:
            return mark
        self._room.following.catch_up()
        return self._streams.mark()

    def _opening(
        self, reader: Member | None, after: MessageId | None, last_id: MessageId
    ) -> Iterator[bytes]:
        """Say how things stand, and what was missed after message `after`."""
        everybody = [member_json(each, present=here) for each, here in self._room.members()]
        yield b"retry: %d\n\n" % RETRY_MS
        yield frame("hub", hub_json(self._room.hub))
        yield members_frame(everybody, complete=True)
        yield room_frame(self._room.settings, self._room.history, newest=last_id)
        if reader is not None:
            yield you_frame(self._room.moderation.ruling_of(reader.id))
        if after is not None:
            missed = self._missed(reader, after, last_id)
            yield from self._afresh(reader, last_id) if missed is None else missed
        # Who lost a stream in which nobody spoke goes on from here as well.
        yield id_frame(last_id)

    def _continues(self, after: MessageId, last_id: MessageId) -> bool:
        """Tell whether the log still holds all that came after a message, and that isn't much."""
        return 0 <= last_id - after <= BACKLOG_MAX and not self._room.is_gone(after)

    def _missed(
        self, reader: Member | None, after: MessageId, last_id: MessageId
    ) -> list[bytes] | None:
        """Return what came after a message; None when that is too much, or the log has not all."""
        if not self._continues(after, last_id):
            return None
        chunks = list(self._changed(reader, after))
        size = 0
        while after < last_id:
            page = self._room.messages(reader, after=after, limit=PAGE_MAX)
            new = [message for message in page.messages if message.id <= last_id]
            told = list(self._told(new, reader))
            chunks += told
            size += sum(map(len, told))
            if size > BACKLOG_BYTES_MAX:
                return None
            after = page.messages[-1].id if page.more else last_id
        return chunks

    def _afresh(self, reader: Member | None, last_id: MessageId) -> Iterator[bytes]:
        yield frame("reset", {"newest": last_id})
        newest = self._room.messages(reader, before=MessageId(last_id + 1), limit=AFRESH)
        yield from self._told(newest.messages, reader)

    def _changed(self, reader: Member | None, after: MessageId) -> Iterator[bytes]:
        """Tell what may have become of messages that the reader has."""
        seen = self._room.messages(reader, before=MessageId(after + 1), limit=RECENT).messages
        shown = {message.id for message in seen}
        if gone := [n for n in range(max(1, after - RECENT + 1), after + 1) if n not in shown]:
            yield removed_frame(gone)
        asked = [message for message in seen if message.delivery]
        for message in asked:
            yield update_frame(message, _id_of(reader), self._typesetting)
        yield from thoughts(asked)

    def _told(self, messages: Sequence[Message], reader: Member | None) -> Iterator[bytes]:
        for message in messages:
            yield message_frame(message, _id_of(reader), self._typesetting)
        yield from thoughts(messages)


def _id_of(reader: Member | None) -> MemberId | None:
    return reader.id if reader else None
