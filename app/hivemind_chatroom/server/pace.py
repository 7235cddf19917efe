"""The pace of the fan-out: how long it rests, so that whoever posts gets a turn."""

from __future__ import annotations

from typing import Final

from hivemind_chatroom.server.follower import SEND_BYTES

REST_RATIO: Final = 2.0
"""A rest is so many times as long as the round of sends before it: then a flood of posts costs the
streams a third of a core at most, and its messages are joined in the more."""

REST_AT_MOST_S: Final = 0.05
"""Nobody notices that a message in a flood comes so much later."""


def rest_s(spent_s: float, waiting_bytes: int) -> float:
    """Return how long to rest after a round of sends, in seconds.

    Nothing that is waiting is the usual case, and the next message is sent on at once. Where more
    was published while the round went on, there is a flood, and rounds without an end would leave
    those who answer posts no time. A whole round that is waiting has nothing to gain by a rest.

    Args:
        spent_s: How long the round took.
        waiting_bytes: What was published meanwhile.
    """
    if not 0 < waiting_bytes < SEND_BYTES:
        return 0.0
    return min(spent_s * REST_RATIO, REST_AT_MOST_S)
