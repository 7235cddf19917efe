"""What waits for the hub and what is on its way there: when the next may leave, and how many.

What is more than the window waits in the room's outbox: it outlives a crash there, and isn't sent
once it is too old. In a hub's socket it would be done when its turn comes, be that minutes later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable

from hivemind_chatroom.room.delivery import ON_ITS_WAY
from hivemind_chatroom.room.feed import (
    Event,
    Feed,
    LogForgotten,
    MessageRemoved,
    MessageUpdated,
    UtteranceQueued,
)
from hivemind_chatroom.room.model import Correlation, Message, MessageId
from hivemind_chatroom.room.ports import Clock

WINDOW = 1_000
"""Utterances under way at a time: one of each person that a room takes. A quick hub does so many in
two seconds."""


class Outgoing:
    """Knows by what the room tells what waits and what is on its way; any thread may ask."""

    def __init__(self, feed: Feed, clock: Clock, on_waiting: Callable[[], None]) -> None:
        """Begin with nothing that waits or is on its way.

        Args:
            feed: Tells what is queued and how far each has come.
            clock: Both clocks.
            on_waiting: Called when something may leave; returns at once.
        """
        self._feed = feed
        self._clock = clock
        self._on_waiting = on_waiting
        self._under_way: dict[MessageId, Correlation] = {}
        self._marks: set[Correlation] = set()
        self._has_waiting = threading.Event()
        self._due = clock.monotonic()
        feed.listen(self._hear)

    def close(self) -> None:
        """Hear nothing any more of what happens."""
        self._feed.leave(self._hear)

    def __contains__(self, corr: Correlation | None) -> bool:
        """Tell whether the utterance with this mark is on its way."""
        return corr in self._marks

    @property
    def room(self) -> int:
        """How many more may leave now."""
        return max(0, WINDOW - len(self._under_way))

    @property
    def due(self) -> float | None:
        """When the next may leave, on the monotonic clock; None as long as none waits or may."""
        return self._due if self._has_waiting.is_set() and self.room else None

    def note_waiting(self, breath_s: float = 0.0) -> None:
        """Note that something waits, and may leave after so many seconds."""
        self._due = self._clock.monotonic() + breath_s
        self._has_waiting.set()

    def note_taken(self) -> None:
        """Note that all that waits is looked at now; what is queued from here on is news."""
        self._has_waiting.clear()

    def keep_only(self, under_way: Collection[MessageId]) -> None:
        """Forget whatever else was on its way; what the log forgets by itself nobody tells.

        Only for the thread that sends: nothing may have left since `under_way` was read.
        """
        self._drop([number for number in [*self._under_way] if number not in under_way])

    def _hear(self, event: Event) -> None:
        """Listen to the room, on anybody's thread, one event at a time."""
        match event:
            case UtteranceQueued():
                self._has_waiting.set()
                self._on_waiting()
            case MessageUpdated(message) if message.delivery in ON_ITS_WAY:
                self._note_under_way(message)
            case MessageUpdated(message) | MessageRemoved(message):
                self._drop([message.id])  # who hears of another's removal hears no mark
            case LogForgotten(last_id):
                self._drop([number for number in [*self._under_way] if number <= last_id])
            case _:
                pass

    def _note_under_way(self, message: Message) -> None:
        if corr := message.draft.corr:
            before = self._under_way.get(message.id, corr)
            self._under_way[message.id] = corr
            self._marks.add(corr)
            if before != corr:
                self._marks.discard(before)

    def _drop(self, numbers: Iterable[MessageId]) -> None:
        was_full = not self.room
        for number in numbers:
            if corr := self._under_way.pop(number, None):
                self._marks.discard(corr)
        if was_full and self.room:
            self._on_waiting()
