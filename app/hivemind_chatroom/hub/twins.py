"""One event under two names: topics are being renamed, and some assistants send both names."""

from __future__ import annotations

import json

from hivemind_chatroom.hub.events import BusMessage
from hivemind_chatroom.hub.translate import NEW_NAMES

TWIN_WINDOW_S = 1.0
"""How soon the second name follows the first; it is sent in the same call."""

_MARK = "_namespace_compat_twin"
"""What ovos-bus-client writes into the context of the second one, and only there.

By itself it proves nothing: replies copy the context of what they answer, the mark included.
"""

_NAMES = frozenset(NEW_NAMES) | frozenset(NEW_NAMES.values())


class Twins:
    """Remembers for a moment what came under which name."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._first: dict[tuple[str, str], tuple[str, float]] = {}

    def is_second(self, message: BusMessage, now: float) -> bool:
        """Tell whether the same has just come under the other name.

        Args:
            message: As it came.
            now: Seconds on the monotonic clock.
        """
        if message.topic not in _NAMES:
            return False
        self._forget_before(now - TWIN_WINDOW_S)
        key = NEW_NAMES.get(message.topic, message.topic), _content(message)
        name, _ = self._first.get(key, (message.topic, now))
        if name != message.topic:
            del self._first[key]
            return True
        self._first.pop(key, None)
        self._first[key] = message.topic, now
        return False

    def _forget_before(self, time: float) -> None:
        while self._first:
            oldest = next(iter(self._first))
            if self._first[oldest][1] >= time:
                return
            del self._first[oldest]


def _content(message: BusMessage) -> str:
    context = {key: value for key, value in message.context.items() if key != _MARK}
    try:
        return json.dumps([dict(message.data), context], sort_keys=True)
    except RecursionError:  # nested as deep as JSON can be read: no assistant says that twice
        return ""
