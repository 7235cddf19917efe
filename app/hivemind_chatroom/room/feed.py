"""The feed: "this happened", told to whoever listens, messages in the order of their numbers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hivemind_chatroom.errors import traced
from hivemind_chatroom.room.model import HubStatus, Member, MemberId, Message, MessageId
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.room.ruling import Ruling

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """A new message was kept."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageUpdated:
    """The delivery of a message moved on."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageRemoved:
    """A message was taken out of the room by its author or by the host."""

    message: Message


@dataclass(frozen=True, slots=True)
class NumbersGone:
    """No message up to this number will be told any more: those that were not are gone."""

    last_id: MessageId


@dataclass(frozen=True, slots=True)
class LogForgotten:
    """All messages up to this number are gone at once."""

    last_id: MessageId


@dataclass(frozen=True, slots=True)
class UtteranceQueued:
    """Something waits for the hub."""

    message_id: MessageId


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """A member came, went, or is called otherwise."""

    member: Member
    present: bool


@dataclass(frozen=True, slots=True)
class MemberGone:
    """A member left for good."""

    member_id: MemberId
    is_removed: bool = False
    """The host has put them out, of which they have been told."""


@dataclass(frozen=True, slots=True)
class MemberRuled:
    """The host has decided something about a member, or taken it back."""

    member: Member
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class DeviceCodeEnded:
    """What a member has on the screen for another device is of no more use."""

    member_id: MemberId
    is_used: bool
    """Another device has come in by it; else somebody has guessed at it too often."""


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """The host has decided something about the room."""

    settings: RoomSettings


@dataclass(frozen=True, slots=True)
class CodesGuessed:
    """Somebody has typed wrong codes too often, or the host has forgiven all who have."""

    waiting: int
    """How many addresses have to wait now."""


@dataclass(frozen=True, slots=True)
class HubChanged:
    """The hub's state is another."""

    status: HubStatus


@dataclass(frozen=True, slots=True)
class Thinking:
    """The assistant began or ended work on a message."""

    message: Message
    on: bool


@dataclass(frozen=True, slots=True)
class RoomClosing:
    """The host is about to close the room, in an orderly way."""

    settings: RoomSettings


Event = (
    MessagePosted
    | MessageUpdated
    | MessageRemoved
    | NumbersGone
    | LogForgotten
    | UtteranceQueued
    | MemberChanged
    | MemberGone
    | MemberRuled
    | DeviceCodeEnded
    | RoomChanged
    | CodesGuessed
    | HubChanged
    | Thinking
    | RoomClosing
)
Listener = Callable[[Event], None]


class Feed:
    """Tells every listener everything, on the thread of whoever publishes.

    Listeners must not wait: they put the event somewhere and return. They are called one event
    at a time, under the feed's lock, so what they see is one order, and a listener that published
    would wait for itself. One that fails is logged and keeps nothing from the others.

    Messages are numbered by the log and may reach `publish` from several threads at once: one that
    comes early is held until the numbers before it have come, so that a stream position says
    "everything up to this number". What happens to a message while it is held (the link may be
    quicker than the thread that posted it) is told after it, or its first state would be the last
    one heard. What other instances of the room have posted comes by `catch_up`, what was posted
    here maybe both ways; it is told once.
    """

    def __init__(self, last_id: MessageId) -> None:
        """Start after `last_id`, the newest message that the log already holds."""
        self._lock = threading.Lock()
        self._listeners: tuple[Listener, ...] = ()
        self._next_id = int(last_id) + 1
        self._early: dict[int, MessagePosted] = {}
        self._afterwards: dict[int, list[Event]] = {}

    def listen(self, listener: Listener) -> None:
        """Tell `listener` whatever happens from now on."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def leave(self, listener: Listener) -> None:
        """Tell `listener` nothing any more."""
        with self._lock:
            self._listeners = tuple(each for each in self._listeners if each != listener)

    @property
    def last_id(self) -> MessageId:
        """The number up to which everything is told."""
        return MessageId(self._next_id - 1)

    def publish(self, event: Event) -> None:
        """Tell everybody; a message whose predecessors are missing is told after them."""
        with self._lock:
            match event:
                case MessagePosted(message):
                    if message.id >= self._next_id:
                        self._early[message.id] = event
                        self._tell_what_is_due()
                case MessageUpdated(message) | MessageRemoved(message) | Thinking(message) if (
                    message.id >= self._next_id
                ):
                    self._afterwards.setdefault(message.id, []).append(event)
                case _:
                    self._tell(event)

    def catch_up(self, messages: Sequence[Message], last_id: MessageId) -> list[Message]:
        """Tell of messages that the log holds, and wait for no others up to a number.

        Args:
            messages: All that the log holds after what was told, or before that, in their order.
            last_id: What is not among them up to this number is gone.

        Returns:
            Those of them that nobody here knew of.
        """
        with self._lock:
            new = [
                message
                for message in messages
                if message.id >= self._next_id and message.id not in self._early
            ]
            self._early.update((message.id, MessagePosted(message)) for message in new)
            while self._next_id <= last_id:
                self._tell_what_is_due()
                self._wait_for_none_through(last_id)
            return new

    def _wait_for_none_through(self, last_id: MessageId) -> None:
        """Go on with the next number that is here."""
        if self._next_id <= last_id:
            gone = range(self._next_id, min([*self._early, last_id + 1]))
            for number in [each for each in self._afterwards if each in gone]:
                del self._afterwards[number]
            self._next_id = gone.stop
            if gone.stop > last_id:
                self._tell(NumbersGone(last_id))
                self._tell_what_is_due()

    def _tell_what_is_due(self) -> None:
        while (posted := self._early.pop(self._next_id, None)) is not None:
            self._next_id += 1
            self._tell(posted)
            for event in self._afterwards.pop(posted.message.id, ()):
                self._tell(event)

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            try:
                listener(event)
            except Exception as error:  # noqa: BLE001 - one listener's fault is not the others'
                _log.error("a listener failed at %s: %s", type(event).__name__, traced(error))
