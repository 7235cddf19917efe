"""Where a browser left off that comes back to the stream."""

from __future__ import annotations

from typing import Final

from flask import request

from hivemind_chatroom.room.model import MessageId
from hivemind_chatroom.web.fields import NUMBER_MAX, number

_ID_DIGITS: Final = 16
"""As many as 2^53 has, up to which scripts tell whole numbers apart (RFC 8259, 6). No message has a
longer one."""


def last_seen(history: str) -> MessageId | None:
    """Return the number of the last message that the browser has; None begins with what comes.

    A browser that comes back sends `Last-Event-ID` beside the address it first called. One that
    was never ours is a number that doesn't exist, which begins the stream anew: an error would
    make browsers give up for good. So is one that was ours before a restore.

    Args:
        history: Of which the numbers are now.

    Raises:
        BodyInvalidError: The parameter is no number.
    """
    resumed = request.headers.get("Last-Event-ID", "")
    after = _own_number(resumed) if resumed else number(request.args.get("after"), "after")
    if after is None:
        return None
    is_of_now = request.args.get("history") in {None, "", history}
    return MessageId(after if is_of_now else NUMBER_MAX)


def _own_number(resumed: str) -> int:
    is_number = resumed.isascii() and resumed.isdigit() and len(resumed) <= _ID_DIGITS
    return int(resumed) if is_number else NUMBER_MAX
