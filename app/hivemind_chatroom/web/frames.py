"""The events of the stream as bytes (text/event-stream; WHATWG HTML, 9.2.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hivemind_chatroom.room.model import Delivery, MemberId, Message, MessageId
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.room.ruling import Ruling
from hivemind_chatroom.web.serialize import (
    Json,
    Typesetting,
    encoded,
    message_json,
    room_json,
    ruling_json,
)


def frame(event: str, data: object, event_id: int | None = None) -> bytes:
    """Return one event as the stream has it (WHATWG HTML, 9.2.6).

    Args:
        event: Its type.
        data: Any JSON value; encoded on one line, as a line end would end the field.
        event_id: Where the stream stands after it; None leaves that as it is.
    """
    place = b"" if event_id is None else b"id: %d\n" % event_id
    return b"%sevent: %s\ndata: %s\n\n" % (place, event.encode("ascii"), encoded(data))


def message_frame(message: Message, viewer: MemberId | None, typesetting: Typesetting) -> bytes:
    """Return a message as `viewer` sees it; the stream stands at its number afterwards."""
    return frame("message", message_json(message, viewer, typesetting), message.id)


def update_frame(message: Message, viewer: MemberId | None, typesetting: Typesetting) -> bytes:
    """Return a message whose delivery has moved on."""
    return frame("update", message_json(message, viewer, typesetting))


def removed_frame(ids: Sequence[int]) -> bytes:
    """Say that these are no messages any more."""
    return frame("removed", {"ids": ids})


def thinking_frame(message: Message, *, on: bool) -> bytes:
    """Say that the assistant begins or ends work on a message."""
    return frame("thinking", {"message_id": message.id, "on": on})


def members_frame(
    members: Sequence[Json], *, gone: Sequence[MemberId] = (), complete: bool = False
) -> bytes:
    """Say who came, went or changed, and who has left; or who is here, if that is complete."""
    return frame("members", {"members": members, "gone": gone, "complete": complete})


def room_frame(
    settings: RoomSettings,
    history: str,
    *,
    newest: MessageId | None = None,
    is_closing: bool = False,
) -> bytes:
    """Say how the room stands; `newest` is for a stream's beginning, `is_closing` for its end."""
    begins = {} if newest is None else {"newest": newest}
    closing = {"closing": True} if is_closing else {}
    return frame("room", room_json(settings, history) | begins | closing)


def you_frame(ruling: Ruling) -> bytes:
    """Tell a member what the host has decided about them."""
    return frame("you", ruling_json(ruling))


def left_frame() -> bytes:
    """Tell a member, on all devices, that the room has forgotten them as they wished on one."""
    return frame("you", {"state": "left", "until": None})


def device_code_frame(*, is_used: bool) -> bytes:
    """Tell a member that what they were to type on another device is of no more use."""
    return frame("device_code", {"state": "used" if is_used else "void"})


def id_frame(last_id: MessageId) -> bytes:
    """Say up to which message the stream has come, where none says so itself."""
    return b"id: %d\n\n" % last_id


def thoughts(messages: Iterable[Message]) -> Iterator[bytes]:
    """Say of which messages the assistant thinks: those that are with the hub."""
    for message in messages:
        if message.delivery is Delivery.SENT:
            yield thinking_frame(message, on=True)
