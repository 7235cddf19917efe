"""Waiting for what a room tells: a condition that its feed and the fakes of the hub part notify."""

from __future__ import annotations

import threading
from collections.abc import Callable

from hivemind_chatroom.room.feed import Event, HubChanged, MessagePosted, MessageUpdated
from hivemind_chatroom.room.model import Delivery, HubStatus, Message, MessageId
from hivemind_chatroom.room.room import Room

DEADLINE_S = 15.0
"""How long a test waits for what should happen at once, on a busy machine too."""


class Watch:
    """Listens to a room, and lets tests wait until something holds."""

    def __init__(self, room: Room) -> None:
        self._changed = threading.Condition()
        self.statuses: list[HubStatus] = []
        self.messages: dict[MessageId, Message] = {}
        self.history: dict[MessageId, list[Delivery | None]] = {}
        room.feed.listen(self._hear)

    def notify(self) -> None:
        """Have the waiting look again."""
        with self._changed:
            self._changed.notify_all()

    def until(self, holds: Callable[[], object], deadline_s: float = DEADLINE_S) -> None:
        """Wait until something holds, looking whenever anything happens."""
        with self._changed:
            assert self._changed.wait_for(holds, deadline_s), (
                self.statuses[-3:],
                list(self.messages.values())[-3:],
            )

    def replies(self) -> list[Message]:
        """Return what the assistant has said, in order."""
        return [each for each in self.messages.values() if each.draft.author.id == "assistant"]

    def texts(self) -> list[str]:
        """Return the words of what the assistant has said, in order."""
        return [each.draft.text for each in self.replies()]

    def _hear(self, event: Event) -> None:
        with self._changed:
            match event:
                case HubChanged(status):
                    self.statuses.append(status)
                case MessagePosted(message) | MessageUpdated(message):
                    self.messages[message.id] = message
                    self.history.setdefault(message.id, []).append(message.delivery)
                case _:
                    pass
            self._changed.notify_all()
