"""The door: who may come in when the room has a join code."""

from __future__ import annotations

import hmac

from hivemind_chatroom.errors import CodeWrongError
from hivemind_chatroom.room.limits import Rate, TokenBuckets
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.tries import PAUSE_S, Tries


class Door:
    """Compares join codes; an open room has none."""

    def __init__(self, code: str, join_rate: Rate | None, clock: Clock) -> None:
        """Close the room with `code`, or leave it open with an empty one."""
        self.code = code
        """The one that is right now; who is in already needs none."""
        self._tries = Tries(clock)
        self._joins = TokenBuckets(join_rate, clock)

    @property
    def is_open(self) -> bool:
        """Anybody on the network may read and join."""
        return not self.code

    def admit(self, code: str, address: str) -> None:
        """Let somebody in for good; as `check`, and counted.

        Args:
            code: What the visitor gave.
            address: The visitor's network address, by which joins are counted.

        Raises:
            CodeWrongError: As `check` does.
            TooManyTriesError: As `check` does.
            TooFastError: Too many joined from this address.
        """
        self.check(code, address)
        self._joins.take(address)

    def check(self, code: str, address: str) -> None:
        """Let somebody with the right code pass.

        Args:
            code: What the visitor gave.
            address: The visitor's network address, by which wrong tries are counted.

        Raises:
            CodeWrongError: It is another one.
            TooManyTriesError: This address has tried too often; even the right one must wait.
        """
        wanted = self.code
        if not wanted:
            return
        is_right = hmac.compare_digest(code.encode(), wanted.encode())
        tries_left = self._tries.judge(address, is_right=is_right)
        if not is_right:
            wait_s = 0 if tries_left else PAUSE_S
            raise CodeWrongError("That's not the room's code.", tries_left, wait_s)
